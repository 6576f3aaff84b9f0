"""`werdegang accounts`: who may do what. Without a command it lists them all."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from getpass import getpass
from typing import Annotated, cast

import typer
from rich.text import Text

from adapters.accounts import MOST_DAYS, Accounts, Holder, Token
from adapters.audit import noted
from adapters.cli_session import language_of, opened, read, write_json
from adapters.phrases import phrase, tame
from adapters.terminal import day_in_words, table, write
from adapters.wiring import FIRST_TOKEN_DAYS
from domain.account import Role
from domain.errors import refused
from domain.words import TERMS, Language, word

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)

AccountId = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The id of the account, as `accounts` lists it.")]
RoleName = Annotated[Role, typer.Argument(metavar="ROLE", help="recorder, publisher, evaluator or admin.")]
Scope = Annotated[str, typer.Option("--process", metavar="PROCESS", help="For this process only; * is all of them.")]
Label = Annotated[str, typer.Option("--label", metavar="LABEL", help="What the token is for.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON.")]
LanguageOption = Annotated[Language | None, typer.Option("--language", help="Default: that of the machine, else de.")]


@app.callback()
def accounts(context: typer.Context) -> None:
    """Who may record, publish, evaluate or administer. Without a command: all accounts."""
    if context.invoked_subcommand is None:
        list_accounts()


@app.command("list", epilog="Example: werdegang accounts list --json")
def list_accounts(as_json: AsJson = False, language: LanguageOption = None) -> None:
    """List all accounts with their roles and tokens."""
    with opened() as installed:
        held = [(holder, installed.accounts.tokens(holder.account.id)) for holder in installed.accounts.list()]
    if as_json:
        write_json({"accounts": [_as_json(holder, tokens) for holder, tokens in held]})
        return
    spoken = language_of(language)
    drawn = table(spoken, "account", "person", "roles", "tokens", "state")
    for holder, tokens in held:
        cells = (
            holder.account.id,
            tame(holder.name or "–"),
            ", ".join(_roles(holder, spoken)),
            ", ".join(_token(token, spoken) for token in tokens),
            phrase("open" if holder.disabled_at is None else "disabled", spoken),
        )
        drawn.add_row(*map(Text, cells))
    write(drawn)


@app.command(epilog='Example: werdegang accounts create "Maria Muster" --role recorder --process bottrop-2018')
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person; kept apart and erasable.")],
    role: Annotated[list[str], typer.Option(metavar="ROLE", help="recorder, publisher, evaluator or admin.")],
    process: Scope = "*",
) -> None:
    """Create an account; prints its id."""
    with opened() as installed:
        roles = {(cast("Role", given), process) for given in role}  # checked when it is granted
        typer.echo(installed.accounts.create(name, roles).id)


@app.command(epilog="Example: werdegang accounts grant konto-abcdefghij publisher --process bottrop-2018")
def grant(account: AccountId, role: RoleName, process: Scope = "*") -> None:
    """Give an account a role."""
    with opened() as installed:
        installed.accounts.grant(account, role, process)
        _print_roles(installed.accounts, account)


@app.command(epilog="Example: werdegang accounts revoke konto-abcdefghij publisher --process bottrop-2018")
def revoke(account: AccountId, role: RoleName, process: Scope = "*") -> None:
    """Take a role away from an account."""
    with opened() as installed:
        installed.accounts.revoke(account, role, process)
        _print_roles(installed.accounts, account)


@app.command(epilog="Example: werdegang accounts disable konto-abcdefghij")
def disable(account: AccountId) -> None:
    """Close an account for good; what it recorded stays."""
    with opened() as installed:
        installed.accounts.disable(account)


@app.command(epilog="Example: werdegang accounts token konto-abcdefghij --label Erfassung --days 30")
def token(
    account: AccountId,
    label: Label = "werdegang",
    days: Annotated[int, typer.Option(metavar="DAYS", help=f"1 to {MOST_DAYS}.")] = FIRST_TOKEN_DAYS,
    role: Annotated[str | None, typer.Option(metavar="ROLE", help="For this role of the account only.")] = None,
    language: LanguageOption = None,
) -> None:
    """Issue a token to sign in with; it is shown this once."""
    with opened() as installed:
        issued = installed.accounts.issue_token(account, label, days, cast("Role | None", role))  # checked there
    typer.echo(phrase("token-once", language_of(language), days=days), err=True)
    typer.echo(issued)


@app.command("revoke-token", epilog="Example: werdegang accounts revoke-token konto-abcdefghij --label Erfassung")
def revoke_token(account: AccountId, label: Label = "werdegang") -> None:
    """End every token of an account that bears the label."""
    with opened() as installed:
        installed.accounts.revoke_token(account, label)


@app.command(epilog="Example: werdegang accounts password konto-abcdefghij --generate")
def password(
    account: AccountId,
    generate: Annotated[bool, typer.Option("--generate", help="Set a random one, and print it this once.")] = False,
    language: LanguageOption = None,
) -> None:
    """Set the password that an account signs in with at the desk; ends its sessions.

    It is asked for twice, unseen. Through a pipe it is the first line.
    """
    spoken = language_of(language)
    with opened(with_tables=False) as installed:
        if generate:
            generated = installed.passwords.generate(account)
            installed.door.reopen(account)
            typer.echo(phrase("password-once", spoken), err=True)
            typer.echo(generated)
            return
        installed.passwords.set(account, _typed_password(spoken))
        installed.door.reopen(account)
    typer.echo(phrase("password-set", spoken), err=True)


@app.command(epilog="Example: werdegang accounts tie konto-abcdefghij 7f3c…")
def tie(
    account: AccountId,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The id of the person at the identity provider.")],
) -> None:
    """Tie an account to a person at the identity provider, who then signs in there; ends its sessions."""
    with opened(with_tables=False) as installed:
        if installed.provider is None:
            raise refused("identity-not-set")
        installed.identities.tie(account, installed.provider.issuer, subject)


@app.command(epilog="Example: werdegang accounts untie konto-abcdefghij")
def untie(account: AccountId) -> None:
    """Let an account no longer sign in with the identity provider; ends its sessions."""
    with opened(with_tables=False) as installed:
        installed.identities.untie(account)


@app.command("four-eyes", epilog="Example: werdegang accounts four-eyes bottrop-2018 --off")
def four_eyes(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help="Where; * is all of them.")],
    on: Annotated[bool, typer.Option("--on/--off", help="Introduce or lift the rule.")] = True,
) -> None:
    """Let nobody publish what they recorded themselves; prints where that holds."""
    with opened(with_tables=False) as installed:
        installed.four_eyes.switch(process, on=on)
        for name in sorted(installed.four_eyes.processes()):
            typer.echo(name)


@app.command(epilog="Example: werdegang accounts audit --json")
def audit(as_json: AsJson = False, language: LanguageOption = None) -> None:
    """List what was done with accounts: sign-ins, passwords, roles, tokens. It holds no name and no address."""
    with opened(with_tables=False) as installed:
        lines = noted(installed.database)
    if as_json:
        write_json({"audit": [{**asdict(line), "at": line.at.isoformat()} for line in lines]})
        return
    spoken = language_of(language)
    drawn = table(spoken, "number", "when", "account", "what", "success")
    for line in lines:
        act = phrase(f"act:{line.act}", spoken)
        what = act if line.about is None else f"{act}: {line.about}"
        success = phrase(f"success:{str(line.success).lower()}", spoken)
        cells = (str(line.number), f"{line.at:%Y-%m-%d %H:%M:%S} UTC", line.account or "–", what, success)
        drawn.add_row(*map(Text, cells))
    write(drawn)


def _typed_password(language: Language) -> str:
    if not sys.stdin.isatty():
        return read("-").text.split("\n", 1)[0].removesuffix("\r")
    given = getpass(f"{phrase('password', language)}: ")
    if getpass(f"{phrase('password-again', language)}: ") != given:
        raise refused("password-differs")
    return given


def _print_roles(accounts: Accounts, id: str) -> None:
    holder = accounts.find(id)
    assert holder is not None  # its roles were just changed
    typer.echo(f"{id}: {', '.join(_roles(holder, language_of(None))) or '–'}")


def _roles(holder: Holder, language: Language) -> list[str]:
    return [
        phrase(
            "in-process",
            language,
            role=word(TERMS, role, language),
            process=phrase("every-process", language) if process == "*" else process,
        )
        for role, process in sorted(holder.account.roles)
    ]


def _token(token: Token, language: Language) -> str:
    if token.revoked_at is not None:
        return phrase("revoked", language, label=token.label)
    return phrase("until", language, label=token.label, day=day_in_words(token.expires_at.date(), language))


def _as_json(holder: Holder, tokens: Sequence[Token]) -> dict[str, object]:
    return {
        "id": holder.account.id,
        "name": holder.name,
        "roles": [{"role": role, "process": process} for role, process in sorted(holder.account.roles)],
        "created_at": holder.created_at.isoformat(),
        "disabled_at": None if holder.disabled_at is None else holder.disabled_at.isoformat(),
        "tokens": [
            {
                "label": token.label,
                "expires_at": token.expires_at.isoformat(),
                "revoked_at": None if token.revoked_at is None else token.revoked_at.isoformat(),
            }
            for token in tokens
        ],
    }
