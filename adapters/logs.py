"""Logs: one JSON object a line, to stderr, of the program and of the libraries it uses.

They tell what happened and where, never what somebody wrote or from which address: messages of exceptions and
addresses of visitors are left out.
"""

import logging
import sys
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

LEVELS: Final = {name.lower(): level for name, level in logging.getLevelNamesMapping().items()}


def configure(level: str) -> None:
    """Sends all logs from `level` on to stderr. Uvicorn is started with `log_config=None`, or it logs by itself."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,  # which request a line belongs to
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(  # past the library's own logging, which would cost a kept answer a fifth of its time
        processors=[_from_level_on, *shared, as_json],
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Stderr())),
        wrapper_class=structlog.make_filtering_bound_logger("notset"),  # which a logger keeps that was used once
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_json],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True  # its lines are the addresses of visitors


def _from_level_on(_logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """What is below the level that was set last is left out."""
    if LEVELS.get(name, logging.ERROR) < logging.getLogger().level:
        raise structlog.DropEvent
    return event


class _Stderr:
    """Where errors go at the moment. Nobody is refused anything because the log cannot be written: its disk is full, or
    whoever read it is gone. The library's own handlers do the same.
    """

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def _without_messages(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """An exception is its type and its places: a message may repeat what somebody wrote."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else (sys.exc_info() if given is True else given)[1]
    if error is not None:
        event["exception"] = type(error).__name__
        event["at"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)]
    return event
