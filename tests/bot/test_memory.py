"""Large things that stay are no longer looked through for garbage; what a swap leaves behind is."""

from __future__ import annotations

import subprocess
import sys

# In a process of its own: one of the tests has millions of objects.
PROGRAM = """
import gc, weakref
from bot.memory import settle

class Part:
    def __init__(self):
        self.own = self  # so that only a collection ends it

part = Part()
known = weakref.ref(part)
settle()
assert gc.get_freeze_count() > 0
assert not any(one is part for one in gc.get_objects()), "still looked through"
del part
gc.collect()
assert known() is not None, "what was left out is not collected meanwhile"
settle()
assert known() is None, "and is by the next swap"
"""


def test_what_stays_is_left_out_of_collections_and_freed_by_the_next_swap() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
