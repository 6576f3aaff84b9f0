"""What is let go of is gone at once: nothing that is kept of a process holds itself.

Else it stayed in memory until Python looks for garbage among everything there is, and nobody is answered meanwhile.
"""

import gc
import weakref
from collections import defaultdict

import pytest

from tests.faces import BOTTROP, bottrop
from tests.test_current import SHOWN
from tests.test_desk import served
from tests.test_unpublished import filled


@pytest.fixture
def town(tmp_path):
    town = bottrop(tmp_path / "data")
    yield town
    town.close()


def test_of_a_process_that_was_shown_nothing_stays_whatever_page_it_was(town):
    """Seen to fail: the list of what is open held the view that it was found on, and is kept with it."""
    service, left = town.installation.service, []
    paths = {path for method, path in served(town.app.routes) if method == "GET" and "{process}" in path}
    for path in sorted(path for path in paths if not path.startswith(("/en/", "/geschaeftsstelle/"))):
        town.get(filled(path, defaultdict(lambda: "x", SHOWN)))
        shown = service._processes.get(BOTTROP)
        known = [] if shown is None else [weakref.ref(view) for view in (*shown.views.values(), *shown.days.values())]
        del shown
        gc.collect()  # what server and client leave of a request
        gc.disable()
        service.forget()
        left += [path for each in known if each() is not None]
        gc.enable()
    assert left == []
