"""The content as one ZIP of YAML files, out and in. What comes in is read within narrow limits, and never unpacked to disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping

from bot.admin import problem_wording, publishing
from bot.admin.accounts import Refused
from bot.admin.drafts import Draft
from bot.admin.problem_wording import Told

MOST_FILES = 200
LARGEST_FILE = 1_500_000  # bytes; the largest of the program's own has 350,000
LARGEST_ALL = 8_000_000
_MOMENT = (2025, 1, 1, 0, 0, 0)  # the same content gives the same file


def packed(documents: Mapping[str, str]) -> bytes:
    """The documents as a ZIP, as `lertrat knowledge import` and Git take them once it is unpacked."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(documents.items()):
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), text.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpacked(name: str, content: bytes, year: str = "") -> dict[str, str]:
    """The documents of an uploaded ZIP, or of one YAML file (then of round `year`). Refused, with a Thai sentence, for
    whatever is not just that."""
    if not content:
        raise Refused("ไฟล์ว่างเปล่า กรุณาเลือกไฟล์อื่น", "file")
    if content[:4] == b"PK\x03\x04":
        return _from_zip(content)
    if name.lower().endswith(".zip"):
        raise Refused("ไฟล์นี้ไม่ใช่ ZIP แม้ชื่อจะลงท้ายด้วย .zip", "file")
    if not name.lower().endswith((".yaml", ".yml")):
        raise Refused("รับเฉพาะไฟล์ .zip หรือ .yaml", "file")
    base = name.replace("\\", "/").rpartition("/")[2]
    return {_path(base if base == "phrases.yaml" else f"{year}/{base}"): _text(base, content)}


def problems_with(draft: Draft, documents: Mapping[str, str]) -> list[Told]:
    """What would be wrong with the draft if the documents were laid over it."""
    return [problem_wording.told(one) for one in publishing.problems_of({**draft.documents, **documents})]


def _from_zip(content: bytes) -> dict[str, str]:
    documents: dict[str, str] = {}
    left = LARGEST_ALL
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES:
                raise Refused(f"ใน ZIP มีไฟล์มากเกินไป ({len(members)} ไฟล์) ต้องไม่เกิน {MOST_FILES}", "file")
            shared = _shared_folder([one.filename for one in members])
            for member in members:
                if member.flag_bits & 1:
                    raise Refused("ZIP นี้ใส่รหัสผ่านไว้ กรุณาใช้ไฟล์ที่ไม่มีรหัสผ่าน", "file")
                if stat.S_ISLNK(member.external_attr >> 16):
                    raise Refused(f"{member.filename} เป็นทางลัด ไม่ใช่ไฟล์", "file")
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Refused("ZIP นี้บีบอัดด้วยวิธีที่ไม่รับ กรุณาสร้างใหม่เป็น ZIP แบบปกติ", "file")
                path = _path(member.filename.removeprefix(shared))
                if path in documents:
                    raise Refused(f"ใน ZIP มี {path} ซ้ำกัน", "file")
                # What a ZIP says of a file's size is not to be believed.
                with archive.open(member) as file:
                    read = file.read(min(LARGEST_FILE, left) + 1)
                if len(read) > min(LARGEST_FILE, left):
                    raise Refused("ไฟล์ใน ZIP ใหญ่เกินไป", "file")
                left -= len(read)
                documents[path] = _text(path, read)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Refused("เปิด ZIP นี้ไม่ได้ ไฟล์อาจเสีย กรุณาสร้างใหม่", "file") from error
    if not documents:
        raise Refused("ใน ZIP ไม่มีไฟล์เนื้อหา", "file")
    return documents


def _shared_folder(names: list[str]) -> str:
    """The folder that a ZIP of a whole directory has around everything, such as "content/"; "" for none."""
    first = {name.partition("/")[0] for name in names}
    only = next(iter(first)) if len(first) == 1 else ""
    return f"{only}/" if only and not only.isdigit() and all(name.startswith(f"{only}/") for name in names) else ""


def _path(path: str) -> str:
    from knowledge.documents import is_path

    folder, _, _ = path.partition("/")
    if not is_path(path) or not (path == "phrases.yaml" or (folder.isdigit() and len(folder) == 4)):
        raise Refused(f"ไม่รับไฟล์ {path[:80]} ต้องเป็น phrases.yaml หรือ .yaml ในโฟลเดอร์ชื่อปี เช่น 2568", "file")
    return path


def _text(path: str, content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise Refused(f"{path} ใหญ่เกินไป", "file")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path} ไม่ได้บันทึกเป็น UTF-8", "file") from None
    if "\0" in text:
        raise Refused(f"{path} ไม่ใช่ไฟล์ข้อความ", "file")
    return text
