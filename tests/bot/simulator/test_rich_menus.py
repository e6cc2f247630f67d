"""The stand-in's rich menus, over HTTP."""

from __future__ import annotations

import http.client
import json
import struct
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.simulator.server import Running
from tests.bot.simulator.echo_bot import TOKEN, Answer, Json

Api = Callable[..., Answer]


def png(width: int, height: int, padding: int = 0) -> bytes:
    """A black PNG; `padding` bytes are added in a chunk that no viewer reads."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\0" * width) * height))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"juNk", b"\0" * padding) + rows + chunk(b"IEND", b"")


def jpeg_head(width: int, height: int) -> bytes:
    table = b"\xff\xdb" + struct.pack(">H", 67) + b"\0" * 65
    return b"\xff\xd8" + table + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + b"\0" * 12


def menu(**changes: Any) -> Json:
    area = {
        "bounds": {"x": 0, "y": 0, "width": 400, "height": 270},
        "action": {"type": "message", "label": "ถาม", "text": "ถาม"},
    }
    told = {
        "size": {"width": 800, "height": 270},
        "selected": True,
        "name": "a menu",
        "chatBarText": "เมนู",
        "areas": [area],
    }
    return {**told, **changes}


@pytest.fixture
def upload(simulator: Running) -> Callable[..., tuple[int, Json]]:
    def send(identity: str, data: bytes, content_type: str = "image/png") -> tuple[int, Json]:
        connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=5)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": content_type}
        connection.request("POST", f"/v2/bot/richmenu/{identity}/content", data, headers)
        response = connection.getresponse()
        told: Json = json.loads(response.read())
        connection.close()
        return response.status, told

    return send


Upload = Callable[..., tuple[int, Json]]


def test_a_menu_is_created_drawn_shown_and_deleted(api: Api, upload: Upload) -> None:
    identity = api("POST", "/v2/bot/richmenu", menu()).body["richMenuId"]
    assert api("GET", "/v2/bot/user/all/richmenu").status == 404
    early = api("POST", f"/v2/bot/user/all/richmenu/{identity}")
    assert (early.status, early.body["message"]) == (400, "must upload richmenu image before applying it to user")
    assert api("GET", f"/v2/bot/richmenu/{identity}/content").status == 404
    assert upload(identity, png(800, 270)) == (200, {})
    assert api("POST", f"/v2/bot/user/all/richmenu/{identity}").status == 200
    assert api("GET", "/v2/bot/user/all/richmenu").body == {"richMenuId": identity}
    told = {"richMenuId": identity, **menu()}
    assert api("GET", f"/v2/bot/richmenu/{identity}").body == told
    assert api("GET", "/v2/bot/richmenu/list").body == {"richmenus": [told]}
    assert api("GET", "/simulator/updates").body["richMenu"] == told
    assert api("DELETE", f"/v2/bot/richmenu/{identity}").status == 200
    assert api("GET", "/v2/bot/richmenu/list").body == {"richmenus": []}
    assert api("GET", "/v2/bot/user/all/richmenu").status == 404
    assert api("GET", "/simulator/updates").body["richMenu"] is None


def test_a_default_can_be_cancelled(api: Api, upload: Upload) -> None:
    identity = api("POST", "/v2/bot/richmenu", menu()).body["richMenuId"]
    upload(identity, png(800, 270))
    api("POST", f"/v2/bot/user/all/richmenu/{identity}")
    assert api("DELETE", "/v2/bot/user/all/richmenu").status == 200
    assert api("GET", "/v2/bot/user/all/richmenu").body["message"] == "no default richmenu"
    assert api("GET", f"/v2/bot/richmenu/{identity}").status == 200


def test_clearing_the_chats_keeps_the_menu(api: Api, upload: Upload) -> None:
    identity = api("POST", "/v2/bot/richmenu", menu()).body["richMenuId"]
    upload(identity, png(800, 270))
    api("POST", f"/v2/bot/user/all/richmenu/{identity}")
    api("POST", "/simulator/reset")
    assert api("GET", "/v2/bot/user/all/richmenu").body == {"richMenuId": identity}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"size": {"width": 799, "height": 270}}, "size.width"),
        ({"size": {"width": 2501, "height": 1686}}, "size.width"),
        ({"size": {"width": 800, "height": 249}}, "size.height"),
        ({"size": {"width": 800, "height": 552}}, "size"),
        ({"size": None}, "size"),
        ({"selected": None}, "selected"),
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"chatBarText": "x" * 15}, "chatBarText"),
        ({"chatBarText": None}, "chatBarText"),
        ({"areas": menu()["areas"] * 21}, "areas"),
        (
            {"areas": [{**menu()["areas"][0], "bounds": {"x": 500, "y": 0, "width": 400, "height": 270}}]},
            "areas[0].bounds",
        ),
        (
            {"areas": [{**menu()["areas"][0], "bounds": {"x": -1, "y": 0, "width": 400, "height": 270}}]},
            "areas[0].bounds",
        ),
        ({"areas": [{**menu()["areas"][0], "action": {"type": "message"}}]}, "areas[0].action.text"),
    ],
)
def test_what_line_refuses_is_refused_and_validated_alike(api: Api, changes: Json, place: str) -> None:
    for path in ("/v2/bot/richmenu", "/v2/bot/richmenu/validate"):
        refused = api("POST", path, menu(**changes))
        assert refused.status == 400
        assert place in [detail["property"] for detail in refused.body["details"]]
    assert api("GET", "/v2/bot/richmenu/list").body == {"richmenus": []}


def test_a_good_menu_is_validated_and_not_kept(api: Api) -> None:
    assert api("POST", "/v2/bot/richmenu/validate", menu()).status == 200
    assert api("GET", "/v2/bot/richmenu/list").body == {"richmenus": []}


def test_only_one_fitting_image_is_taken(api: Api, upload: Upload) -> None:
    identity = api("POST", "/v2/bot/richmenu", menu()).body["richMenuId"]
    assert upload("richmenu-" + "0" * 32, png(800, 270))[0] == 404
    assert upload(identity, png(800, 270), "image/gif")[0] == 415
    assert upload(identity, png(800, 270, padding=1024 * 1024))[0] == 413
    assert upload(identity, png(801, 270))[0] == 400
    assert upload(identity, png(800, 270), "image/jpeg")[0] == 400
    assert upload(identity, jpeg_head(270, 800), "image/jpeg")[0] == 400
    assert upload(identity, b"")[0] == 400
    assert upload(identity, jpeg_head(800, 270), "image/jpeg")[0] == 200
    again = upload(identity, png(800, 270))
    assert again == (400, {"message": "An image has already been uploaded to the richmenu"})


def test_a_thousand_menus_are_the_most(api: Api, simulator: Running) -> None:
    for _ in range(1000):
        simulator.world.rich_menus.create(menu())
    assert api("POST", "/v2/bot/richmenu", menu()).status == 400


def test_a_strange_token_is_refused(api: Api) -> None:
    assert api("GET", "/v2/bot/richmenu/list", token="another").status == 401
