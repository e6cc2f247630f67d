"""The fitted corpus of one round: made whole, kept in a file, read back, or brought up to date in a moment.

A whole fit takes many seconds and a gigabyte, reading it back neither. A file is named for all that the fit depends on,
so that it is never wrong, only missing; and one made by the same code of other phrasings can be brought up to date.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy import sparse

from intents.corpus import Corpus, asks_for
from intents.features import Features, Segmenter
from intents.phrasebook import Phrasing
from intents.ranking import Ranker
from intents.training import Mark, marked, with_topics

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pythainlp")
# The modules of this package that make a fit what it is.
_MODULES = ("entities", "features", "fitted", "lookup", "normalize", "phrasebook", "ranking", "tokenize", "training")
# How many files a folder keeps: a round or two, each as published now and a few times before.
_KEPT = 6


@dataclass(frozen=True)
class Fitted:
    """A corpus and the phrasings, unmarked, that it was made of.

    `digest` is the Material's. `whole` is false after an update: then the next whole fit is still to come. `places` has
    for each of the corpus's rows its place in `phrasings`.
    """

    phrasings: tuple[Phrasing, ...]
    digest: str
    corpus: Corpus
    places: tuple[int, ...]
    whole: bool = True


@dataclass(frozen=True)
class Material:
    """What a round's corpus is made of. `names` are all that `mark` finds; `commands` each command's attribute."""

    phrasings: tuple[Phrasing, ...]
    mark: Mark
    segmenter: Segmenter
    names: tuple[str, ...]
    commands: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """Changes with anything that changes the fit, the program itself aside."""
        digest = hashlib.sha256(repr((self.names, sorted(self.commands.items()))).encode())
        for row in self.phrasings:
            digest.update(f"{row.text}\0{row.label}\0{row.entry}\0{row.figure}\n".encode())
        return digest.hexdigest()[:20]


def obtain(material: Material, folders: Sequence[Path] = (), keep_in: Path | None = None) -> Fitted:
    """The whole fit of `material`: read from one of `folders`, else made, which takes a minute, and kept in `keep_in`.

    A folder that cannot be written costs the next start its time, nothing else.
    """
    found = kept(material, folders)
    if found is not None:
        return found
    made = make(material)
    if keep_in is not None:
        with suppress(OSError):
            keep(made, material, keep_in)
    return made


def obtain_soon(
    material: Material, folders: Sequence[Path] = (), keep_in: Path | None = None, before: Fitted | None = None
) -> Fitted:
    """A fit of `material` in a moment, if there is any way: the whole one where it is kept, else `before`, or what the
    same program made of other phrasings, brought up to date. Else as `obtain`."""
    same = before if before is not None and before.digest == material.digest else None
    if same is not None and same.whole:
        return same
    found = kept(material, folders)
    if found is not None:
        return found
    base = before or kept_like(material, folders)
    return same or (obtain(material, (), keep_in) if base is None else update(base, material))


def make(material: Material) -> Fitted:
    """The whole fit. Deterministic."""
    places, rows, features, vectors, groups = _prepared(material)
    ranker = Ranker.fit(features, vectors, [row.label for row in rows], groups)
    return Fitted(material.phrasings, material.digest, Corpus(rows, ranker, material.commands), places)


def left_out(material: Material) -> dict[int, float]:
    """By the place of a phrasing, how probable all others make what it asks for: its attribute, or its command's. Takes as
    long as a whole fit."""
    places, rows, features, vectors, groups = _prepared(material)
    names, probabilities = Ranker.left_out(features, vectors, [row.label for row in rows], groups)
    asked_for = np.array([asks_for(name, material.commands) for name in names])
    return {
        place: float(of_each[asked_for == asks_for(row.label, material.commands)].sum())
        for place, row, of_each in zip(places, rows, probabilities, strict=True)
    }


def _prepared(
    material: Material,
) -> tuple[tuple[int, ...], list[Phrasing], Features, sparse.csr_matrix, list[str]]:
    """The rows to fit with their places among the phrasings, their features, and what parts them most finely."""
    placed = marked(material.phrasings, material.mark)
    rows = [row for _, row in placed]
    features = Features.fit([row.text for row in rows], material.segmenter)
    vectors = features.of([row.text for row in rows])
    shared = with_topics(rows, vectors, features)
    # Entries and figures of one label are told apart by the likeness to their phrasings.
    groups = [f"{row.label} {row.entry or ''} {row.figure or ''}" for row in shared]
    return tuple(place for place, _ in placed), shared, features, vectors, groups


def update(before: Fitted, material: Material) -> Fitted:
    """`before` with the phrasings of `material`: those that left are out, those that came are in, the rest as it was."""
    now = {row: place for place, row in enumerate(material.phrasings)}
    kept = [i for i, place in enumerate(before.places) if before.phrasings[place] in now]
    known = set(before.phrasings)
    came = [(place, row) for place, row in enumerate(material.phrasings) if row not in known]
    added = marked([row for _, row in came], material.mark)
    old = [before.corpus.rows[i] for i in kept]
    ranker = before.corpus.ranker
    # Its own vocabulary is enough to see which topic a wording is near to.
    came_vectors = ranker.features.of([row.text for _, row in added])
    vectors = sparse.vstack([ranker.rows[kept], came_vectors], format="csr")
    new = with_topics([*old, *(row for _, row in added)], vectors, ranker.features, first=len(old))
    ranker = ranker.updated(kept, [row.text for row in new], [row.label for row in (*old, *new)])
    places = (*(now[before.phrasings[before.places[i]]] for i in kept), *(came[i][0] for i, _ in added))
    corpus = Corpus([*old, *new], ranker, material.commands)
    return Fitted(material.phrasings, material.digest, corpus, places, whole=False)


def keep(fitted: Fitted, material: Material, folder: Path) -> None:
    """Keep a whole fit in `folder`. OSError when that cannot be written; then nothing is left behind."""
    path = _path(material, folder)
    unfinished = path.with_name(f"{path.stem}-{os.getpid()}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            np.savez(file, **_arrays(fitted))
        unfinished.replace(path)
        for old in sorted(path.parent.glob("corpus-*.npz"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def is_kept(material: Material, folder: Path) -> bool:
    """Whether `folder` has a file for the whole fit of `material`; not whether it can be read."""
    return _path(material, folder).exists()


def kept(material: Material, folders: Iterable[Path]) -> Fitted | None:
    """The whole fit of `material` from the first of `folders` that has it; None where none does."""
    for folder in folders:
        found = _read(_path(material, folder), material)
        if found is not None:
            return found
    return None


def kept_like(material: Material, folders: Iterable[Path]) -> Fitted | None:
    """The newest fit that the same program made of other phrasings, to be brought up to date; None where there is none."""
    files = [path for folder in folders for path in folder.glob(f"corpus-{_program()}-*.npz")]
    for path in sorted(files, key=lambda p: -p.stat().st_mtime):
        found = _read(path, material)
        if found is not None:
            return found
    return None


def _read(path: Path, material: Material) -> Fitted | None:
    try:
        # Opened here, so that a file that is no archive is closed too.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            ranker = Ranker.from_arrays(arrays, material.segmenter)
            phrasings, rows = _rows("raw", arrays), _rows("row", arrays)
            places = tuple(arrays["row_places"].tolist())
            if len(rows) != len(places) or len(rows) != ranker.rows.shape[0]:
                return None
            digest = path.stem.rpartition("-")[2]  # of what it was made of, which may be other phrasings
            return Fitted(phrasings, digest, Corpus(rows, ranker, material.commands), places)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        # Missing, cut short by a full disk, or of commands that are no more: made again by who asked.
        return None


def _arrays(fitted: Fitted) -> dict[str, Any]:
    places = np.array(fitted.places, dtype=np.int32)
    tables = _table("raw", fitted.phrasings) | _table("row", fitted.corpus.rows)
    return tables | {"row_places": places} | fitted.corpus.ranker.arrays()


def _table(name: str, rows: Sequence[Phrasing]) -> dict[str, Any]:
    columns = zip(*((row.text, row.label, row.entry or "", row.figure or "") for row in rows), strict=True)
    return {f"{name}_{field}": _packed(column) for field, column in zip(_FIELDS, columns, strict=True)}


def _rows(name: str, arrays: Mapping[str, Any]) -> tuple[Phrasing, ...]:
    columns = (arrays[f"{name}_{field}"].tobytes().decode().split("\n") for field in _FIELDS)
    return tuple(
        Phrasing(text, label, entry or None, figure or None)
        for text, label, entry, figure in zip(*columns, strict=True)
    )


_FIELDS = ("texts", "labels", "entries", "figures")


def _packed(column: Sequence[str]) -> Any:
    # Fixed-width strings, as numpy would keep them, take as much room each as the longest. Prepared texts are one line.
    return np.frombuffer("\n".join(column).encode(), dtype=np.uint8)


def _path(material: Material, folder: Path) -> Path:
    return folder / f"corpus-{_program()}-{material.digest}.npz"


@cache
def _program() -> str:
    """A digest of the code and the libraries that a fit depends on."""
    digest = hashlib.sha256("\n".join(f"{library} {version(library)}" for library in _LIBRARIES).encode())
    for module in _MODULES:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()[:12]
