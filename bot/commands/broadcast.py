"""`lertrat broadcast`: messages to many, until the console takes over. The clock and the workers do the sending."""

from __future__ import annotations

import getpass
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import audiences, broadcasts
from bot.broadcast_wording import BROADCAST_STATES, DELIVERY_STATES, KINDS, audience_text, report_lines, thai_time
from bot.broadcasts import Card, RefusedError, Report
from bot.logs import configure_logs
from bot.now import BANGKOK, make_now
from bot.rundir import joined_settings
from bot.settings import Settings, load_settings, secret_key
from bot.storage import broadcasts as stored
from bot.storage import deliveries
from bot.storage.database import make_engine, migrate
from knowledge.model import SUBJECT_KEYS

WATCH_EVERY_SECONDS = 0.5
_number = click.argument("number", metavar="ID", type=int)
_night = click.option("--at-night", is_flag=True, help="Also between 20:00 and 08:00.")


@click.group()
def command() -> None:
    """Write to everyone, to the subscribers of a subject, or to a test list."""


@command.command()
@click.option(
    "--to", "audience", required=True, help="everyone, subject:KEY (its subscribers), or test (the test list)."
)
@click.option("--text", default="", help="A text message.")
@click.option("--card-title", default="", help="First line of a card.")
@click.option("--card-text", default="", help="Text of the card.")
@click.option("--card-button", default="", help="Label of the card's link.")
@click.option("--card-link", default="", help="https address of the card's link.")
@click.option("--title", default="", help="Name in lists; nobody else sees it.")
def create(
    audience: str, text: str, card_title: str, card_text: str, card_button: str, card_link: str, title: str
) -> None:
    """Write a draft and print its ID. Nothing is sent."""
    card = None
    if card_title or card_text or card_button or card_link:
        card = Card(card_title, card_text, card_button, card_link)
    with _opened() as (settings, engine):
        number = broadcasts.create(
            engine,
            text=text.replace("\\n", "\n"),
            card=card,
            audience=_audience(audience, settings),
            title=title or card_title or text,
            now=make_now(settings)(),
            by=getpass.getuser(),
        )
        click.echo(f"#{number} ร่างไว้แล้ว ดูด้วย lertrat broadcast preview {number}")


@command.command()
@_number
def preview(number: int) -> None:
    """Print what people would read, to whom it goes and what it costs."""
    with _opened() as (_, engine), engine.connect() as connection:
        one = broadcasts.report(connection, number).broadcast
        users, groups = audiences.count(connection, one.audience)
        click.echo(f"#{one.id} {one.title}")
        click.echo(f"ถึง: {audience_text(one.audience)} — {users:,} คน {groups:,} กลุ่ม")
        click.echo(f"ใช้โควตา: {users:,} ข้อความ" + (" และตามจำนวนสมาชิกของแต่ละกลุ่ม" if groups else ""))
        for message in one.messages:
            click.echo("─" * 40)
            click.echo(_words(message))


@command.command()
@_number
@click.argument("chat", required=False)
def test(number: int, chat: str | None) -> None:
    """Push the messages to CHAT (default: ALERT_CHAT), to be looked at on a phone. It costs one message."""
    with _opened() as (settings, engine):
        settings.require_line()
        chat = chat or settings.alert_chat
        if not chat:
            raise click.UsageError("name a CHAT, or set ALERT_CHAT")
        # The LINE SDK takes more than a second to load, which only a command that sends should wait for.
        from bot.line import Line

        line = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings))
        broadcasts.test_send(engine, line, number, chat)
        click.echo(f"#{number} ส่งทดสอบแล้ว")


@command.command()
@_number
@click.argument("at")
@click.option("--until", default="", help="When it would come too late, written like AT. Default: two days later.")
@_night
def schedule(number: int, at: str, until: str, at_night: bool) -> None:
    """Send it at AT, such as "2569-03-31 09:00" (Bangkok)."""
    with _opened() as (settings, engine):
        one = broadcasts.schedule(
            engine,
            number,
            at=_moment(at),
            until=_moment(until) if until else None,
            now=make_now(settings)(),
            at_night=at_night,
        )
        click.echo(f"#{number} จะส่ง {thai_time(one.send_at)} ไม่ส่งหลัง {thai_time(one.expires_at)}")


@command.command()
@_number
@_night
@click.option("--watch", "and_watch", is_flag=True, help="Show its progress until it is over.")
def send(number: int, at_night: bool, and_watch: bool) -> None:
    """Send it now; between 20:00 and 08:00 at 08:00."""
    with _opened() as (settings, engine):
        one = broadcasts.send_now(engine, number, now=make_now(settings)(), at_night=at_night)
        click.echo(f"#{number} จะเริ่มส่ง {thai_time(one.send_at)}")
        if and_watch:
            _watch(engine, number)


@command.command()
@_number
def pause(number: int) -> None:
    """Stop sending for a while."""
    with _opened() as (_, engine):
        broadcasts.pause(engine, number)
        click.echo(f"#{number} พักไว้แล้ว ส่งต่อด้วย lertrat broadcast resume {number}")


@command.command()
@_number
def resume(number: int) -> None:
    """Go on with one that was paused."""
    with _opened() as (_, engine):
        one = broadcasts.resume(engine, number)
        click.echo(f"#{number} {BROADCAST_STATES[one.state]}")


@command.command()
@_number
def cancel(number: int) -> None:
    """End it: nobody else gets it."""
    with _opened() as (settings, engine):
        broadcasts.cancel(engine, number, now=make_now(settings)())
        click.echo(f"#{number} ยกเลิกแล้ว")
        _print_report(engine, number)


