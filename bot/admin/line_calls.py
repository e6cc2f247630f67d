"""What the console has LINE do for a test of a message. A worker calls these: the web process never loads LINE's SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.admin.ask_worker import Json
from bot.settings import secret_key

if TYPE_CHECKING:
    from bot.admin.worker_tasks import Office
    from bot.line import Line


def test_names(office: Office, request: Json) -> Json:
    """{"names": one for each of `chats`}, "" where LINE does not tell it."""
    from bot.line import LineError

    line, names = _line(office), []
    for chat in request["chats"]:
        try:
            names.append(line.profile(chat).name if chat.startswith("U") else "")
        except LineError:
            names.append("")
    return {"names": names}


def test_send(office: Office, request: Json) -> Json:
    """Push the messages of the Broadcast `number` to `chat`; {"refused": Thai} when LINE does not take them."""
    from bot.broadcasts import RefusedError, test_send

    try:
        test_send(office.engine, _line(office), request["number"], request["chat"])
    except RefusedError as refused:
        return {"refused": refused.thai}
    return {}


def _line(office: Office) -> Line:
    from bot.line import Line

    return Line(office.settings.line_channel_access_token, office.settings.line_api_host, secret_key(office.settings))
