"""Whether other programs agree with us: Node recomputes the canonical facts and the commitment of every golden entry.

Writes `docs/peers.md`. Needs `node` on the path.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

NODE: Final = """
const crypto = require("crypto");
const sha = data => crypto.createHash("sha256").update(data).digest();
const sorted = value => Array.isArray(value) ? value.map(sorted)
  : value && typeof value === "object"
    ? Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])])) : value;
const canonical = value => JSON.stringify(sorted(value));
const part = (name, salt, value) => sha(canonical(["werdegang/part/v1", salt.toString("base64url"), name, value]));
let failed = 0, passed = 0;
for (const file of process.argv.slice(1)) {
  const golden = JSON.parse(require("fs").readFileSync(file, "utf8"));
  const digests = {};
  ["facts", "internal", "texts"].forEach((name, index) => {
    const value = JSON.parse(golden[name]);
    if (canonical(value) !== golden[name]) { failed++; console.error(`${file}: ${name} is not canonical`); }
    digests[name] = part(name, Buffer.alloc(32, index + 1), value).toString("base64url");
  });
  const commitment = sha(canonical(["werdegang/content/v1", digests])).toString("hex");
  if (commitment === golden.commitment) passed++;
  else { failed++; console.error(`${file}: another commitment`); }
}
console.log(JSON.stringify({passed, failed, node: process.version}));
process.exit(failed ? 1 : 0);
"""

REPORT: Final = """# Agreement with other programs

`make peers` writes this page. It needs Node; nothing of Werdegang does.

| what | by whom | result |
|---|---|---|
| canonical JSON and commitment of the golden entries of every step type | Node {node}, `JSON.stringify` over \
sorted keys and its own SHA-256 | {passed} agree, {failed} differ |
"""


def main() -> int:
    """Asks Node and writes down what it says."""
    node = shutil.which("node")
    if node is None:
        print("make peers needs Node: https://nodejs.org or `apt-get install nodejs`", file=sys.stderr)
        return 1
    golden = sorted(str(path) for path in (ROOT / "tests" / "golden").glob("*.json"))
    done = subprocess.run([node, "-e", NODE, *golden], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr or done.stdout, file=sys.stderr)
        return 1
    (ROOT / "docs" / "peers.md").write_text(REPORT.format(**json.loads(done.stdout)))
    print(done.stdout.strip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
