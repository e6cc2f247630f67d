"""The fitted ranker, kept in a file: a fit takes seconds and a gigabyte, reading it back neither.

The file is named for all that a fit depends on (the texts, this package's code, the libraries), so that it is never
wrong, only missing. Without a folder every fit is made anew and nothing is written.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from intents.phrasebook import Phrasing
from intents.ranking import Features, Ranker
from intents.training import with_topics

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pythainlp")


def fitted(rows: list[Phrasing], features: Features, folder: Path | None) -> tuple[list[Phrasing], Ranker]:
    """The rows with their topics and the ranker over them: from `folder` where it is kept there, else made and kept.

    A folder that cannot be read or written costs the time of a fit, nothing else.
    """
    path = folder / f"ranker-{_fingerprint(rows)}.npz" if folder else None
    if path is not None:
        try:
            # Opened here, so that a file that is no archive is closed too.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                shared = [
                    Phrasing(row.text, str(label), row.entry if own else None, row.figure if own else None)
                    for row, label, own in zip(rows, kept["labels"], kept["own"], strict=True)
                ]
                ranker = Ranker.of(tuple(str(name) for name in kept["names"]), kept["coefficients"])
            return shared, ranker
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            # Missing, or cut short by a full disk: made again below.
            pass
    shared = with_topics(rows, features)
    ranker = Ranker(features.rows, [row.label for row in shared])
    if path is not None:
        _keep(path, shared, ranker)
    return shared, ranker


def _keep(path: Path, rows: list[Phrasing], ranker: Ranker) -> None:
    unfinished = path.with_name(f"{path.stem}-{os.getpid()}.unfinished.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            unfinished,
            labels=np.array([row.label for row in rows]),
            own=np.array([row.entry is not None for row in rows]),
            names=np.array(ranker.labels),
            coefficients=ranker.coefficients,
        )
        unfinished.replace(path)
        for old in path.parent.glob("ranker-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()


def _fingerprint(rows: list[Phrasing]) -> str:
    digest = hashlib.sha256(_code().encode())
    for row in rows:
        digest.update(f"{row.text}\0{row.label}\0{row.entry}\0{row.figure}\n".encode())
    return digest.hexdigest()[:24]


@cache
def _code() -> str:
    parts = [f"{library} {version(library)}" for library in _LIBRARIES]
    parts += [path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return "\n".join(parts)
