"""The second step of signing in: codes of an authenticator (TOTP, RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import re
import secrets
import time

import pyotp
import segno

from bot.admin.passwords import token_hash

# In Latin letters: Thai ones take nine characters each there, and the picture becomes too fine for a camera.
ISSUER = "Lertrat"
STEP_SECONDS = 30
RECOVERY_CODES = 10
# Letters and digits that are not taken for one another on paper: 5 bits each.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 12


def new_secret() -> str:
    """160 bits, in base 32."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(secret: str, name: str) -> str:
    """The same as an SVG without style, on white."""
    return segno.make(address(secret, name), error="m").svg_inline(
        border=4, light="#fff", dark="#000", title="คิวอาร์โค้ดสำหรับแอปยืนยันตัวตน", omitsize=True
    )


def step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to, the one before and the one after the present included; None when it is wrong."""
    digits = re.sub(r"\s", "", code)
    if not secret or not re.fullmatch(r"[0-9]{6}", digits):
        return None
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP_SECONDS
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Codes of some 59 bits, in three groups."""
    return ["-".join(_drawn(4) for _ in range(3)) for _ in range(RECOVERY_CODES)]


def looks_like_recovery(code: str) -> bool:
    """Whether it is a recovery code rather than one of the authenticator."""
    return len(_plain(code)) == _RECOVERY_LENGTH


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return token_hash(_plain(code))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()


def _drawn(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
