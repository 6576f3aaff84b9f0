"""Programs of their own, for tests of what happens between programs.

Each is forked from one that has everything loaded: to load it takes longer than most of these tests.
"""

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["tests.serving", "tests.test_crash", "tests.test_event_store", "tests.test_recording_at_once"]
)
