"""Memory of what long-lived processes serve: what a swap freed goes back to the machine, what stays costs no pauses."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def settle() -> None:
    """Call it when something large was loaded or swapped. Collects what nothing refers to any more, has the C library
    return its pages (where it cannot, they stay), and leaves what is there now out of further collections.

    After a Revision is swapped, a third of a worker's memory is of the one before it. A Revision is half a million objects:
    looking through them for garbage halted every thread for a quarter of a second, in the midst of somebody's question.
    """
    gc.unfreeze()  # what was left out before may be garbage by now
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
