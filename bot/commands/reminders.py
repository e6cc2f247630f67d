"""`lertrat reminders`: a dry run of what is to come."""

from __future__ import annotations

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.broadcast_wording import BROADCAST_STATES, thai_time
from bot.content import published_documents
from bot.forecast import forecast
from bot.logs import configure_logs
from bot.now import make_now
from bot.rundir import joined_settings
from bot.settings import Settings, load_settings, secret_key
from bot.storage.database import make_engine, migrate
from knowledge.loader import load_knowledge


@click.command()
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 400), help="How far to look ahead.")
def command(days: int) -> None:
    """Say who would get which reminder, when, and what it costs. Nothing is sent."""
    settings = joined_settings(load_settings())
    configure_logs(settings.log_level, settings.log_format)
    now = make_now(settings)()
    try:
        migrate(settings.database)
        documents = published_documents(settings.model_copy(update={"database_url": settings.database}))
        knowledge = load_knowledge() if documents is None else load_knowledge(documents)
        with make_engine(settings.database).connect() as connection:
            found = forecast(connection, knowledge, now, days)
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database does not answer ({type(error).__name__}); check DATABASE_URL"
        ) from None
    total = 0
    for one in found:
        total += one.users
        state = "จะเตือน" if one.state == "planned" else BROADCAST_STATES[one.state]
        groups = f" และ {one.groups:,} กลุ่ม" if one.groups else ""
        click.echo(f"{thai_time(one.at)}  {state}  {one.title}")
        click.echo(f"    {one.users:,} คน{groups} ใน {one.calls:,} ครั้งที่เรียก โควตา {one.users:,} สะสม {total:,} ข้อความ")
    if not found:
        click.echo(f"ไม่มีการเตือนใน {days} วันข้างหน้า")
    click.echo(_quota_line(settings, total))


def _quota_line(settings: Settings, needed: int) -> str:
    if not settings.has_line:
        return f"ต้องใช้ {needed:,} ข้อความ (ยังไม่ได้ตั้งค่า LINE จึงไม่ทราบโควตา)"
    # The LINE SDK takes more than a second to load.
    from bot.line import Line, LineError

    line = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings))
    try:
        quota = line.quota()
    except LineError as error:
        return f"ต้องใช้ {needed:,} ข้อความ (LINE ไม่บอกโควตา: {error.status})"
    if quota.limit is None:
        return f"ต้องใช้ {needed:,} ข้อความ โควตาไม่จำกัด"
    left = quota.limit - quota.used
    verdict = "พอ" if needed <= left else f"ขาด {needed - left:,} ข้อความ"
    return f"ต้องใช้ {needed:,} ข้อความ เดือนนี้เหลือ {left:,} จาก {quota.limit:,} — {verdict}"
