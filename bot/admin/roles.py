"""Who may do what: four roles in a row, each may do all that the ones before it may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

ROLES = ("viewer", "editor", "publisher", "owner")
THAI = {
    "viewer": "ผู้ดู",
    "editor": "ผู้แก้ไข",
    "publisher": "ผู้เผยแพร่",
    "owner": "เจ้าของระบบ",
}
MAY = {
    "viewer": "เปิดดูได้ แต่แก้ไขอะไรไม่ได้",
    "editor": "แก้ไขความรู้เป็นฉบับร่าง และตอบคำถามในกล่องคำถามได้",
    "publisher": "เผยแพร่ความรู้ และส่งข้อความถึงผู้ติดตามได้",
    "owner": "ทำได้ทุกอย่าง รวมทั้งจัดการผู้ใช้และข้อมูลส่วนบุคคล",
}
# Their account alone decides what all staff are told.
TWO_STEP = ("publisher", "owner")
# Stages of signing in, and "anyone" who need not sign in at all.
ANYONE = "anyone"
TWO_STEP_STAGE = "two_step"
ENROL_STAGE = "enrol"
FULL = "full"

View = TypeVar("View", bound=Callable[..., Any])


def at_least(role: str, needed: str) -> bool:
    """Whether `role` may do what `needed` may."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)


def needs(role: str, stage: str = FULL) -> Callable[[View], View]:
    """Mark a view with the least role that may open it, or with ANYONE; bot.admin.guard refuses a view without mark."""
    if role not in (*ROLES, ANYONE):
        raise ValueError(f"no such role: {role}")

    def mark(view: View) -> View:
        view.needs_role = role  # type: ignore[attr-defined]
        view.needs_stage = stage  # type: ignore[attr-defined]
        return view

    return mark
