"""`werdegang witnesses`: who signs the log along, and how they stand."""

from datetime import datetime
from typing import Annotated, Any

import typer

from adapters.cli_session import language_of, opened, write_json
from adapters.cosignatures import Standing
from adapters.phrases import phrase, tame
from adapters.sheets.witnesses import STATES
from adapters.wiring import Installation
from domain.words import say

app = typer.Typer(rich_markup_mode=None)

TO_BE_LOOKED_AT = 1


@app.command(epilog="Example: werdegang witnesses --ask")
def witnesses(
    ask: Annotated[bool, typer.Option("--ask", help="Ask all of them now, also those who are due later.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """How the witnesses of the transparency log stand, whom `witnesses.policy` in the home folder names.

    A server asks them by itself. Exit code 1 where somebody has to look: the newest checkpoint that is older than a day
    is not witnessed by as many as the policy wants, or a witness says that the log was changed.
    """
    with opened(with_tables=False) as installed:
        if ask:
            from adapters.witnessing import Witnessing

            Witnessing(installed.signer, installed.log, installed.cosignatures).ask(at_once=True)
        code = _tell_json(installed) if json else _tell(installed)
    raise typer.Exit(code)


def _code(installed: Installation) -> int:
    grave = any(standing.grave for standing in installed.cosignatures.standings())
    return TO_BE_LOOKED_AT if grave or installed.cosignatures.overdue() is not None else 0


def _tell(installed: Installation) -> int:
    language, kept = language_of(None), installed.cosignatures
    policy = kept.policy()
    if policy is None:
        typer.echo(phrase("no-witnesses", language, file=kept.file))
        return 0
    for standing in kept.standings():
        told = say(STATES[standing.state], language)
        when = "" if standing.since is None else f", {phrase('since', language, at=_second(standing.since))}"
        upto = f" ({phrase('signed-up-to', language, size=standing.size)})" if standing.size else ""
        typer.echo(f"{tame(standing.witness.name)}: {told}{when}{upto}")
    size, _ = installed.log.tree()
    if (found := kept.witnessed(size)) is not None:
        by = ", ".join(map(tame, found.by))
        typer.echo(phrase("witnessed-up-to", language, size=found.size, at=_second(found.since), by=by))
    else:
        typer.echo(phrase("not-witnessed-yet", language, size=size))
    if (overdue := kept.overdue()) is not None:
        at = _second(overdue.signed_at)
        typer.echo(phrase("witnesses-overdue", language, size=overdue.size, at=at))
    return _code(installed)


def _tell_json(installed: Installation) -> int:
    kept, code = installed.cosignatures, _code(installed)
    size, _ = installed.log.tree()
    found, overdue = kept.witnessed(size), kept.overdue()
    write_json(
        {
            "size": size,
            "witnessed": found and {"since": found.since.isoformat(), "by": list(found.by), "size": found.size},
            "overdue": overdue and {"size": overdue.size, "signed_at": overdue.signed_at.isoformat()},
            "witnesses": [_as_json(standing) for standing in kept.standings()],
            "exit_code": code,
        }
    )
    return code


def _as_json(standing: Standing) -> dict[str, Any]:
    return {
        "name": tame(standing.witness.name),
        "vkey": str(standing.witness.key),
        "url": standing.witness.url,
        "state": standing.state,
        "since": standing.since and standing.since.isoformat(),
        "asked_at": standing.asked_at and standing.asked_at.isoformat(),
        "size": standing.size,
    }


def _second(at: datetime) -> str:
    return at.astimezone().isoformat(" ", "seconds")
