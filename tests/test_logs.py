"""What is logged, from which level on."""

import json
import logging

import pytest
import structlog

from adapters.logs import configure


@pytest.fixture
def as_before():
    """Whatever a test sets is put back: loggers are everybody's."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    structlog.configure(**before)
    root.handlers, root.level = handlers, level


@pytest.mark.usefixtures("as_before")
def test_a_logger_that_was_used_before_follows_the_level_that_is_set_later(capsys):
    """Seen to fail when a logger kept the level at which it was used first."""
    log = structlog.get_logger()
    configure("error")
    log.warning("too-early")
    configure("info")
    log.debug("too-fine")
    log.info("told", n=1)
    log.warning("warned")
    configure("error")
    log.warning("not-any-more")
    log.error("wrong")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [
        ("info", "told"),
        ("warning", "warned"),
        ("error", "wrong"),
    ]
