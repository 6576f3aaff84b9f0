"""The pages of a witness: what it is asked for, what it signed last, and who it is."""

from html import escape
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.web.headers import SECURITY
from adapters.witness import MOST_BYTES, Answer, WitnessOfLogs
from domain.errors import Refused

PLAIN: Final = "text/plain; charset=utf-8"

PAGE: Final = """<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zeuge: {name}</title></head>
<body>
<main>
<h1>Zeuge von Transparenzprotokollen: {name}</h1>
<p>Städte führen öffentliche Protokolle, denen sich nichts nehmen und nichts unterschieben lassen soll. Dieser Zeuge
unterschreibt mit, was ein Protokoll unterschrieben hat – nur, wenn es fortsetzt, was er früher mitunterschrieben hat.
Über den Inhalt sagt er nichts.</p>
<p lang="en">Cities keep public logs of which nothing should be taken away and to which nothing should be slipped in.
This witness signs along what a log has signed – only if that continues what it signed along before. About the content
it says nothing.</p>
<p>Schlüssel <span lang="en">(key)</span>: <code>{key}</code></p>
<h2>Protokolle <span lang="en">(logs)</span></h2>
{logs}
{views}
</main>
</body>
</html>
"""

VIEWS: Final = """<h2>Zwei Fassungen <span lang="en">(two views)</span></h2>
<p>Diese Prüfmarken hat ein Protokoll unterschrieben, obwohl es zu derselben Größe eine andere unterschrieben hatte.
<span lang="en">A log signed these checkpoints although it had signed another one of the same size.</span></p>
{notes}"""


def create_app(witness: WitnessOfLogs) -> FastAPI:
    """The application of a witness, as c2sp.org/tlog-witness describes it."""
    app = FastAPI(title="Witness", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        """A checkpoint, the size that was signed last, and the proof that leads from there."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return _plain(Answer(400, "That is longer than any checkpoint with its proof.\n"))
        try:
            return _plain(await run_in_threadpool(witness.add, body))
        except Refused as refusal:  # the list of logs cannot be read: whoever runs this has to look
            return _plain(Answer(503, f"{refusal.refusals[0].code}\n"))

    @app.get("/{digest}/checkpoint")
    def checkpoint(digest: str) -> Response:
        """What was signed last of a log, by the SHA-256 of its name."""
        note = witness.checkpoint(digest)
        return _plain(Answer(404, "Nothing of that log was signed.\n") if note is None else Answer(200, note))

    @app.get("/")
    def page() -> Response:
        """Who this is, and which logs it follows, how far."""
        return Response(_page(witness), media_type="text/html; charset=utf-8", headers=dict(SECURITY))

    return app


def _plain(answer: Answer) -> Response:
    headers = {**SECURITY, "Cache-Control": "no-store", "Content-Type": answer.kind}
    return Response(answer.text, answer.status, headers)


def _page(witness: WitnessOfLogs) -> str:
    signed = {each.origin: each for each in witness.signed()}
    lines = [
        f"<li>{escape(name)}: "
        + (
            f'{signed[name].size} Einträge <span lang="en">(entries)</span>, {signed[name].at:%Y-%m-%d %H:%M} UTC</li>'
            if name in signed
            else 'noch nichts <span lang="en">(nothing yet)</span></li>'
        )
        for name in sorted(witness.logs())
    ]
    notes = "".join(f"<pre>{escape(each.note)}</pre>" for each in witness.other_views()[:20])
    return PAGE.format(
        name=escape(witness.key.name),
        key=escape(str(witness.key)),
        logs=f"<ul>{''.join(lines)}</ul>" if lines else '<p>Keine. <span lang="en">None.</span></p>',
        views=VIEWS.format(notes=notes) if notes else "",
    )
