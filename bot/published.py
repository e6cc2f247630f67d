"""What a long-lived process serves: the published Revision, compiled, and swapped for the next one while it runs.

The database is asked for the newest number only, so looking costs next to nothing; what came is compiled aside.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import failure
from bot.settings import SettingsError
from bot.storage import revisions

if TYPE_CHECKING:
    from knowledge.documents import Documents
    from knowledge.model import Knowledge

log = structlog.get_logger(__name__)

COMPLETE_AFTER_SECONDS = 3.0  # first the other processes shall serve what is new, on the same machine
LOOK_EVERY_SECONDS = 0.25  # what is published is to be answered within 2 s, on a busy machine too
PATIENCE_SECONDS = 60.0  # for a database that is away at the start
PROBLEMS_LOGGED = 5

Compiled = TypeVar("Compiled")


class UnusableError(Exception):
    """Of all Revisions none can be loaded by this program. The text is one line that says what to do."""


@dataclass(frozen=True, eq=False)
class Serving(Generic[Compiled]):
    """What answers now. `revision` is None for the program's own content, while nothing is published."""

    revision: int | None
    compiled: Compiled


class Published(Generic[Compiled]):
    """The newest Revision that can be used, compiled; safe to share between threads.

    `compile` makes of the documents (None: the program's own) and of what is served so far what is to be served; what it
    raises leaves everything as it was. It is called by one thread at a time. `complete` may take its time to make
    something better of the same documents, or None; it runs aside, `complete_after` seconds later, and what it makes is
    served unless another Revision came. `swapped` is called whenever something else is served than before.
    """

    def __init__(
        self,
        engine: Engine,
        compile: Callable[[Documents | None, Compiled | None], Compiled],
        complete: Callable[[Documents | None, Compiled], Compiled | None] | None = None,
        complete_after: float = COMPLETE_AFTER_SECONDS,
        swapped: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._compile = compile
        self._complete = complete
        self._complete_after = complete_after
        self._swapped = swapped
        self._serving: Serving[Compiled] | None = None
        self._tried: int | None = 0  # no Revision has this number
        self._away = False
        self._table_missing = False
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def serving(self) -> Serving[Compiled] | None:
        """What is served and which Revision it is; None while there is nothing yet."""
        return self._serving

    def current(self) -> Compiled:
        """What is served; take it once for one piece of work. RuntimeError before there is something."""
        if self._serving is None:
            raise RuntimeError("nothing is loaded yet; call start() or refresh() first")
        return self._serving.compiled

    def start(self, every: float = LOOK_EVERY_SECONDS, patience: float = PATIENCE_SECONDS) -> None:
        """Load what is published, then look for another Revision every so many seconds, in a thread of its own.

        SettingsError when the database stays away for `patience` seconds: without it nobody can tell what is published,
        and the program's own content may be outdated. UnusableError when nothing of it can be loaded.
        """
        deadline = time.monotonic() + patience
        while not self.refresh() and self._serving is None:
            if not self._away:
                raise UnusableError(
                    "none of the published revisions can be used by this program, see the log above; "
                    "publish corrected content: `lertrat knowledge import DIRECTORY`"
                )
            if time.monotonic() >= deadline:
                raise SettingsError("DATABASE_URL: the database cannot be reached; check it and that it runs")
            self._stopped.wait(every)
        self._watcher = threading.Thread(target=self._watch, args=(every,), name="published", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """End the thread, once it has finished what it is at."""
        self._stopped.set()
        if self._watcher is not None:
            self._watcher.join()

    def refresh(self) -> bool:
        """Look once, and serve another Revision than the one tried last if there is one; whether that was so.

        Raises nothing: what fails is logged, and what was served goes on. While one thread is at it, others do not wait,
        unless it is about the first.
        """
        if not self._turn.acquire(blocking=self._serving is None and not self._away):
            return False
        try:
            changed = self._look()
            if changed:
                self._swapped()
            return changed
        except Exception as error:  # the database is away, in whichever way; the process goes on
            if not self._away:
                self._away = True
                log.error(
                    "revisions_unreachable", **failure(error), fix="check DATABASE_URL and that the database runs"
                )
            return False
        finally:
            self._turn.release()

    def _watch(self, every: float) -> None:
        while not self._stopped.wait(every):
            self.refresh()

    def _look(self) -> bool:
        with self._engine.connect() as connection:
            newest = self._newest(connection)
        if self._away:
            self._away = False
            log.warning("revisions_reachable_again")
        if newest == self._tried:
            return False
        for number in self._worth_trying(newest):
            documents = self._documents(number)
            if self._serve(number, documents):
                self._tried = newest
                return True
        self._tried = newest
        return False

    def _newest(self, connection: Connection) -> int | None:
        try:
            return revisions.newest_id(connection)
        except SQLAlchemyError:
            connection.rollback()
            if revisions.has_table(connection):
                raise
        # A database without that table holds no Revision, so the program's own content is right.
        if not self._table_missing:
            self._table_missing = True
            log.warning("revisions_table_missing", fix="run `lertrat migrate`")
        return None

    def _worth_trying(self, newest: int | None) -> Iterator[int | None]:
        """The newest; at the start also those before it, as the process before this one did."""
        yield newest
        if self._serving is None and newest is not None:
            with self._engine.connect() as connection:
                before = [revision.id for revision in revisions.listed(connection) if revision.id < newest]
            yield from before

    def _documents(self, number: int | None) -> Documents | None:
        if number is None:
            return None
        with self._engine.connect() as connection:
            return revisions.documents_of(connection, number)

    def _serve(self, number: int | None, documents: Documents | None) -> bool:
        began = time.monotonic()
        before = self._serving
        try:
            compiled = self._compile(documents, before.compiled if before else None)
        except Exception as error:
            problems = [str(problem) for problem in getattr(error, "problems", ())]
            log.error(
                "revision_unusable",
                revision=number,
                serving=before.revision if before else None,
                **(
                    failure(error) if not problems else {"problems": problems[:PROBLEMS_LOGGED], "count": len(problems)}
                ),
                fix="correct the content and publish it anew: `lertrat knowledge import DIRECTORY`",
            )
            return False
        serving = self._serving = Serving(number, compiled)
        log.info("revision_served", revision=number, ms=round((time.monotonic() - began) * 1000))
        if self._complete is not None:
            threading.Thread(target=self._improve, args=(serving, documents), name="complete", daemon=True).start()
        return True

    def _improve(self, serving: Serving[Compiled], documents: Documents | None) -> None:
        if self._stopped.wait(self._complete_after) or self._serving is not serving:
            return
        began = time.monotonic()
        try:
            better = self._complete(documents, serving.compiled) if self._complete else None
        except Exception as error:  # what is served is good enough to go on with
            log.error("revision_not_completed", revision=serving.revision, **failure(error), fix="see the log above")
            return
        with self._turn:
            if better is None or self._serving is not serving:
                return
            revision = serving.revision
            self._serving = Serving(revision, better)
        del serving, better
        self._swapped()
        log.info("revision_completed", revision=revision, ms=round((time.monotonic() - began) * 1000))


def published_knowledge(engine: Engine) -> Published[Knowledge]:
    """The knowledge alone, without what understands questions; loaded when somebody first asks for it."""
    return Published(engine, _loaded)


def _loaded(documents: Documents | None, _previous: Knowledge | None) -> Knowledge:
    # Imported at the first request: the process that takes LINE's events has to start at once.
    from knowledge.loader import load_knowledge

    return load_knowledge(documents)
