"""Passwords and the secrets of links: argon2 for what people choose, SHA-256 for what the program draws by chance."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST = 12
LONGEST = 200  # argon2 takes any length; a whole book is no password
FEWEST_DIFFERENT = 5

# OWASP's advice and somewhat more; several sign-ins at once must not fill the web process's memory.
ROUNDS = 3
MEMORY_KIB = 32 * 1024
_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its parameters."""
    return _hasher.hash(_normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; None for no such account, which takes as long and is never right."""
    try:
        return _hasher.verify(password_hash or _nobodys(), _normal(password)) and password_hash is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def problem_with(password: str, *names: str) -> str:
    """What is wrong with a new password, as a sentence in Thai; "" when nothing is. `names`: what it must not hold."""
    text = _normal(password)
    if len(text) < SHORTEST:
        return f"รหัสผ่านสั้นเกินไป กรุณาใช้อย่างน้อย {SHORTEST} ตัวอักษร จะเป็นประโยคที่จำง่ายก็ได้"
    if len(text) > LONGEST:
        return f"รหัสผ่านยาวเกินไป กรุณาใช้ไม่เกิน {LONGEST} ตัวอักษร"
    if len(set(text)) < FEWEST_DIFFERENT:
        return "รหัสผ่านเดาง่ายเกินไป กรุณาใช้ตัวอักษรที่หลากหลายกว่านี้"
    if text.isdecimal():
        return "รหัสผ่านมีแต่ตัวเลขซึ่งเดาง่าย กรุณาเพิ่มตัวอักษรด้วย"
    folded = text.casefold()
    if any(name and len(name) > 2 and name.casefold() in folded for name in names):
        return "รหัสผ่านต้องไม่มีชื่อผู้ใช้อยู่ข้างใน"
    if _is_a_run(folded) or any(common in folded for common in ("password", "รหัสผ่าน", "qwerty", "1234567")):
        return "รหัสผ่านเดาง่ายเกินไป กรุณาเลี่ยงคำว่า password และตัวเลขเรียงกัน"
    return ""


def token() -> str:
    """A secret of 256 bits, as it stands in a link or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(secret: str) -> str:
    """What is kept of it. Such secrets cannot be guessed, so a plain hash suffices and can be looked up."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@cache
def _nobodys() -> str:
    """What is checked where there is no such account, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe(16))


def _normal(password: str) -> str:
    # The same Thai word can be typed as different code points.
    return unicodedata.normalize("NFKC", password)


def _is_a_run(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1}, {0})
