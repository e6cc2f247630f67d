"""Run as a script by the supervisor: becomes a command that is told to stop when its parent dies, however that dies.

Usage: python -I lifeline.py PARENT_PID COMMAND [ARGUMENT…]. Linux only; elsewhere it just becomes the command.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel for SIGTERM at the parent's death, then become the command."""
    parent = int(sys.argv[1])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            # It died before the kernel was asked.
            sys.exit(1)
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - becoming the given command is its purpose


if __name__ == "__main__":
    main()
