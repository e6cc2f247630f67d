"""The rich menu routes under /v2/bot, for a default menu: the ones that this program's installer and others call."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.rich_menus import MENUS_PER_CHANNEL, RichMenu, check_image, check_menu
from bot.simulator.validation import errors
from bot.simulator.world import World

Answer = tuple[Response, int]


def add_rich_menus(api: Blueprint, world: World) -> None:
    """Add the routes to LINE's blueprint, which admits the callers and logs the calls."""
    menus = world.rich_menus

    @api.post("/bot/richmenu")
    def create_rich_menu() -> Answer:
        body = _body()
        found = check_menu(body)
        if found.details:
            return jsonify(errors(found)), 400
        with world.lock:
            if len(menus.kept) >= MENUS_PER_CHANNEL:
                return _answer(400, message="The maximum number of rich menus has been exceeded")
            return _answer(200, richMenuId=menus.create(body).id)

    @api.post("/bot/richmenu/validate")
    def validate_rich_menu() -> Answer:
        found = check_menu(_body())
        return (jsonify(errors(found)), 400) if found.details else _answer(200)

    @api.get("/bot/richmenu/list")
    def list_rich_menus() -> Answer:
        with world.lock:
            return _answer(200, richmenus=[_told(menu) for menu in menus.kept.values()])

    @api.get("/bot/richmenu/<identity>")
    def get_rich_menu(identity: str) -> Answer:
        menu = menus.kept.get(identity)
        return _answer(200, **_told(menu)) if menu else _not_found()

    @api.delete("/bot/richmenu/<identity>")
    def delete_rich_menu(identity: str) -> Answer:
        with world.lock:
            menu = menus.kept.get(identity)
            if menu is None:
                return _not_found()
            menus.delete(menu)
            world.touch()
        return _answer(200)

    @api.post("/bot/richmenu/<identity>/content")
    def set_image(identity: str) -> Answer:
        with world.lock:
            menu = menus.kept.get(identity)
            if menu is None:
                return _not_found()
            refusal = check_image(menu, request.mimetype, request.get_data())
            if refusal:
                return _answer(refusal[0], message=refusal[1])
            menu.image, menu.image_type = request.get_data(), request.mimetype
        return _answer(200)

    @api.get("/bot/richmenu/<identity>/content")
    def get_image(identity: str) -> Answer | Response:
        menu = menus.kept.get(identity)
        return Response(menu.image, mimetype=menu.image_type) if menu and menu.image else _not_found()

    @api.post("/bot/user/all/richmenu/<identity>")
    def set_default(identity: str) -> Answer:
        with world.lock:
            menu = menus.kept.get(identity)
            if menu is None:
                return _not_found()
            if not menu.image:
                return _answer(400, message="must upload richmenu image before applying it to user")
            menus.default = menu.id
            world.touch()
        return _answer(200)

    @api.get("/bot/user/all/richmenu")
    def get_default() -> Answer:
        return _answer(200, richMenuId=menus.default) if menus.default else _answer(404, message="no default richmenu")

    @api.delete("/bot/user/all/richmenu")
    def cancel_default() -> Answer:
        with world.lock:
            menus.default = ""
            world.touch()
        return _answer(200)


def _told(menu: RichMenu) -> dict[str, Any]:
    return {"richMenuId": menu.id, **menu.told}


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    return body if isinstance(body, dict) else {}


def _not_found() -> Answer:
    return _answer(404, message="richmenu not found")


def _answer(status: int, **body: Any) -> Answer:
    return jsonify(body), status
