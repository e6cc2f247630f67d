"""Content documents → Knowledge. Every mistake is collected, each with its file, entry, problem and fix.

The form of the files is described in docs/content.md; `schema.py` holds it in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge import schema
from knowledge.assembly import built_facts, built_round
from knowledge.documents import PHRASES, File, files_in, is_path, parsed_once
from knowledge.fact_schema import FactFile
from knowledge.facts import Fact
from knowledge.milestone_checks import milestone_problems
from knowledge.model import SUBJECT_KEYS, Knowledge, Round
from knowledge.rule_checks import fact_problems, rule_problems
from knowledge.schema_parts import FIRST_YEAR, suggestion
from knowledge.templates import TemplateError, applied_to

CONTENT = Path(__file__).parent / "content"
ROUND_FILE = "round.yaml"
FACT_FILE = "facts.yaml"
_SUBJECT_FILES = frozenset(f"{key}.yaml" for key in SUBJECT_KEYS)
_File = TypeVar("_File", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One mistake in the content: where it is (`entry` is an entry's id, or what part of the file), and what to do."""

    file: str
    entry: str
    problem: str
    fix: str

    def __str__(self) -> str:
        line = f"{self.file}: {self.entry}: {self.problem} → {self.fix}"
        return " ".join(line.split())


