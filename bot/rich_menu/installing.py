"""The menu's way to LINE and back. People always see one menu: the new one is the default before an older one goes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.line import Line, RichMenu
from bot.rich_menu import menu


@dataclass(frozen=True)
class Installed:
    """What LINE keeps: `default` is shown to everyone (None: none that the API made), `ours` are this program's."""

    default: RichMenu | None
    ours: tuple[RichMenu, ...]

    @property
    def default_is_ours(self) -> bool:
        """Whether people see a menu of this program, of whatever version."""
        return self.default in self.ours

    @property
    def up_to_date(self) -> bool:
        """Whether people see the menu that this program ships. A default has its image, or LINE had refused it."""
        return self.default is not None and self.default.name == menu.name()


@dataclass(frozen=True)
class Change:
    """What a call did: whether it put up a menu, how many old ones it deleted, and whose place the new one took."""

    created: bool
    deleted: int
    displaced: RichMenu | None = None


def installed(line: Line) -> Installed:
    """What LINE keeps now. Raises LineError."""
    menus = line.rich_menus()
    default_id = line.default_rich_menu()
    # The default may be younger than the list, or be kept from it: then it is nobody's we know.
    default = next((one for one in menus if one.id == default_id), None) if default_id else None
    if default is None and default_id:
        default = RichMenu(default_id, "")
    return Installed(default, tuple(one for one in menus if one.name.startswith(menu.NAME_PREFIX)))


def install(line: Line) -> Change:
    """Show the shipped menu to everyone and delete our older ones. Raises LineError.

    Safe to repeat, also after a failure at any point: what an interrupted call left behind is deleted by the next one.
    Menus that are not ours are kept; one that was the default is named.
    """
    before = installed(line)
    created = not before.up_to_date
    shown = before.default.id if before.default and not created else ""
    if created:
        shown = line.create_rich_menu(menu.line_object())
        line.upload_rich_menu_image(shown, menu.image())
        line.set_default_rich_menu(shown)
    # Only what was there before: a menu that another machine puts up at the same time is not an old one.
    old = [one for one in before.ours if one.id != shown]
    for one in old:
        line.delete_rich_menu(one.id)
    displaced = before.default if created and not before.default_is_ours else None
    return Change(created, len(old), displaced)


def remove(line: Line) -> Change:
    """Show no menu of ours any longer and delete them all; others' stay as they are. Raises LineError."""
    before = installed(line)
    if before.default_is_ours:
        line.cancel_default_rich_menu()
    for one in before.ours:
        line.delete_rich_menu(one.id)
    return Change(created=False, deleted=len(before.ours))
