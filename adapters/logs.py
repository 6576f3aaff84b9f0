"""Logs: one JSON object a line, to stderr, of the program and of the libraries it uses.

They tell what happened and where, never what somebody wrote or from which address: messages of exceptions and
addresses of visitors are left out.
"""

import logging
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure(level: str) -> None:
    """Sends all logs from `level` on to stderr. Uvicorn is started with `log_config=None`, or it logs by itself."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,  # which request a line belongs to
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True  # its lines are the addresses of visitors


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
