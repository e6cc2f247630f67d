"""Content as files: what goes out comes in again, and uploads that are not what they say are refused."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.admin import content_files, drafts, publishing
from bot.admin.accounts import Refused
from bot.content import checked, files_of
from tests.bot.admin.conftest import Client, account
from tests.bot.published_content import own_documents

PATH = "2568/service.innovation.yaml"
IMPORT = "/admin/knowledge/files/import"


def zipped(files: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def linked() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("2568/best.yaml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


def twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("2568/best.yaml", "a: 1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("2568/best.yaml", "a: 2")
    return made.getvalue()


def encrypted() -> bytes:
    content = bytearray(zipped({"2568/best.yaml": "a: 1"}, zipfile.ZIP_STORED))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def broken_lzma() -> bytes:
    """Of a kind of compression whose mistakes are of a class of their own."""
    content = bytearray(zipped({"2568/best.yaml": b"a: 1" * 100}, zipfile.ZIP_LZMA))
    at = content.index(b"best.yaml") + len("best.yaml")
    content[at + 4 : at + 9] = b"\xff" * 5
    return bytes(content)


def lying() -> bytes:
    """A member that says that it is small."""
    content = bytearray(zipped({"2568/best.yaml": b"a" * 3_000_000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(content)


# What is uploaded under which name, and what the person is told.
ATTACKS: dict[str, tuple[str, Any, str]] = {
    "nothing": ("a.zip", b"", "ไฟล์ว่างเปล่า"),
    "text called zip": ("a.zip", b"subject: best", "ไม่ใช่ ZIP"),
    "program called yaml": ("best.yaml", b"MZ\x90\x00\x03\xff\xfe", "ไม่ได้บันทึกเป็น UTF-8"),
    "picture": ("a.png", b"\x89PNG\r\n", "รับเฉพาะไฟล์ .zip หรือ .yaml"),
    "spreadsheet called yaml": ("best.yaml", zipped({"xl/workbook.xml": "<a/>"}), "ไม่รับไฟล์ workbook.xml"),
    "way out": ("a.zip", zipped({"../../etc/cron.d/x.yaml": "a: 1"}), "ไม่รับไฟล์"),
    "way out of a year": ("a.zip", zipped({"2568/../../x.yaml": "a: 1"}), "ไม่รับไฟล์"),
    "absolute": ("a.zip", zipped({"/etc/x.yaml": "a: 1"}), "ไม่รับไฟล์"),
    "backslashes": ("a.zip", zipped({"2568\\..\\..\\x.yaml": "a: 1"}), "ไม่รับไฟล์"),
    "other kind inside": ("a.zip", zipped({"2568/best.yaml": "a: 1", "2568/run.py": "import os"}), "ไม่รับไฟล์"),
    "zip in zip": ("a.zip", zipped({"2568/best.zip": zipped({"x": "y"})}), "ไม่รับไฟล์"),
    "no year": ("a.zip", zipped({"content/abc/best.yaml": "a: 1"}), "ไม่รับไฟล์"),
    "bomb": ("a.zip", zipped({f"2568/b{i}.yaml": b"0" * 1_400_000 for i in range(7)}), "ไฟล์ใน ZIP ใหญ่เกินไป"),
    "large member": ("a.zip", zipped({"2568/best.yaml": b"0" * 2_000_000}), "ไฟล์ใน ZIP ใหญ่เกินไป"),
    "size that lies": ("a.zip", lying(), "เปิด ZIP นี้ไม่ได้"),
    "many members": ("a.zip", zipped({f"2568/{i}.yaml": "a: 1" for i in range(300)}), "มีไฟล์มากเกินไป (300 ไฟล์)"),
    "encrypted": ("a.zip", encrypted(), "ใส่รหัสผ่านไว้"),
    "broken lzma": ("a.zip", broken_lzma(), "บีบอัดด้วยวิธีที่ไม่รับ"),
    "bzip2": ("a.zip", zipped({"2568/best.yaml": "a: 1"}, zipfile.ZIP_BZIP2), "บีบอัดด้วยวิธีที่ไม่รับ"),
    "link": ("a.zip", linked(), "เป็นทางลัด ไม่ใช่ไฟล์"),
    "same twice": ("a.zip", None, "ซ้ำกัน"),
    "cut": ("a.zip", zipped({"2568/best.yaml": "a: 1" * 200})[:-40], "เปิด ZIP นี้ไม่ได้"),
    "not utf-8": ("a.zip", zipped({"2568/best.yaml": "ก".encode("cp874")}), "ไม่ได้บันทึกเป็น UTF-8"),
    "with zero bytes": ("best.yaml", b"a: 1\0", "ไม่ใช่ไฟล์ข้อความ"),
}


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_an_upload_that_is_not_what_it_says_is_refused_and_says_why(attack: str) -> None:
    name, content, sentence = ATTACKS[attack]
    with pytest.raises(Refused, match=re.escape(sentence)) as error:
        content_files.unpacked(name, twice() if content is None else content, "2568")
    assert error.value.field == "file"


def test_what_is_refused_is_told_at_its_field_and_leaves_no_draft(editor: Client, engine: Engine) -> None:
    for name, content, sentence in (ATTACKS[key] for key in ("bomb", "way out", "text called zip", "nothing")):
        answer = editor.post(IMPORT, {"file": (io.BytesIO(content), name), "round": "2568"})
        assert answer.status_code == 200
        assert sentence in answer.text
    with engine.connect() as connection:
        assert drafts.draft(connection).rows == ()


def test_the_folders_of_a_file_s_name_are_no_part_of_where_it_goes() -> None:
    assert content_files.unpacked("../../x.yaml", b"a: 1", "2568") == {"2568/x.yaml": "a: 1"}


BAD_YAML = {
    "a program": "!!python/object/apply:os.system ['touch /tmp/owned']",
    "ten thousand brackets": "a: " + "[" * 10_000,
    "a billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)),
    "itself inside": "a: &a [*a]",
    "keys twice": "subject: best\nsubject: best\n",
    "unknown keys": "subject: best\nname: x\nlabel: x\nparent: awards\nnonsense: 1\n",
    "a list": "- 1\n",
}
SENTENCES = {
    "a program": "บรรทัดที่ 1 มีคำสั่งพิเศษของ YAML (ขึ้นต้นด้วย !) ซึ่งไม่รับ",
    "ten thousand brackets": "ข้อมูลในไฟล์ซ้อนกันลึกเกินไป",
    "a billion laughs": "ไฟล์มีข้อมูลมากเกินไป",
    "itself inside": "ข้อมูลในไฟล์อ้างถึงตัวเองวนไม่รู้จบ",
    "keys twice": "บรรทัดที่ 2 มีชื่อ subject ซ้ำ",
    "unknown keys": "มีชื่อข้อมูลที่ระบบไม่รู้จัก (nonsense)",
    "a list": "อ่านเป็นไฟล์ YAML ไม่ได้",
}


@pytest.mark.parametrize("bad", sorted(BAD_YAML))
def test_yaml_that_is_hostile_or_wrong_gets_a_list_of_mistakes_and_no_draft(
    editor: Client, engine: Engine, bad: str
) -> None:
    content = zipped({"2568/best.yaml": BAD_YAML[bad]})
    answer = editor.post(IMPORT, {"file": (io.BytesIO(content), "a.zip"), "round": "2568"})
    assert answer.status_code == 200
    assert "ไม่ได้นำเข้า เพราะพบข้อผิดพลาด" in answer.text
    assert SENTENCES[bad] in answer.text
    with engine.connect() as connection:
        assert drafts.draft(connection).rows == ()


def test_what_goes_out_comes_in_again_byte_for_byte(tmp_path: Any) -> None:
    documents = own_documents()
    packed = content_files.packed(documents)
    assert content_files.unpacked("a.zip", packed) == documents
    assert packed == content_files.packed(dict(reversed(documents.items())))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    checked(files_of(tmp_path)[0])


def test_a_folder_around_everything_is_passed_over() -> None:
    documents = {f"my-content/{path}": text for path, text in own_documents().items()}
    assert content_files.unpacked("a.zip", content_files.packed(documents)) == own_documents()


def test_an_import_is_a_draft_with_only_what_differs(editor: Client, engine: Engine) -> None:
    documents = own_documents()
    documents[PATH] = documents[PATH].replace("24 ชนิด", "25 ชนิด")
    answer = editor.post(
        IMPORT,
        {"file": (io.BytesIO(content_files.packed(documents)), "a.zip"), "round": "2568"},
        follow_redirects=True,
    )
    assert "นำเข้า 1 ไฟล์ในฉบับร่างแล้ว" in answer.text
    assert "25 ชนิด" in answer.text
    with engine.connect() as connection:
        draft = drafts.draft(connection)
    assert [row.path for row in draft.rows] == [PATH]
    again = editor.post(IMPORT, {"file": (io.BytesIO(content_files.packed(documents)), "a.zip"), "round": "2568"})
    assert "เหมือนกับฉบับร่างอยู่แล้ว" in again.text


OTHER = "2568/service.agenda.yaml"
FIGURE = "service.innovation.robot / service.innovation.robot.drugs"


def drafted(engine: Engine, name: str, label: str) -> None:
    """Somebody's change of a figure."""
    with engine.begin() as connection:
        seen = drafts.entry_of(connection, PATH, FIGURE)
        assert seen is not None
        drafts.put_entry(
            connection, account(engine, "editor", name), PATH, FIGURE, {"label": label}, seen.version, seen.keys
        )


