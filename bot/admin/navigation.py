"""The console's menu: the pages in the order in which people need them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_login import current_user

from bot.admin.roles import at_least


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: str
    address: str
    is_current: bool


# Endpoint, label, least role. What is not served yet is left out.
MENU = (
    ("admin.home.index", "หน้าหลัก", "viewer"),
    ("admin.knowledge.index", "ความรู้", "viewer"),
    ("admin.inbox.index", "กล่องคำถาม", "viewer"),
    ("admin.try_it.index", "ลองถาม", "viewer"),
    ("admin.calendar.index", "ปฏิทิน", "viewer"),
    ("admin.broadcasts.index", "ข้อความ", "viewer"),
    ("admin.statistics.index", "สถิติ", "viewer"),
    ("admin.rulebook.index", "เกณฑ์", "viewer"),
    ("admin.privacy.index", "ข้อมูลส่วนบุคคล", "viewer"),
    ("admin.users.index", "ผู้ใช้", "owner"),
    ("admin.audit_log.index", "บันทึกการทำงาน", "publisher"),
)


def entries() -> list[Entry]:
    """What the signed-in account may open; empty before all steps of the sign-in are taken."""
    if current_user.is_anonymous or not current_user.is_authenticated:
        return []
    here = (request.endpoint or "").rpartition(".")[0]
    return [
        Entry(label, url_for(endpoint), _leads_to(endpoint.rpartition(".")[0], here))
        for endpoint, label, role in MENU
        if endpoint in current_app.view_functions and at_least(current_user.user.role, role)
    ]


def _leads_to(page: str, here: str) -> bool:
    """Whether the page that is shown is this one, or one of its own such as knowledge_publish."""
    return here == page or here.startswith(f"{page}_")
