"""The whole fit of what was published, made in a process of its own, so that answering stays smooth meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import structlog

from bot.content import as_documents, own_files
from knowledge.documents import Documents

log = structlog.get_logger(__name__)

# Ten times what it takes on a quiet machine.
TIMEOUT_SECONDS = 600.0
_LIFELINE = Path(__file__).with_name("lifeline.py")


def fit_aside(documents: Documents | None, var_dir: Path) -> bool:
    """Have `lertrat fit` keep the fit of `documents` (None: the program's own) under `var_dir`; whether it did.

    Waits for it. Raises nothing: what went wrong is logged, and what is served goes on.
    """
    text = json.dumps(dict(documents) if documents is not None else as_documents(own_files()), ensure_ascii=False)
    # One core: the others are for people who wait for an answer.
    environment = os.environ | {"VAR_DIR": str(var_dir), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    # A worker that is killed leaves nothing behind that goes on computing.
    lifeline = [sys.executable, "-I", str(_LIFELINE), str(os.getpid())]
    command = [*lifeline, sys.executable, "-m", "bot.cli", "fit", "--stdin"]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=text, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("fit_failed", problem=str(error)[:200], fix="free some memory and restart; answers go on meanwhile")
        return False
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        log.error(
            "fit_failed", problem=lines[-1][:200] if lines else f"exit {done.returncode}", fix="run `lertrat fit`"
        )
        return False
    log.info("fit_kept", result=done.stdout.strip())
    return True
