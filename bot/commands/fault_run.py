"""`lertrat fault-run`: real processes killed at random against a LINE that fails, and what each subscriber got."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click


@click.command()
@click.option("--seconds", default=65, show_default=True, type=click.IntRange(5, 3600), help="How long faults last.")
@click.option("--subscribers", default=1200, show_default=True, type=click.IntRange(1, 100_000))
@click.option(
    "--seed", default=1, show_default=True, help="What comes by chance comes from it, as far as timing allows."
)
@click.option("--database", default="", help="An empty PostgreSQL database (address); default: SQLite of its own.")
@click.option("--logs", type=click.Path(file_okay=False, path_type=Path), help="Keep what the processes logged there.")
def command(seconds: int, subscribers: int, seed: int, database: str, logs: Path | None) -> None:
    """Kill workers, clocks and Redis at random while reminders are sent to a small LINE that fails, and count.

    Everything is its own, on this machine alone: two workers, two clocks, Redis, the database, and a LINE that remembers retry
    keys and what each chat got. A fast clock passes through some weeks. Exit status 1 when anybody got something twice,
    or something was lost without a row that says so.
    """
    from bot.fault_run.run import run
    from bot.fault_run.stage import StageError
    from bot.fault_run.tally import table

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    # What was started is ended however this one is told to end.
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        outcome = run(
            seconds=seconds,
            seed=seed,
            count=subscribers,
            database=database,
            logs=logs,
            say=lambda text: click.echo(text, err=True),
        )
    except StageError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo("stopped; everything that was started has ended", err=True)
        sys.exit(130)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for line in table(outcome.tally):
        click.echo(line)
    found = outcome.tally
    click.echo(f"kill -9: {_listed(outcome.kills)}")
    click.echo(f"LINE: {_listed(outcome.calls)}; faults: {_listed(outcome.faults)}")
    strangers = sum(one.strangers for one in found.lines)
    click.echo(
        f"seed {seed}, {outcome.days} days in {outcome.seconds:.0f} s; unasked {found.unexpected + strangers}, "
        f"rows that tell an untruth {found.untrue}, unfinished {found.unfinished}, odd calls {len(found.complaints)}"
    )
    for complaint in found.complaints[:5]:
        click.echo(f"  {complaint}")
    click.echo(
        "every subscriber once, or the row says why not" if found.is_clean else "NOT clean: see twice, LOST and above"
    )
    if not found.is_clean:
        sys.exit(1)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "none"