class ContentError(ValueError):
    """The content cannot be used. `problems` lists everything that was found, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load_knowledge(content: Path | Mapping[str, File] | None = None) -> Knowledge:
    """Every round of `content`, one folder named by its year each: a directory (default: the package's own content) or
    documents by path, of which the phrasebook is not looked at.

    Raises ContentError with all mistakes of all files.
    """
    where, files = ("content", content) if isinstance(content, Mapping) else _read(content or CONTENT)
    problems: list[Problem] = []
    folders: dict[str, dict[str, File]] = {}
    for path, file in sorted(files.items()):
        folder, _, name = path.rpartition("/")
        if not is_path(path):
            fix = f"put it into a folder named by its year, or name it {PHRASES}"
            problems.append(_whole(path, "is no place for a content file", fix))
        elif path != PHRASES:
            folders.setdefault(folder, {})[name] = file
    rounds: dict[int, Round] = {}
    for folder, named in folders.items():
        loaded = _Folder(folder, named, problems).load()
        if loaded is not None:
            rounds[loaded.year] = loaded
    if not folders:
        problems.append(_whole(where, "holds no round", "add a directory named by its year, such as 2568"))
    if problems:
        raise ContentError(tuple(problems))
    return Knowledge(rounds)


def _read(directory: Path) -> tuple[str, Mapping[str, File]]:
    try:
        return str(directory), files_in(directory)
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise ContentError((_whole(str(directory), problem, "name a directory of rounds"),)) from error


def _whole(file: str, problem: str, fix: str) -> Problem:
    return Problem(file, "whole file", problem, fix)


class _Folder:
    """One round being loaded; its mistakes go to `problems`."""

    def __init__(self, name: str, files: Mapping[str, File], problems: list[Problem]) -> None:
        self.name = name
        self.files = files
        self.problems = problems

    def load(self) -> Round | None:
        """The round, or None when a mistake was found."""
        before = len(self.problems)
        if ROUND_FILE not in self.files:
            self._note(
                ROUND_FILE, "whole file", "the file is missing", "add it: year, name, slides, topics, ambiguities"
            )
        raws = {name: self._parsed(name, file) for name, file in self.files.items()}
        head = self._validated(ROUND_FILE, raws.get(ROUND_FILE), schema.RoundFile)
        self._check_year(raws.get(ROUND_FILE))
        self._check_entries(raws)
        self._check_dates(raws)
        questions = self._validated(FACT_FILE, raws.get(FACT_FILE), FactFile)
        facts = built_facts(questions) if questions else None
        if FACT_FILE not in raws:
            self._note(FACT_FILE, "whole file", "the file is missing", "add it: the facts and the quiz's questions")
        if questions and facts:
            self._note_all(FACT_FILE, fact_problems(questions, facts, self._year()))
        if facts is not None:
            self._check_rules(raws, facts)
        files: dict[str, schema.SubjectFile] = {}
        for name, raw in raws.items():
            if name in (ROUND_FILE, FACT_FILE):
                continue
            if name not in _SUBJECT_FILES:
                fix = suggestion(name, [ROUND_FILE, *sorted(_SUBJECT_FILES)])
                self._note(name, "whole file", "the file is not named after a subject", fix)
            self._check_subject(name, raw)
            file = self._validated(name, raw, schema.SubjectFile)
            if file is not None:
                files[file.subject] = file
        for key in SUBJECT_KEYS:
            if f"{key}.yaml" not in raws:
                self._note(f"{key}.yaml", "whole file", f"the subject '{key}' is missing", "add the file")
        if len(self.problems) > before or head is None or questions is None or facts is None:
            return None
        written = built_round(head, [files[key] for key in SUBJECT_KEYS], questions)
        try:
            return applied_to(written, written.year)
        except TemplateError as error:
            self._note(self._file_of(error.entry, raws), error.entry, error.problem, error.fix)
            return None

    def _file_of(self, entry: str, raws: dict[str, Any]) -> str:
        return next((name for name, raw, _ in _raw_entries(raws) if raw.get("id") == entry), FACT_FILE)

    def _note_all(self, name: str, found: Iterable[tuple[str, str, str]]) -> None:
        for entry, problem, fix in found:
            self._note(name, entry, problem, fix)

    def _note(self, name: str, entry: str, problem: str, fix: str) -> None:
        self.problems.append(Problem(f"{self.name}/{name}", entry, problem, fix))

    def _parsed(self, name: str, file: File) -> dict[Any, Any] | None:
        value, mistakes = parsed_once(file)
        for problem, fix in mistakes:
            self._note(name, "whole file", problem, fix)
        return value

    def _validated(self, name: str, raw: Any, model: type[_File]) -> _File | None:
        if raw is None:
            return None
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self._note(name, _entry_name(raw, detail["loc"]), *schema.sentences(detail, model))
            return None

    def _check_year(self, head: Any) -> None:
        year = head.get("year") if head else None
        if isinstance(year, int) and str(year) != self.name:
            fix = f"name the directory {year}, or correct the year"
            self._note(ROUND_FILE, "year", f"the year {year} is not that of the directory '{self.name}'", fix)

    def _check_subject(self, name: str, raw: Any) -> None:
        key, parent = (raw.get("subject"), raw.get("parent")) if raw else (None, None)
        if key not in SUBJECT_KEYS:
            return  # the schema says so
        if name in _SUBJECT_FILES and name != f"{key}.yaml":
            self._note(name, "subject", f"the file holds the subject '{key}'", f"name it {key}.yaml")
        expected = None if key == "awards" else (key.rpartition(".")[0] or "awards")
        if parent != expected and (parent is None or parent in SUBJECT_KEYS):
            fix = "take 'parent' out" if expected is None else f"write 'parent: {expected}'"
            self._note(name, "parent", f"the parent of '{key}' is given as '{parent or 'nothing'}'", fix)

    def _check_entries(self, raws: dict[str, Any]) -> None:
        # Works on what was read, not on what was validated, so that a malformed entry hides none of these mistakes.
        head = raws.get(ROUND_FILE) or {}
        topics = head.get("topics")
        # Without a readable list of topics, every use would be reported.
        known = [str(key) for key in topics] if isinstance(topics, dict) else None
        first: dict[str, str] = {}
        for name, entry, inside in _raw_entries(raws):
            entry_id, topic = entry.get("id"), entry.get("topic")
            if isinstance(entry_id, str):
                used = f"{inside}/{entry_id}" if inside else entry_id  # a figure's id is unique within its example
                if used in first:
                    where = "" if first[used] == name else f" (also in {first[used]})"
                    self._note(
                        name, entry_id, f"the id '{entry_id}' stands twice{where}", "give one of them another id"
                    )
                first.setdefault(used, name)
            if isinstance(topic, str) and known is not None and topic not in known:
                self._note(name, str(entry_id), f"unknown topic '{topic}'", suggestion(topic, known))

    def _check_dates(self, raws: dict[str, Any]) -> None:
        if not self.name.isdigit():
            return  # the directory's name is what is wrong
        found = (
            (name, raw.get("subject"), step)
            for name, raw in raws.items()
            if raw and name in _SUBJECT_FILES
            for step in _listed(raw, "milestones")
        )
        for name, entry, problem, fix in milestone_problems(found, self._year()):
            self._note(name, entry, problem, fix)

    def _check_rules(self, raws: dict[str, Any], facts: dict[str, Fact]) -> None:
        asked = {
            tuple(question.get("facts") or ())
            for question in _listed(raws.get(FACT_FILE), "questions")
            if isinstance(question.get("facts"), list)
        }
        for name, raw in raws.items():
            if name not in (ROUND_FILE, FACT_FILE) and raw:
                self._note_all(name, rule_problems(raw, facts, asked, self._year()))

    def _year(self) -> int:
        return int(self.name) if self.name.isdigit() else FIRST_YEAR


def _listed(owner: Any, section: str) -> list[dict[Any, Any]]:
    listed = owner.get(section) if isinstance(owner, dict) else None
    return [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []


def _raw_entries(raws: dict[str, Any]) -> Iterator[tuple[str, dict[Any, Any], str]]:
    """(file, entry, id of the example that it is a figure of) for all that has the form of an entry."""

    for name, raw in raws.items():
        for section in (*schema.ENTRY_SECTIONS, "ambiguities"):
            for entry in _listed(raw, section):
                yield name, entry, ""
                for figure in _listed(entry, "figures"):
                    yield name, figure, str(entry.get("id"))


def _entry_name(raw: Any, loc: tuple[int | str, ...]) -> str:
    """The ids along a path of pydantic's ("service.innovation.robot / staff"), or the place where there are none."""
    names: list[str] = []
    for index, step in enumerate(loc):
        raw = raw[step] if isinstance(raw, dict) and step in raw else _item(raw, step)
        if isinstance(step, int) and isinstance(raw, dict):
            names.append(str(raw.get("id") or f"{loc[index - 1]} {step + 1}"))
        elif index == 1 and loc[0] in ("topics", "facts"):
            names.append(f"{loc[0]}.{step}")
    return " / ".join(names) or (str(loc[0]) if loc else "whole file")


def _item(raw: Any, step: int | str) -> Any:
    return raw[step] if isinstance(raw, list) and isinstance(step, int) and step < len(raw) else None