@command.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def list_(limit: int) -> None:
    """The newest broadcasts and reminders."""
    with _opened() as (_, engine), engine.connect() as connection:
        found = stored.newest(connection, limit)
        for one in found:
            report = broadcasts.report(connection, one.id)
            click.echo(
                f"#{one.id}  {thai_time(one.send_at)}  {BROADCAST_STATES[one.state]}  {KINDS[one.kind]}  "
                f"{report.recipients(deliveries.SENT) + report.rides:,}/{report.recipients() + report.rides:,}  {one.title}"
            )
    if not found:
        click.echo("ยังไม่มีการส่ง")


@command.command()
@_number
def show(number: int) -> None:
    """One of them, and what needs a person."""
    with _opened() as (_, engine), engine.connect() as connection:
        one = broadcasts.report(connection, number).broadcast
        click.echo(f"#{one.id} {one.title} ({KINDS[one.kind]}, {BROADCAST_STATES[one.state]})")
        click.echo(f"ถึง: {audience_text(one.audience)}")
        click.echo(f"เวลา: {thai_time(one.send_at)} ไม่ส่งหลัง {thai_time(one.expires_at)} โดย {one.created_by}")
        if one.note:
            click.echo(f"หมายเหตุ: {one.note}")
        _print_report(engine, number)
        waiting = deliveries.in_states(connection, number, deliveries.UNCERTAIN, deliveries.FAILED, limit=20)
        for delivery in waiting:
            click.echo(
                f"  การส่งที่ {delivery.id}: {DELIVERY_STATES[delivery.state]} {delivery.count:,} ราย "
                f"({delivery.problem}) retry key {delivery.retry_key}"
            )
        if waiting:
            click.echo("ตรวจแล้วบันทึกด้วย lertrat broadcast settle DELIVERY sent|failed|again")


@command.command()
@_number
def watch(number: int) -> None:
    """Show its progress until it is over; Ctrl-C only ends the watching."""
    with _opened() as (_, engine):
        _watch(engine, number)


@command.command()
@_number
def report(number: int) -> None:
    """How many got it, and what became of the others."""
    with _opened() as (_, engine):
        _print_report(engine, number)


@command.command()
@click.argument("delivery", type=int)
@click.argument("state", type=click.Choice(["sent", "failed", "again"]))
def settle(delivery: int, state: str) -> None:
    """Say what became of DELIVERY, which is uncertain or failed; `again` sends it once more."""
    with _opened() as (settings, engine):
        new = deliveries.CREATED if state == "again" else state
        broadcasts.settle(engine, delivery, new, now=make_now(settings)())
        click.echo(f"การส่งที่ {delivery}: {DELIVERY_STATES[new]}")


@contextmanager
def _opened() -> Iterator[tuple[Settings, Engine]]:
    """The settings of the run that is alive here, if there is one, and its database; mistakes as one line."""
    settings = joined_settings(load_settings())
    configure_logs(settings.log_level, settings.log_format)
    try:
        migrate(settings.database)
        yield settings, make_engine(settings.database)
    except RefusedError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database does not answer ({type(error).__name__}); check DATABASE_URL"
        ) from None


def _audience(text: str, settings: Settings) -> audiences.Audience:
    if text == "everyone":
        return audiences.of_everyone()
    if text == "test":
        if not settings.test_chats:
            raise click.UsageError("the test list is empty; set BROADCAST_TEST_CHATS")
        return audiences.of_chats(settings.test_chats)
    kind, _, subject = text.partition(":")
    if kind != "subject" or subject not in SUBJECT_KEYS:
        raise click.UsageError(f"--to: '{text}' is nobody; write everyone, test, or subject:KEY such as subject:pmqa")
    return audiences.of_subject(subject)


def _moment(text: str) -> datetime:
    """A time in Bangkok, its year Buddhist Era or Gregorian."""
    try:
        year, rest = text.strip().split("-", 1)
        moment = datetime.fromisoformat(f"{int(year) - 543 if int(year) > 2400 else int(year)}-{rest}")
    except ValueError:
        raise click.UsageError(f"'{text}' is no time; write it like \"2569-03-31 09:00\"") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def _print_report(engine: Engine, number: int) -> None:
    with engine.connect() as connection:
        found = broadcasts.report(connection, number)
    click.echo(f"#{number} {BROADCAST_STATES[found.broadcast.state]}")
    for line in report_lines(found):
        click.echo(line)


def _watch(engine: Engine, number: int) -> None:
    def look() -> Report:
        with engine.connect() as connection:
            return broadcasts.report(connection, number)

    found = look()
    while found.broadcast.planned_at is None and not found.is_final:
        time.sleep(WATCH_EVERY_SECONDS)
        found = look()
    with click.progressbar(length=max(found.recipients(), 1), label=f"#{number}", show_pos=True) as bar:
        shown = 0
        while True:
            bar.update(found.over - shown)
            shown = found.over
            if found.is_final or found.broadcast.state in (stored.PAUSED, stored.DRAFT):
                break
            time.sleep(WATCH_EVERY_SECONDS)
            found = look()
    _print_report(engine, number)


def _words(value: object) -> str:
    """Everything to read in a message, a line a part, and each button as [label]."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_words, value)))
    if not isinstance(value, dict):
        return ""
    if value.get("type") == "text":
        return "".join(c for c in str(value["text"]) if c.isprintable() or c == "\n")
    if value.get("type") in ("button", "action"):
        return f"[{value.get('action', {}).get('label', '')}]"
    return _words([inner for inner in value.values() if isinstance(inner, (dict, list))])