def sent(documents: dict[str, str], **more: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(content_files.packed(documents)), "a.zip"), "round": "2568", **more}


def rows_now(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        return [(row.path, row.entry, row.author) for row in drafts.draft(connection).rows]


def test_what_others_draft_in_files_that_were_not_touched_stays(editor: Client, engine: Engine) -> None:
    drafted(engine, "somchai", "ชนิดยาใหม่")
    documents = own_documents()
    documents[OTHER] += "# เพิ่มหมายเหตุ\n"
    assert editor.post(IMPORT, sent(documents)).status_code == 302
    assert rows_now(engine) == [(OTHER, "", "editor"), (PATH, FIGURE, "somchai")]
    # A file that is sent alone is meant, even when it is as published.
    alone = {"file": (io.BytesIO(own_documents()[PATH].encode()), "service.innovation.yaml"), "round": "2568"}
    page = editor.post(IMPORT, alone).text
    assert f"{PATH} (แก้โดย somchai)" in page


def test_what_others_draft_is_replaced_only_with_a_tick_for_just_that(editor: Client, engine: Engine) -> None:
    drafted(engine, "somchai", "ชนิดยาใหม่")
    documents = own_documents()
    documents[PATH] = documents[PATH].replace("24 ชนิด", "25 ชนิด")

    def named(page: str) -> str:
        assert "ยังไม่ได้นำเข้า" in page
        found = re.search(r'name="replaces" id="replaces" value="(\w+)"', page)
        assert found
        return found[1]

    page = editor.post(IMPORT, sent(documents)).text
    assert f"{PATH} (แก้โดย somchai)" in page
    drafted(engine, "wichai", "ชนิดยาอีก")  # after it was shown
    again = editor.post(IMPORT, sent(documents, replaces=named(page))).text
    assert f"{PATH} (แก้โดย wichai)" in again
    assert rows_now(engine) == [(PATH, FIGURE, "wichai")]
    assert editor.post(IMPORT, sent(documents, replaces=named(again))).status_code == 302
    assert rows_now(engine) == [(PATH, "", "editor")]


def test_one_yaml_file_goes_into_the_round_that_is_chosen(editor: Client, engine: Engine) -> None:
    text = own_documents()[PATH].replace("24 ชนิด", "25 ชนิด")
    answer = editor.post(IMPORT, {"file": (io.BytesIO(text.encode()), "service.innovation.yaml"), "round": "2568"})
    assert answer.status_code == 302, answer.text
    with engine.connect() as connection:
        assert drafts.draft(connection).documents[PATH] == text


def test_the_draft_and_any_revision_can_be_downloaded(viewer: Client) -> None:
    for which in ("draft", "published"):
        answer = viewer.get(f"/admin/knowledge/files/download/{which}")
        assert answer.status_code == 200
        assert content_files.unpacked("a.zip", answer.data) == own_documents()
        assert "attachment" in answer.headers["Content-Disposition"]
    for missing in ("7", "../../etc/passwd", "x", "99999999999999999999"):
        assert viewer.get(f"/admin/knowledge/files/download/{missing}").status_code == 404


def test_a_new_round_is_all_to_confirm_without_dates_and_can_be_published(editor: Client, engine: Engine) -> None:
    answer = editor.post("/admin/knowledge/files/round", {"source": "2568", "year": "2570"}, follow_redirects=True)
    assert "เปิดรอบปี 2570 ในฉบับร่างแล้ว" in answer.text
    with engine.connect() as connection:
        draft = drafts.draft(connection)
    assert publishing.problems_of(draft.documents) == ()
    knowledge, _ = checked(dict(draft.documents))
    made, source = knowledge.rounds[2570], knowledge.rounds[2568]
    assert [entry.id for entry in made.entries] == [entry.id for entry in source.entries]
    assert {entry.certainty for entry in made.entries} == {"to_confirm"}
    assert all(entry.caution or type(entry).__name__ == "Gap" for entry in made.entries)
    assert {getattr(entry, "date", None) for entry in made.entries} == {None}
    assert any(getattr(entry, "date", None) for entry in source.entries)
    assert made.name == "รางวัลเลิศรัฐ ประจำปี 2570"
    # The comments and the layout of the files go along.
    copied, own = draft.documents["2570/round.yaml"], own_documents()["2568/round.yaml"]
    assert [line for line in copied.splitlines() if line.startswith("#")] == [
        line for line in own.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(("year", "sentence"), [("2568", "มีรอบปี 2568 อยู่แล้ว"), ("2027", "ปี พ.ศ."), ("0", ""), ("x", "")])
def test_a_round_that_cannot_be_opened_is_refused(editor: Client, engine: Engine, year: str, sentence: str) -> None:
    answer = editor.post("/admin/knowledge/files/round", {"source": "2568", "year": year})
    assert answer.status_code == 200
    assert sentence in answer.text
    with engine.connect() as connection:
        assert drafts.draft(connection).rows == ()


def test_a_file_that_is_too_large_for_a_request_is_refused(editor: Client) -> None:
    answer = editor.http.post(
        IMPORT,
        data=b"0" * 3_000_000,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": editor.token()},
    )
    assert answer.status_code == 413
    assert "ใหญ่เกินไป กรุณาลดขนาด" in answer.text
