"""`lertrat benchmark broadcasts`: planning and sending to many subscribers, beside the bare cost of the calls."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--subscribers",
    "counts",
    multiple=True,
    default=(100_000, 1_000_000),
    show_default=True,
    type=click.IntRange(500, 10_000_000),
    help="How many; may be given several times.",
)
@click.option(
    "--throttle",
    type=click.IntRange(1, 10_000),
    help="Once more, LINE taking so many multicasts a second (it takes 200).",
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16), help="Worker processes.")
@click.option("--database", default="", help="An empty PostgreSQL database (address), for one measurement.")
def command(counts: tuple[int, ...], throttle: int | None, workers: int, database: str) -> None:
    """Plan and send a broadcast by real clock and worker processes to a small LINE on this machine.

    `bare` is the same number of multicasts by the HTTP client alone, from as many processes and threads, in the same run: before
    and behind it, the quicker one. With a throttle the floor is what the throttle alone takes.
    """
    from bot.fault_run.speed import measure
    from bot.fault_run.stage import StageError

    click.echo(
        f"{'subscribers':>12}{'a second':>10}{'seconds':>10}{'planned':>9}{'recipients/s':>14}{'bare':>9}{'floor':>9}{'ratio':>8}"
        f"{'planner MB':>12}{'sender MB':>11}{'planner CPU s':>15}{'sender CPU s':>14}"
    )
    for per_second in (0, *([throttle] if throttle else [])):
        for count in counts:
            try:
                found = measure(count, throttle=per_second, workers=workers, database=database)
            except StageError as error:
                raise click.ClickException(str(error)) from None
            least = found.floor or found.bare
            click.echo(
                f"{count:>12,}{per_second or 'any':>10}{found.seconds:>10.2f}{found.planned:>9.2f}{count / found.seconds:>14,.0f}"
                f"{f'{found.bare:.2f}' if found.bare else '·':>9}{f'{found.floor:.2f}' if found.floor else '·':>9}"
                f"{found.seconds / least:>8.2f}{found.planner_mb:>12.0f}{found.sender_mb:>11.0f}"
                f"{found.planner_s:>15.2f}{found.sender_s:>14.2f}"
            )
