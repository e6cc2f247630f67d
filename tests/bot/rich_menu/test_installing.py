"""Putting the menu up and taking it down, over HTTP at the stand-in: at every moment people see one whole menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.line import Line, PermanentError, RetryableError, RichMenu
from bot.rich_menu import menu
from bot.rich_menu.installing import Change, install, installed, remove
from bot.simulator.config import SimulatorConfig
from bot.simulator.server import Running, running
from tests.bot.rich_menu.conftest import TOKEN, break_next, calls

OLD = {**menu.line_object(), "name": menu.NAME_PREFIX + "of last year"}
THEIRS = {**menu.line_object(), "name": "Songkran 2570"}


def put_up(line: Line, told: dict[str, object]) -> str:
    identity = line.create_rich_menu(told)
    line.upload_rich_menu_image(identity, menu.image())
    line.set_default_rich_menu(identity)
    return identity


def test_it_is_created_drawn_and_shown_in_this_order(line: Line, stand_in: Running) -> None:
    assert install(line) == Change(created=True, deleted=0)
    assert calls(stand_in) == ["POST richmenu", "POST richmenu/content", "POST user/all/richmenu"]
    found = installed(line)
    assert found.up_to_date
    assert found.default_is_ours
    [kept] = stand_in.world.rich_menus.kept.values()
    assert kept.told == menu.line_object()
    assert (kept.image, kept.image_type) == (menu.image(), "image/png")


def test_again_it_changes_nothing(line: Line, stand_in: Running) -> None:
    install(line)
    before = calls(stand_in)
    assert install(line) == Change(created=False, deleted=0)
    assert calls(stand_in) == before


def test_an_older_one_goes_only_after_the_new_one_is_shown(line: Line, stand_in: Running) -> None:
    put_up(line, OLD)
    before = len(calls(stand_in))
    assert install(line) == Change(created=True, deleted=1)
    assert calls(stand_in)[before:] == [
        *("POST richmenu", "POST richmenu/content", "POST user/all/richmenu"),
        "DELETE richmenu",
    ]
    assert [one.name for one in installed(line).ours] == [menu.name()]


def test_somebody_elses_menu_is_kept_and_named(line: Line) -> None:
    theirs = put_up(line, THEIRS)
    assert install(line) == Change(created=True, deleted=0, displaced=RichMenu(theirs, "Songkran 2570"))
    assert theirs in {one.id for one in line.rich_menus()}


@pytest.mark.parametrize("kind", ["500", "reset", "reset_after"])
@pytest.mark.parametrize(
    "path",
    ["/v2/bot/richmenu/list", "/v2/bot/richmenu", "/v2/bot/richmenu/richmenu-", "/v2/bot/user/all/richmenu/richmenu-"],
    ids=["list", "create", "image", "default"],
)
def test_a_failure_leaves_a_whole_menu_and_the_next_call_tidies_up(
    line: Line, stand_in: Running, path: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_up(line, OLD)
    with monkeypatch.context() as patch:
        if path == "/v2/bot/richmenu":
            # A fault goes by the beginning of a path, which the list shares: so the list is known already.
            listed = line.rich_menus()
            patch.setattr(line, "rich_menus", lambda: listed)
        break_next(stand_in, path, kind)
        with pytest.raises(RetryableError):
            install(line)
    shown = stand_in.world.rich_menus.kept[stand_in.world.rich_menus.default]
    assert shown.image
    install(line)
    found = installed(line)
    assert found.up_to_date
    assert len(found.ours) == 1


def test_taken_down_nothing_of_ours_is_left(line: Line, stand_in: Running) -> None:
    theirs = line.create_rich_menu(THEIRS)
    put_up(line, OLD)
    install(line)
    line.create_rich_menu(OLD)
    assert remove(line) == Change(created=False, deleted=2)
    assert line.default_rich_menu() is None
    assert [one.id for one in line.rich_menus()] == [theirs]
    assert remove(line) == Change(created=False, deleted=0)


def test_taking_down_leaves_somebody_elses_default(line: Line) -> None:
    line.create_rich_menu(OLD)
    theirs = put_up(line, THEIRS)
    assert remove(line).deleted == 1
    assert line.default_rich_menu() == theirs


def test_one_that_is_gone_already_is_no_failure(line: Line) -> None:
    line.delete_rich_menu("richmenu-" + "0" * 32)


def test_a_wrong_token_is_permanent(stand_in: Running) -> None:
    with pytest.raises(PermanentError, match="401"):
        install(Line("another-token", stand_in.url, "key-of-the-logs"))


@pytest.fixture
def data_host(stand_in: Running) -> Iterator[Running]:
    """A second host, as LINE has one for content."""
    config = SimulatorConfig("http://127.0.0.1:9/webhook", channel_secret="s", channel_access_token=TOKEN)
    with running(config) as other:
        yield other


def test_the_image_goes_to_the_host_for_content(stand_in: Running, data_host: Running) -> None:
    line = Line(TOKEN, stand_in.url, "key-of-the-logs", data_host=data_host.url)
    with pytest.raises(PermanentError, match="richmenu not found"):
        install(line)
    assert calls(stand_in) == ["POST richmenu"]
    assert calls(data_host) == ["POST richmenu/content"]
