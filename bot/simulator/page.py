"""The chat page and the control routes behind it, which tests use just as well."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from bot.simulator.api import FAULT_KINDS
from bot.simulator.config import SimulatorRefused, require_loopback_url
from bot.simulator.delivery import Courier
from bot.simulator.events import ActionRefused, perform
from bot.simulator.world import BOT_NAME, Chat, Fault, Json, World

Answer = tuple[Response, int]

LONGEST_WAIT_SECONDS = 25.0


def chat_page(world: World, courier: Courier) -> Blueprint:
    """`/` and `/simulator/…`. Refusals are 400 `{"error": "…"}` with a text for the page."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

    @page.get("/")
    def index() -> str:
        return render_template("chat.html", bot_name=BOT_NAME)

    @page.get("/simulator/health")
    def health() -> Answer:
        return _answer(200, ok=True)

    @page.get("/simulator/updates")
    def updates() -> Answer:
        """What changed after `since`; waits until something does. Another `epoch` means: forget all you knew."""
        since = request.args.get("since", 0, type=int)
        epoch = request.args.get("epoch")
        world.wait_for(lambda: world.version > since or world.epoch != epoch, LONGEST_WAIT_SECONDS)
        with world.lock:
            if world.epoch != epoch:
                since = 0
            return _answer(
                200,
                epoch=world.epoch,
                version=world.version,
                reset=since == 0,
                chats=[_chat(world, chat, since) for chat in world.chats.values()],
                tools=_tools(world),
                richMenu=world.rich_menus.shown(),
            )

    @page.get("/simulator/rich-menus/<identity>/image")
    def rich_menu_image(identity: str) -> Answer | Response:
        menu = world.rich_menus.kept.get(identity)
        if menu is None or not menu.image:
            return _answer(404, error="ไม่พบเมนูนี้")
        return Response(menu.image, mimetype=menu.image_type)

    @page.get("/simulator/messages")
    def messages() -> Answer:
        """One chat's messages with `seq` above `after`; with `wait`, blocks until the assistant said something."""
        chat = world.find(request.args.get("user") or request.args.get("chat") or "")
        if chat is None:
            return _answer(404, error="ไม่พบห้องแชตนี้")
        after = request.args.get("after", 0, type=int)
        wait = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT_SECONDS)
        world.wait_for(lambda: any(m.author == "bot" and m.seq > after for m in chat.messages), wait)
        with world.lock:
            newer = [asdict(m) for m in chat.messages if m.seq > after]
            return _answer(200, version=world.version, standing=chat.standing, messages=newer)

    @page.post("/simulator/actions")
    def actions() -> Answer:
        """One action, or `{"actions": […]}` as one webhook of several events, sent `copies` times."""
        body = _body()
        wanted = body.get("actions", [body])
        try:
            with world.lock:
                events = [event for action in wanted for event in perform(world, action)]
                version = world.version
        except ActionRefused as error:
            return _answer(400, error=str(error))
        courier.send(events, copies=int(body.get("copies") or (2 if world.settings.duplicate else 1)))
        return _answer(200, events=events, version=version)

    @page.post("/simulator/users")
    def add_user() -> Answer:
        name = str(_body().get("name", "")).strip()[:40]
        if not name:
            return _answer(400, error="กรุณาตั้งชื่อผู้ใช้")
        if world.find(name):
            return _answer(400, error="มีชื่อนี้แล้ว กรุณาใช้ชื่ออื่น")
        return _answer(200, id=world.add_user(name).id)

    @page.post("/simulator/groups")
    def add_group() -> Answer:
        body = _body()
        name = str(body.get("name", "")).strip()[:40]
        members = [chat.id for one in body.get("members", []) if (chat := world.find(str(one)))]
        if not name or not members:
            return _answer(400, error="กลุ่มต้องมีชื่อและสมาชิก")
        return _answer(200, id=world.add_group(name, members).id)

    @page.get("/simulator/settings")
    def settings() -> Answer:
        return _answer(200, **_tools(world))

    @page.put("/simulator/settings")
    def change_settings() -> Answer:
        """Any of `redelivery`, `duplicate` (bool), `quota` (number or null), `used` (number), `webhook_url`."""
        body = _body()
        try:
            if "webhook_url" in body:
                require_loopback_url(str(body["webhook_url"]))
        except SimulatorRefused as error:
            return _answer(400, error=str(error))
        with world.lock:
            for name in ("redelivery", "duplicate", "quota", "webhook_url"):
                if name in body:
                    setattr(world.settings, name, body[name])
            if "used" in body:
                world.used[world.month()] = int(body["used"])
            world.touch()
        return _answer(200, **_tools(world))

    @page.get("/simulator/faults")
    def faults() -> Answer:
        return _answer(200, faults=[asdict(fault) for fault in world.faults], kinds=FAULT_KINDS)

    @page.post("/simulator/faults")
    def add_fault() -> Answer:
        """`kind` (of FAULT_KINDS), `count` (1), `path` (prefix, "/v2/"), `seconds` (how long a timeout hangs)."""
        body = _body()
        if body.get("kind") not in FAULT_KINDS:
            return _answer(400, error=f"kind must be one of {', '.join(FAULT_KINDS)}")
        held = float(body.get("seconds", world.config.fault_hold_seconds))
        with world.lock:
            count = int(body.get("count", 1))
            world.faults.append(Fault(str(body["kind"]), count, str(body.get("path", "/v2/")), held))
            world.touch()
        return faults()

    @page.delete("/simulator/faults")
    def clear_faults() -> Answer:
        with world.lock:
            world.faults.clear()
            world.touch()
        return faults()

    @page.post("/simulator/redeliver")
    def redeliver() -> Answer:
        """The last webhook again: `{"redelivery": true}` marks it so, else it is a plain duplicate."""
        return _answer(200, events=courier.send_again(bool(_body().get("redelivery"))))

    @page.post("/simulator/reset")
    def reset() -> Answer:
        world.clear()
        return _answer(200)

    @page.get("/simulator/calls")
    def calls() -> Answer:
        """The API calls that were received, oldest first (the last 1,000)."""
        return _answer(200, calls=world.log_of(world.calls))

    @page.get("/simulator/webhooks")
    def webhooks() -> Answer:
        """The webhooks that were sent, each attempt, oldest first (the last 1,000)."""
        return _answer(200, webhooks=world.log_of(world.webhooks))

    return page


def _chat(world: World, chat: Chat, since: int) -> Json:
    return {
        "id": chat.id,
        "kind": chat.kind,
        "name": chat.name,
        "standing": chat.standing,
        "members": [{"id": m, "name": world.chats[m].name} for m in chat.members if m in world.chats],
        "typingMs": max(0, round((chat.typing_until - world.clock()) * 1000)),
        "messages": [asdict(message) for message in chat.messages if message.seq > since],
    }


def _tools(world: World) -> Json:
    with world.lock:
        recent = [{k: call[k] for k in ("path", "status", "fault", "at")} for call in world.log_of(world.calls)[-6:]]
        return {
            **asdict(world.settings),
            "used": world.quota_used(),
            "faults": [asdict(fault) for fault in world.faults],
            "calls": recent,
        }


def _body() -> Json:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _answer(status: int, **body: Any) -> Answer:
    return jsonify(body), status
