"""`lertrat handovers`: the requests for a person, where there is no browser at hand."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.admin.accounts import Refused
from bot.admin.chat_hold import held
from bot.admin.handover_reply import given_back
from bot.connections import connect_redis
from bot.conversation import ConversationStore
from bot.inbox import LockLostError
from bot.logs import configure_logs
from bot.now import BANGKOK, utc_now
from bot.rundir import joined_settings
from bot.settings import Settings, load_settings, secret_key
from bot.storage import handovers
from bot.storage.database import make_engine, migrate
from bot.storage.handovers import Handover
from bot.tasks import chat_queue, make_broker

LONGEST_TEXT = 5000  # LINE's limit, in UTF-16 units


@click.group()
def command() -> None:
    """See, answer and close the requests for a person."""


@command.command("list")
def list_() -> None:
    """The requests that are not closed, the oldest first, with what was written since."""
    _, engine = _open()
    with engine.connect() as connection:
        waiting = handovers.unclosed(connection)
        for handover in waiting:
            where = "แชตส่วนตัว" if handover.source == "user" else "แชตกลุ่ม"
            click.echo(
                f"#{handover.id}  {_thai_time(handover.opened_at)}  {handover.state}  {where} …{handover.chat[-6:]}"
            )
            click.echo(f"    คำถาม: {_one_line(handover.question)}")
            for author, text, written_at in handovers.messages_of(connection, handover.id):
                click.echo(
                    f"    {_thai_time(written_at)} {'ผู้ถาม' if author == 'person' else 'เจ้าหน้าที่'}: {_one_line(text)}"
                )
    if not waiting:
        click.echo("ไม่มีคำขอที่รออยู่")


@command.command()
@click.argument("handover_id", metavar="ID", type=int)
@click.argument("text")
def answer(handover_id: int, text: str) -> None:
    """Send TEXT to the chat of request ID. It counts to LINE's monthly quota.

    After a failure the same command sends the same message at most once.
    """
    settings, engine = _open()
    settings.require_line()
    text = text.strip()
    if not text:
        raise click.UsageError("TEXT is empty; write what the person should read")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise click.UsageError(f"TEXT is longer than LINE's {LONGEST_TEXT} characters; shorten it or send it in parts")
    with engine.begin() as connection:
        handover = _unclosed(handovers.by_id(connection, handover_id), handover_id)
        message = handovers.draft_answer(connection, handover_id, text, utc_now())
    # The LINE SDK takes more than a second to load, which only a command that sends should wait for.
    from bot.line import Line, LineError

    line = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings))
    try:
        line.push(handover.chat, [{"type": "text", "text": text}], message.retry_key)
    except LineError as error:
        raise click.ClickException(
            f"LINE did not take the message ({error}); it is kept, send it again later"
        ) from None
    with engine.begin() as connection:
        handovers.answer_sent(connection, handover_id, message.id, utc_now())
    click.echo(f"#{handover_id}: ส่งแล้ว")


@command.command()
@click.argument("handover_id", metavar="ID", type=int)
def close(handover_id: int) -> None:
    """Close request ID: the assistant answers in that chat again."""
    settings, engine = _open()
    redis = connect_redis(settings, timeout=5)
    conversations = ConversationStore.of(redis, settings)
    with engine.connect() as connection:
        handover = _unclosed(handovers.by_id(connection, handover_id), handover_id)
    busy = "a message of the chat is being processed; the request is still open, close it again in a moment"
    try:
        enqueue = chat_queue(make_broker(redis))
        with held(redis, handover.chat, enqueue, busy) as lock, engine.begin() as connection:
            _unclosed(handovers.by_id(connection, handover_id), handover_id)
            handovers.close(connection, handover_id, utc_now())
            # Inside the transaction: when Redis is away the request stays open and can be closed again.
            lock.renew()
            conversations.update(handover.chat, given_back)
    except (Refused, LockLostError):
        raise click.ClickException(busy) from None
    click.echo(f"#{handover_id}: ปิดแล้ว ผู้ช่วยกลับมาตอบในแชตนี้")


def _open() -> tuple[Settings, Engine]:
    """The settings of the run that is alive here, if there is one, and its database."""
    settings = joined_settings(load_settings())
    configure_logs(settings.log_level, settings.log_format)
    try:
        migrate(settings.database)
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database does not answer ({type(error).__name__}); check DATABASE_URL"
        ) from None
    return settings, make_engine(settings.database)


def _unclosed(handover: Handover | None, handover_id: int) -> Handover:
    if handover is None:
        raise click.ClickException(f"there is no request {handover_id}; see `lertrat handovers list`")
    if handover.state == "closed":
        raise click.ClickException(f"request {handover_id} is closed; see `lertrat handovers list`")
    return handover


def _thai_time(moment: datetime) -> str:
    """Bangkok time with the Buddhist year, as dd/mm/yyyy hh:mm."""
    local = moment.astimezone(BANGKOK)
    return f"{local:%d/%m}/{local.year + 543} {local:%H:%M}"


def _one_line(text: str) -> str:
    """Without line breaks and control characters: what a person typed must not steer the terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
