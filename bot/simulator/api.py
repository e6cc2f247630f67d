"""LINE's side of the API, at LINE's paths: what a bot calls, answered as LINE answers."""

from __future__ import annotations

import os
import re
import socket
import struct
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, jsonify, request

from bot.simulator.config import SimulatorConfig, SimulatorRefused, require_loopback_url
from bot.simulator.delivery import Courier
from bot.simulator.findings import Findings, Place
from bot.simulator.rich_menu_api import add_rich_menus
from bot.simulator.validation import RECIPIENTS_PER_CALL, Json, check_messages, errors
from bot.simulator.world import BOT_NAME, Chat, Fault, World

FAULT_KINDS = ("500", "503", "429", "429_monthly", "timeout", "reset", "reset_after")
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
_NOT_TAKEN = {
    "500": (500, "Internal Server Error"),
    "503": (503, "Service Unavailable"),
    "429": (429, RATE_LIMIT),
    "429_monthly": (429, MONTHLY_LIMIT),
}
_RECIPIENT = re.compile(r"[UCR][0-9a-f]{32}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

Answer = tuple[Response, int]


def line_api(world: World, config: SimulatorConfig, courier: Courier) -> Blueprint:
    """The routes under /v2/. Every answer carries `x-line-request-id`; unknown routes are 404 in JSON."""
    api = Blueprint("line_api", __name__, url_prefix="/v2")

    @api.before_request
    def admit() -> Answer | Response | None:
        g.line_request_id = str(uuid.uuid4())
        request.get_data()  # before a fault closes the connection: the body may come after the headers
        if request.headers.get("Authorization") != f"Bearer {config.channel_access_token}":
            text = "Authentication failed. Confirm that the access token in the authorization header is valid."
            return _answer(401, message=text)
        g.fault = world.next_fault(request.path)
        if g.fault and g.fault.kind in _NOT_TAKEN:
            status, text = _NOT_TAKEN[g.fault.kind]
            return _answer(status, message=text)
        return _broken_connection() if g.fault and g.fault.kind == "reset" else None

    @api.after_request
    def finish(response: Response) -> Response:
        response.headers["x-line-request-id"] = g.line_request_id
        fault: Fault | None = g.get("fault")
        world.log(
            world.calls,
            method=request.method,
            path=request.path,
            status=response.status_code,
            fault=fault.kind if fault else None,
            request_id=g.line_request_id,
            retry_key=request.headers.get("X-Line-Retry-Key"),
            body=_body(),
            answer=response.get_json(silent=True) if response.is_json else None,
        )
        if fault and fault.kind == "timeout":
            world.stopping.wait(fault.seconds)
        if fault and fault.kind == "reset_after":
            return _broken_connection()
        return response

    @api.post("/bot/message/reply")
    def reply() -> Answer:
        body = _body()
        if request.headers.get("X-Line-Retry-Key") is not None:
            return _answer(400, message="The retry key can't be used for this endpoint")
        refusal = _missing(body, "replyToken") or check_messages(body.get("messages"))
        if refusal:
            return _refused(refusal)
        token = world.take_token(str(body["replyToken"]))
        chat = world.find(token.chat) if token else None
        if token is None or chat is None:
            return _answer(400, message="Invalid reply token")
        ms = round((world.clock() - token.event_at) * 1000)
        return _answer(200, sentMessages=world.deliver(chat, body["messages"], "reply", ms))

    def send(via: str, recipients: list[Chat], messages: list[Json]) -> Answer:
        """Count, deliver and remember a message that costs quota; the lock makes a repeated key wait for the first."""
        key = request.headers.get("X-Line-Retry-Key")
        if key is not None and not _UUID.fullmatch(key):
            return _answer(400, message="The value of X-Line-Retry-Key is invalid")
        with world.lock:
            before = world.accepted_before(key) if key else None
            if before:
                answer, status = _answer(409, message="The retry key is already accepted", **before["answer"])
                answer.headers["x-line-accepted-request-id"] = before["request_id"]
                return answer, status
            # LINE does not count those who blocked the account or never followed it.
            reached = [chat for chat in recipients if chat.standing not in ("blocked", "left")]
            if not world.spend(sum(len(chat.members) or 1 for chat in reached)):
                return _answer(429, message=MONTHLY_LIMIT)
            sent = [world.deliver(chat, messages, via) for chat in recipients]
            answer_body: Json = {"sentMessages": sent[0]} if via == "push" else {}
            if key:
                world.retry_keys[key] = {
                    "request_id": g.line_request_id,
                    "answer": answer_body,
                    "at": world.clock(),
                }
            return _answer(200, **answer_body)

    @api.post("/bot/message/push")
    def push() -> Answer:
        body = _body()
        refusal = _missing(body, "to") or check_messages(body.get("messages"))
        if refusal:
            return _refused(refusal)
        chat = world.find(str(body["to"])) if _RECIPIENT.fullmatch(str(body["to"])) else None
        if chat is None:
            return _answer(400, message="The property, 'to', in the request body is invalid (line: -, column: -)")
        if chat.kind == "group" and chat.standing != "joined":
            return _answer(400, message="Failed to send messages")
        return send("push", [chat], body["messages"])

    @api.post("/bot/message/multicast")
    def multicast() -> Answer:
        body = _body()
        found = Findings()
        wanted = found.count(Place("to"), body.get("to"), 1, RECIPIENTS_PER_CALL)
        for index, one in enumerate(wanted):
            if not (isinstance(one, str) and _RECIPIENT.fullmatch(one) and one[0] == "U"):
                found.add(Place("to").item(index), "Must be a user ID")
        refusal = errors(found) if found.details else check_messages(body.get("messages"))
        if refusal:
            return _refused(refusal)
        # Users that do not exist are passed over in silence, as LINE does.
        known = [chat for one in dict.fromkeys(str(w) for w in wanted) if (chat := world.find(one))]
        return send("multicast", known, body["messages"])

    @api.post("/bot/message/broadcast")
    def broadcast() -> Answer:
        body = _body()
        refusal = check_messages(body.get("messages"))
        if refusal:
            return _refused(refusal)
        friends = [chat for chat in world.chats.values() if chat.kind == "user"]
        return send("broadcast", friends, body["messages"])

    @api.post("/bot/message/narrowcast")
    def narrowcast() -> Answer:
        return _answer(403, message="This stand-in does not narrowcast; use multicast")

    @api.post("/bot/message/validate/<kind>")
    def validate(kind: str) -> Answer:
        if kind not in ("reply", "push", "multicast", "narrowcast", "broadcast"):
            return _answer(404, message="Not found")
        refusal = check_messages(_body().get("messages"))
        return _refused(refusal) if refusal else _answer(200)

    @api.post("/bot/chat/loading/start")
    def loading() -> Answer:
        body = _body()
        chat, seconds = world.find(str(body.get("chatId"))), body.get("loadingSeconds", 20)
        if chat is None or chat.kind != "user" or chat.id != body.get("chatId"):
            return _answer(400, message="The value for the 'chatId' parameter is invalid")
        if not isinstance(seconds, int) or seconds % 5 or not 5 <= seconds <= 60:
            return _answer(400, message="The value for the 'loadingSeconds' parameter is invalid")
        world.show_typing(chat, seconds)
        return _answer(202)

    @api.get("/bot/message/quota")
    def quota() -> Answer:
        limit = world.settings.quota
        return _answer(200, type="none") if limit is None else _answer(200, type="limited", value=limit)

    @api.get("/bot/message/quota/consumption")
    def consumption() -> Answer:
        return _answer(200, totalUsage=world.quota_used())

    @api.get("/bot/info")
    def info() -> Answer:
        return _answer(
            200,
            userId=world.bot_id,
            basicId="@000simul",
            displayName=BOT_NAME,
            chatMode="bot",
            markAsReadMode="auto",
        )

    @api.get("/bot/profile/<user>")
    def profile(user: str) -> Answer:
        chat = world.chats.get(user)
        if chat is None or chat.kind != "user" or chat.standing == "blocked":
            return _answer(404, message="Not found")
        return _answer(200, userId=chat.id, displayName=chat.name, language="th")

    @api.get("/bot/group/<group>/summary")
    def summary(group: str) -> Answer:
        chat = world.chats.get(group)
        if chat is None or chat.kind != "group" or chat.standing != "joined":
            return _answer(404, message="Not found")
        return _answer(200, groupId=chat.id, groupName=chat.name)

    @api.post("/bot/group/<group>/leave")
    def leave(group: str) -> Answer:
        chat = world.chats.get(group)
        if chat is None or chat.kind != "group" or chat.standing != "joined":
            return _answer(404, message="Not found")
        world.set_standing(chat, "left")
        return _answer(200)

    @api.put("/bot/channel/webhook/endpoint")
    def set_endpoint() -> Answer:
        try:
            require_loopback_url(str(_body().get("endpoint")))
        except SimulatorRefused as error:
            return _answer(400, message=str(error))
        world.settings.webhook_url = str(_body()["endpoint"])
        return _answer(200)

    @api.get("/bot/channel/webhook/endpoint")
    def endpoint() -> Answer:
        return _answer(200, endpoint=world.settings.webhook_url, active=True)

    @api.post("/bot/channel/webhook/test")
    def test_endpoint() -> Answer:
        outcome = courier.post([])
        status = int(outcome) if outcome.isdigit() else 0
        ok = 200 <= status < 300
        return _answer(
            200,
            success=ok,
            timestamp=world.now_ms(),
            statusCode=status,
            reason="OK" if ok else "COULD_NOT_CONNECT" if outcome == "unreachable" else "ERROR_STATUS_CODE",
            detail=outcome,
        )

    add_rich_menus(api, world)

    @api.route("/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
    def unknown(rest: str) -> Answer:
        return _answer(404, message="Not found")

    return api


def _body() -> Json:
    body = request.get_json(force=True, silent=True)
    return body if isinstance(body, dict) else {}


def _answer(status: int, **body: Any) -> Answer:
    return jsonify(body), status


def _refused(refusal: Json) -> Answer:
    return jsonify(refusal), 400


def _missing(body: Json, name: str) -> Json | None:
    if body.get(name):
        return None
    found = Findings()
    found.add(Place(name), "May not be empty")
    return errors(found)


def _broken_connection() -> Response:
    """Close the caller's connection with a TCP reset and without an answer (needs werkzeug's own server)."""
    connection: socket.socket | None = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The server reads what is left of the request afterwards: it finds an end there, and nothing to log.
        ended, other = socket.socketpair()
        with ended:
            other.close()
            os.dup2(ended.fileno(), connection.fileno())

    def nothing() -> Iterator[bytes]:
        raise ConnectionResetError
        yield b""

    return Response(nothing(), 500, direct_passthrough=True)


def loopback_host(header: str) -> str:
    """The host of a Host or Origin header, without scheme and port."""
    return urlsplit(header if "//" in header else f"//{header}").hostname or ""
