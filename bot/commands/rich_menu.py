"""`lertrat rich-menu`: the menu under every chat on LINE."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.logs import configure_logs
from bot.rich_menu import menu
from bot.rundir import joined_settings
from bot.settings import SettingsError, load_settings, secret_key

if TYPE_CHECKING:
    from bot.line import Line, LineError

Result = TypeVar("Result")


@click.group()
def command() -> None:
    """Put up, check and take down the menu under every chat.

    Works on the LINE channel of the settings, or on the stand-in of a `lertrat run` that is alive here.
    """


@command.command()
def upload() -> None:
    """Show this program's menu to everyone, in the place of an older one. May be repeated."""
    from bot.rich_menu import installing

    change = _on_line(
        installing.install, "people see the menu of before or the new one, never half of it; run it again"
    )
    click.echo("ตั้งเมนูแล้ว" if change.created else "เมนูนี้ตั้งไว้แล้ว ไม่มีอะไรต้องเปลี่ยน")
    if change.deleted:
        click.echo(f"ลบเมนูรุ่นก่อนของระบบนี้ {change.deleted} รายการ")
    if change.displaced:
        click.echo(f"เมนูที่แสดงอยู่ก่อนไม่ใช่ของระบบนี้ จึงเก็บไว้ไม่ลบ: {_named(change.displaced.name, change.displaced.id)}")


@command.command()
def show() -> None:
    """The menu that people see, and what this program keeps at LINE. Exit status 1 unless it is this program's menu."""
    from bot.rich_menu import installing

    found = _on_line(installing.installed, "run it again")
    if found.default is None:
        click.echo("ยังไม่มีเมนูที่แสดงให้ทุกคน ใช้คำสั่ง rich-menu upload เพื่อตั้งเมนู")
    else:
        which = "รุ่นนี้" if found.up_to_date else "รุ่นก่อนของระบบนี้" if found.default_is_ours else "ไม่ใช่ของระบบนี้"
        click.echo(f"เมนูที่แสดงให้ทุกคน: {_named(found.default.name, found.default.id)} ({which})")
    left = [one for one in found.ours if one != found.default]
    if left:
        click.echo(f"เมนูของระบบนี้ที่ไม่ได้แสดง: {len(left)} รายการ")
    click.echo(f"\nเมนูรุ่นนี้: {menu.name()}\nแถบเมนู: {menu.CHAT_BAR_TEXT}")
    for area in menu.AREAS:
        click.echo(f"- {area.label} → “{area.text}”")
    raise click.exceptions.Exit(0 if found.up_to_date else 1)


@command.command()
def remove() -> None:
    """Take this program's menus down and delete them; others' are left alone."""
    from bot.rich_menu import installing

    change = _on_line(installing.remove, "some may be left; run it again")
    click.echo(f"ลบเมนูของระบบนี้แล้ว {change.deleted} รายการ" if change.deleted else "ไม่มีเมนูของระบบนี้")


@command.command()
@click.argument("path", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def preview(path: Path) -> None:
    """Write the menu's image (PNG) to PATH. Needs no LINE."""
    try:
        path.write_bytes(menu.image())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}; name a file that can be written") from None
    click.echo(f"{path}: {menu.WIDTH} × {menu.HEIGHT} พิกเซล")


def _on_line(do: Callable[[Line], Result], after_failure: str) -> Result:
    """What `do` makes of LINE. A failure is one line that says how things stand then."""
    settings = joined_settings(load_settings())
    settings.require_line()
    configure_logs(settings.log_level, settings.log_format)
    # The LINE SDK takes more than a second to load, which `preview` should not wait for.
    from bot.line import Line, LineError

    line = Line(
        settings.line_channel_access_token,
        settings.line_api_host,
        secret_key(settings),
        data_host=settings.line_data_api_host,
    )
    try:
        return do(line)
    except LineError as error:
        if error.status == 401:
            raise SettingsError(
                "LINE_CHANNEL_ACCESS_TOKEN: LINE does not know it; copy it from the channel, or issue a new one"
            ) from None
        raise click.ClickException(f"{_told(error)}; {after_failure}") from None


def _told(error: LineError) -> str:
    """What went wrong, without the JSON that LINE wraps it in."""
    if error.status == 0:
        return f"LINE did not answer ({error.message})"
    reason = error.message
    with suppress(ValueError, AttributeError):
        reason = json.loads(reason).get("message") or reason
    return f"LINE did not take it ({error.status} {' '.join(reason.split())})"


def _named(name: str, identity: str) -> str:
    return "".join(c if c.isprintable() else " " for c in name) or identity
