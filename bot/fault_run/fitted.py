"""Run as a process before the workers start: sees to it that the fit of the content is kept, so that a worker that was
killed is back in seconds.

Usage: python -m bot.fault_run.fitted FOLDER, with the documents on stdin as a JSON object.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.assistant import INSTALLED, load_services


def main() -> None:
    """Entry point."""
    folder = Path(sys.argv[1])
    load_services(documents=json.load(sys.stdin), kept=(folder, INSTALLED), keep_in=folder)


if __name__ == "__main__":
    main()
