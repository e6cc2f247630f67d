"""The last evaluation of each questions file, kept as JSON in VAR_DIR/evaluations."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from intents.past_run import Run, digest


def path_for(var_dir: Path, questions: Path) -> Path:
    """Where the last run of a questions file is kept: by its name, and by its place, since names repeat."""
    place = digest(os.fsencode(questions.resolve()))
    return var_dir / "evaluations" / f"{questions.stem}-{place}.json"


def last_run(path: Path) -> Run | None:
    """The run that is kept; None where none is. OSError or ValueError when it cannot be read."""
    try:
        return Run.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def keep(path: Path, run: Run) -> None:
    """Put a run in the place of the last one, whole or not at all. OSError when that cannot be done."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(run.model_dump_json())
        os.replace(draft, path)
    except OSError:
        with suppress(OSError):
            os.unlink(draft)
        raise
