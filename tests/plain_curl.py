"""The few options of curl that the documents use, for machines without curl: `-s -I -o -w -H --json`."""

import argparse
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-I", dest="head", action="store_true")
    parser.add_argument("-o", dest="output")
    parser.add_argument("-w", dest="write", default="")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("--json", dest="body")
    parser.add_argument("url")
    asked = parser.parse_args()
    request = Request(asked.url, method="HEAD" if asked.head else "GET")
    if asked.body is not None:
        text = Path(asked.body[1:]).read_text() if asked.body.startswith("@") else asked.body
        request = Request(asked.url, data=text.encode(), headers={"Content-Type": "application/json"})
    for header in asked.headers:
        request.add_header(*(part.strip() for part in header.split(":", 1)))
    try:
        answer = urlopen(request)
    except HTTPError as error:
        answer = error
    body = answer.read()
    if asked.head:
        body = "".join(f"{name.lower()}: {value}\n" for name, value in answer.headers.items()).encode()
    if asked.output:
        Path(asked.output).write_bytes(body)
    else:
        sys.stdout.buffer.write(body)
    sys.stdout.write(asked.write.replace("\\n", "\n").replace("%{http_code}", str(answer.status)))


if __name__ == "__main__":
    main()
