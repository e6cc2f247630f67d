"""The knowledge pages over HTTP: who may do what, and what a form does to the shared draft."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine

from bot.admin import drafts, publishing, teaching
from bot.storage import audit, revisions
from tests.bot.admin.conftest import Client
from tests.bot.admin.measuring import measured_as
from tests.bot.published_content import own_documents, publish

INNOVATION = "2568/service.innovation.yaml"
DRUGS = "service.innovation.robot / service.innovation.robot.drugs"
DURATION = "service.innovation.duration"
PAGES = (
    "/admin/knowledge/",
    "/admin/knowledge/publish/",
    "/admin/knowledge/history/",
    "/admin/knowledge/files/",
)


def entry_address(name: str, path: str = INNOVATION) -> str:
    return f"/admin/knowledge/entry?{urlencode({'path': path, 'name': name})}"


def fields_of(page: str) -> dict[str, Any]:
    """Everything that a browser would send of the form with id "entry", its buttons aside."""
    form = page[page.index('id="entry"') : page.index("</form>", page.index('id="entry"'))]
    found: dict[str, Any] = {}
    for tag in re.finditer(r"<input\b[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag[0]))
        if attributes.get("type") == "checkbox" and " checked" not in tag[0]:
            continue
        found[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.S):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"|<option value="([^"]*)" selected', options)
        first = re.search(r'<option[^>]*value="([^"]*)"', options)
        found[name] = (chosen[1] or chosen[2] or "") if chosen else first[1] if first else ""
    return found


def edit(client: Client, name: str, changes: dict[str, Any], path: str = INNOVATION, **more: Any) -> Any:
    """Open the form, change some fields, send it."""
    address = entry_address(name, path)
    page = client.get(address)
    assert page.status_code == 200, page.text
    return client.post(address, {**fields_of(page.text), **changes, **more})


def rows_of(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [(row.entry, row.change) for row in drafts.draft(connection).rows]


def keys_of(engine: Engine, name: str, path: str = INNOVATION) -> dict[str, Any]:
    with engine.connect() as connection:
        found = drafts.entry_of(connection, path, name)
    assert found is not None
    return found.keys


def actions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [record.action for record in reversed(audit.found(connection, audit.Wanted(action="knowledge")))]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_a_viewer_who_finds_nothing_to_change_there(viewer: Client, path: str) -> None:
    page = viewer.get(path)
    assert page.status_code == 200
    assert 'method="post"' not in page.text.partition("<main")[2]


def test_entries_are_found_by_their_words_and_the_best_comes_first(viewer: Client) -> None:
    page = viewer.get("/admin/knowledge/?q=ผสมยาได้กี่ชนิด").text
    first = re.search(r'class="row-link"[^>]*>([^<]+)<', page)
    assert first is not None
    assert first[1] == "หุ่นยนต์ผสมยา: ชนิดยาที่ผสมได้"


@pytest.mark.parametrize(
    ("query", "holds", "lacks"),
    [
        ("subject=service.agenda", "ขับเคลื่อนเห็นผล", "หุ่นยนต์ผสมยา:"),
        ("certainty=to_confirm", "รอยืนยัน", "ไม่แน่ชัด</b>"),
        ("certainty=uncertain", "ไม่แน่ชัด</b>", "รอยืนยัน</b>"),
        ("attribute=deadline", "กำหนดการ", "หุ่นยนต์ผสมยา:"),
        ("kind=conditions&subject=service.innovation", "ความใหม่ของนวัตกรรม", "หุ่นยนต์ผสมยา"),
        ("changed=yes", "ไม่พบรายการ", 'class="row-link"'),
        ("round=2568&q=นวัตกรรม", "รอบ 2568", "ไม่พบรายการ"),
    ],
)
def test_the_list_can_be_narrowed(viewer: Client, query: str, holds: str, lacks: str) -> None:
    shown = viewer.get(f"/admin/knowledge/?{query}").text
    found = shown[shown.index('role="status">พบ') : shown.index("</main>")]
    assert holds in found
    assert lacks not in found


def test_the_quick_search_gives_what_a_page_can_link_to(viewer: Client) -> None:
    found = viewer.get("/admin/knowledge/found?q=ผสมยาได้กี่ชนิด").json
    assert found is not None
    assert found["found"][0]["title"] == "หุ่นยนต์ผสมยา: ชนิดยาที่ผสมได้"
    assert viewer.get(found["found"][0]["address"]).status_code == 200
    assert viewer.get("/admin/knowledge/found?q=").json == {"found": []}


def test_an_editor_corrects_a_figure_in_the_draft(editor: Client, engine: Engine) -> None:
    answer = edit(editor, DRUGS, {"text": "ผสมยาเคมีบำบัดได้ 25 ชนิด", "do": "save"})
    assert answer.status_code == 302, answer.text
    assert keys_of(engine, DRUGS)["text"] == "ผสมยาเคมีบำบัดได้ 25 ชนิด"
    assert rows_of(engine) == [(DRUGS, "edited")]
    assert actions(engine) == ["knowledge.edit"]
    with engine.connect() as connection:
        draft = drafts.draft(connection)
        assert revisions.newest_id(connection) is None
    old, new = draft.base[INNOVATION].splitlines(), draft.documents[INNOVATION].splitlines()
    assert [line for line in new if line not in old] == [
        line.replace('"ผสมยาเคมีบำบัดได้ 24 ชนิด"', "ผสมยาเคมีบำบัดได้ 25 ชนิด") for line in old if "24 ชนิด" in line
    ]


def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(editor: Client, engine: Engine) -> None:
    for path, name in _one_of_each_kind(engine):
        answer = edit(editor, name, {"do": "save"}, path)
        assert answer.status_code == 302, (name, re.findall(r"<p>[^<]*</p>", answer.text))
    assert rows_of(engine) == []


def _one_of_each_kind(engine: Engine) -> list[tuple[str, str]]:
    """Several entries of every section."""
    from bot.admin import knowledge
    from bot.admin.entry_fields import fields_of as specs_of

    with engine.connect() as connection:
        items = knowledge.items(drafts.draft(connection))
    found: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        if specs_of(item.path, item.section):
            found.setdefault(item.section or item.path.rpartition("/")[2], []).append((item.path, item.name))
    return [one for listed in found.values() for one in listed[:: max(len(listed) // 3, 1)][:3]]


def test_a_viewer_changes_nothing(viewer: Client, engine: Engine) -> None:
    for address, data in (
        (entry_address(DRUGS), {"text": "ก"}),
        (f"/admin/knowledge/remove?{urlencode({'path': INNOVATION, 'name': DRUGS})}", {"version": 0}),
        ("/admin/knowledge/publish/discard", {"path": INNOVATION, "name": DRUGS, "version": 1}),
        ("/admin/knowledge/publish/check", {}),
        ("/admin/knowledge/publish/", {"digest": "x"}),
        ("/admin/knowledge/files/import", {}),
        ("/admin/knowledge/files/round", {"source": 2568, "year": 2569}),
    ):
        assert viewer.post(address, data).status_code == 403, address
    assert rows_of(engine) == []


def test_an_editor_cannot_publish_or_go_back(editor: Client, engine: Engine) -> None:
    assert editor.post("/admin/knowledge/publish/", {"digest": "x"}).status_code == 403
    assert editor.post("/admin/knowledge/history/1/back", {"reason": "ก", "seen": 2}).status_code == 403


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        (DRUGS, {"text": " "}, "กรุณากรอกช่องนี้"),
        (DRUGS, {"source_lines": "", "source_urls": ""}, "กรุณาระบุที่มา"),
        (DRUGS, {"source_lines": "9-3"}, "บรรทัดในสไลด์ต้องเขียนแบบ"),
        (DRUGS, {"source_urls": "javascript:alert(1)"}, "ไม่ใช่ลิงก์"),
        (DRUGS, {"label": "ก" * 21}, "ยาวเกินที่ LINE แสดงได้ (21 จาก 20)"),
        (DRUGS, {"certainty": "to_confirm", "caution": ""}, "ต้องเขียนข้อควรระวัง"),
        (DRUGS, {"certainty": "somehow"}, "กรุณาเลือกจากรายการ"),
        (DURATION, {"rule.r.number": "หนึ่งปี"}, "กรุณากรอกเป็นตัวเลข"),
        (DURATION, {"rule.r.number": "-5", "rule.r.op": "less_than"}, "เกณฑ์นี้ไม่มีทางผ่านได้เลย"),
        (DURATION, {"text": "ไม่น้อยกว่า {no_such_limit}"}, "อ้างถึง {no_such_limit}"),
    ],
)
def test_what_cannot_be_right_is_refused_in_thai_at_its_field(
    editor: Client, engine: Engine, name: str, changes: dict[str, Any], sentence: str
) -> None:
    answer = edit(editor, name, {**changes, "do": "save"})
    assert answer.status_code == 200
    assert sentence in unescape(answer.text)
    assert rows_of(engine) == []
    assert actions(engine) == []


def test_the_limit_of_a_condition_is_a_field_and_changes_the_rule_alone(editor: Client, engine: Engine) -> None:
    page = editor.get(entry_address(DURATION)).text
    assert "ระยะเวลาที่ใช้จริงและมีผล" in page
    assert edit(editor, DURATION, {"rule.r.number": "18", "do": "save"}).status_code == 302
    assert keys_of(engine, DURATION)["rule"] == {"fact": "months_in_use", "at_least": 18}
    with engine.connect() as connection:
        assert publishing.problems_of(drafts.draft(connection).documents) == ()
    page = editor.get("/admin/knowledge/publish/").text
    assert "<b>− เกณฑ์ที่ระบบตรวจ</b> ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 1 ปี</li>" in page
    assert "<b>+ เกณฑ์ที่ระบบตรวจ</b> ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 1 ปี 6 เดือน</li>" in page
    assert ">มีผลสำเร็จแล้ว 1 ปี 6 เดือน</a>" in page
    assert "months_in_use" not in page


def test_a_rule_with_parts_is_told_in_words(editor: Client, engine: Engine) -> None:
    answer = edit(editor, DURATION, {"rule.new.r": "is_new_or_derived_innovation", "do": "rule:r"})
    editor.post(entry_address(DURATION), fields_of(answer.text) | {"do": "save"})
    page = editor.get("/admin/knowledge/publish/").text
    assert "<b>+ เกณฑ์ที่ระบบตรวจ</b> ต้องตรงทุกข้อ: ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 1 ปี · " in page


def test_two_people_at_one_rule_read_it_in_words(app: Any, engine: Engine) -> None:
    first = Client(app).sign_in_as(engine, "editor", "somsri")
    second = Client(app).sign_in_as(engine, "editor", "mana")
    of_second = fields_of(second.get(entry_address(DURATION)).text)
    edit(first, DURATION, {"rule.r.number": "18", "do": "save"})
    answer = second.post(entry_address(DURATION), {**of_second, "rule.r.number": "24", "do": "save"})
    assert "อีกคนเปลี่ยนเป็น: ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 1 ปี 6 เดือน" in answer.text


def test_a_rule_gets_a_further_part_without_being_saved_meanwhile(editor: Client, engine: Engine) -> None:
    answer = edit(editor, DURATION, {"rule.new.r": "is_new_or_derived_innovation", "do": "rule:r"})
    assert answer.status_code == 200
    assert rows_of(engine) == []
    sent = fields_of(answer.text) | {"do": "save"}
    assert editor.post(entry_address(DURATION), sent).status_code == 302
    assert keys_of(engine, DURATION)["rule"] == {
        "all": [{"fact": "months_in_use", "at_least": 12}, {"fact": "is_new_or_derived_innovation", "is": True}]
    }


def test_two_people_on_one_entry_see_each_others_change(app: Any, engine: Engine) -> None:
    first = Client(app).sign_in_as(engine, "editor", "somsri")
    second = Client(app).sign_in_as(engine, "editor", "mana")
    address = entry_address(DRUGS)
    of_second = fields_of(second.get(address).text)
    assert edit(first, DRUGS, {"text": "ผสมยาได้ 25 ชนิด", "label": "ชนิดยา", "do": "save"}).status_code == 302
    answer = second.post(address, {**of_second, "text": "ผสมยาได้ 26 ชนิด", "do": "save"})
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert "somsriแก้รายการนี้ระหว่างที่คุณเปิดอยู่" in page
    assert "อีกคนเปลี่ยนเป็น: ผสมยาได้ 25 ชนิด" in page
    assert keys_of(engine, DRUGS)["text"] == "ผสมยาได้ 25 ชนิด"
    # What only the other changed is taken over, what both did is mine, and now it is saved knowingly.
    merged = fields_of(answer.text)
    assert (merged["text"], merged["label"]) == ("ผสมยาได้ 26 ชนิด", "ชนิดยา")
    assert second.post(address, {**merged, "do": "save"}).status_code == 302
    assert (keys_of(engine, DRUGS)["text"], keys_of(engine, DRUGS)["label"]) == ("ผสมยาได้ 26 ชนิด", "ชนิดยา")


def test_what_was_published_while_the_form_was_open_is_not_overwritten(editor: Client, engine: Engine) -> None:
    address = entry_address(DURATION)
    sent = fields_of(editor.get(address).text)
    taught = "ใช้มาแล้วกี่เดือนจึงจะพอ"
    lesson = teaching.Lesson((), INNOVATION, DURATION, (taught,))
    publish(engine, teaching.documents_with(own_documents(), lesson))
    mine = {**sent, "phrasings": sent["phrasings"] + "\nนานเท่าไรถึงจะสมัครได้", "do": "save"}
    answer = editor.post(address, mine)
    assert answer.status_code == 409
    assert taught in unescape(answer.text)
    assert rows_of(engine) == []
    # Another field of it is nobody's business but mine.
    assert editor.post(address, {**sent, "label": "ระยะเวลา", "do": "save"}).status_code == 302
    assert taught in keys_of(engine, DURATION)["phrasings"]


def test_an_open_form_can_ask_whether_somebody_else_saved(editor: Client, engine: Engine) -> None:
    address = f"/admin/knowledge/version?{urlencode({'path': INNOVATION, 'name': DRUGS})}"
    assert editor.get(address).json == {"version": 0, "author": ""}
    edit(editor, DRUGS, {"text": "ผสมยาได้ 25 ชนิด", "do": "save"})
    found = editor.get(address).json
    assert found is not None
    assert found["version"] > 0
    assert found["author"] == "editor"


def test_a_question_and_its_answer_are_added_and_removed_again(editor: Client, engine: Engine) -> None:
    address = f"/admin/knowledge/new?{urlencode({'path': INNOVATION, 'section': 'texts'})}"
    sent = fields_of(editor.get(address).text) | {
        "gist": "ใช้ภาษาไทยหรือภาษาอังกฤษก็ได้",
        "attribute": "apply",
        "source_urls": "https://www.example.go.th/faq",
        "phrasings": "เขียนภาษาอังกฤษได้ไหม\nใช้ภาษาอะไร\nเขียนภาษาอังกฤษได้ไหม",
        "do": "save",
    }
    assert editor.post(address, sent).status_code == 302
    name = "service.innovation.faq"
    assert keys_of(engine, name) == {
        "id": name,
        "gist": "ใช้ภาษาไทยหรือภาษาอังกฤษก็ได้",
        "attribute": "apply",
        "source": {"urls": ["https://www.example.go.th/faq"]},
        "phrasings": ["เขียนภาษาอังกฤษได้ไหม", "ใช้ภาษาอะไร"],
    }
    with engine.connect() as connection:
        draft = drafts.draft(connection)
    assert publishing.problems_of(draft.documents) == ()
    found = fields_of(editor.get(entry_address(name)).text)
    remove = f"/admin/knowledge/remove?{urlencode({'path': INNOVATION, 'name': name})}"
    assert editor.post(remove, {"version": found["version"]}).status_code == 302
    assert rows_of(engine) == []
    assert actions(engine) == ["knowledge.add", "knowledge.remove"]


def test_what_another_entry_leans_on_cannot_be_removed(editor: Client, engine: Engine) -> None:
    remove = f"/admin/knowledge/remove?{urlencode({'path': INNOVATION, 'name': DURATION})}"
    answer = editor.post(remove, {"version": 0}, follow_redirects=True)
    assert "ลบไม่ได้ เพราะรายการอื่นยังอ้างถึง" in answer.text
    assert rows_of(engine) == []


@pytest.mark.parametrize("section", ["texts", "conditions", "examples", "gaps", "milestones", "figures"])
def test_every_kind_has_a_form_to_add_it(editor: Client, section: str) -> None:
    example = {"example": "service.innovation.robot"} if section == "figures" else {}
    page = editor.get(f"/admin/knowledge/new?{urlencode({'path': INNOVATION, 'section': section, **example})}")
    assert page.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"path": "../../etc/passwd", "name": "x"},
        {"path": INNOVATION, "name": "no.such.entry"},
        {"path": "2568/nothing.yaml", "name": DRUGS},
        {"path": INNOVATION, "name": "constructor"},
    ],
)
def test_what_is_not_there_is_not_found(editor: Client, query: dict[str, str]) -> None:
    assert editor.get(f"/admin/knowledge/entry?{urlencode(query)}").status_code == 404
    assert editor.post(f"/admin/knowledge/entry?{urlencode(query)}", {"text": "ก"}).status_code == 404


def test_the_preview_is_the_card_that_would_be_sent(editor: Client) -> None:
    page = fields_of(editor.get(entry_address(DRUGS)).text)
    address = f"/admin/knowledge/preview?{urlencode({'path': INNOVATION, 'name': DRUGS})}"
    shown = editor.post(address, {**page, "text": "ผสมยาเคมีบำบัดได้ 25 ชนิด"}).json
    assert shown is not None
    assert shown["messages"][0]["altText"] == "ผสมยาเคมีบำบัดได้ 25 ชนิด"
    assert "โรงพยาบาลมะเร็งอุดรธานี" in json.dumps(shown, ensure_ascii=False)
    empty = editor.post(address, {**page, "text": ""}).json
    assert empty is not None
    assert (empty["messages"], "กรอกข้อมูลให้ครบ" in empty["told"]) == ([], True)


def test_script_in_an_entry_is_only_ever_text(editor: Client) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    edit(editor, DRUGS, {"text": attack, "phrasings": attack, "do": "save"})
    for address in (entry_address(DRUGS), "/admin/knowledge/?q=script", "/admin/knowledge/publish/"):
        page = editor.get(address).text
        assert attack not in page
        assert "&lt;script&gt;" in page


def measured(engine: Engine, result: dict[str, Any] | None = None) -> str:
    """As if a worker had measured the draft; its digest."""
    with engine.begin() as connection:
        digest = drafts.draft(connection).digest
    return measured_as(engine, digest, **(result or {}))


def test_a_publisher_publishes_what_was_checked(publisher: Client, engine: Engine) -> None:
    edit(publisher, DRUGS, {"text": "ผสมยาเคมีบำบัดได้ 25 ชนิด", "do": "save"})
    digest = measured(engine)
    page = publisher.get("/admin/knowledge/publish/").text
    assert "ตรวจแล้ว พร้อมเผยแพร่" in page
    assert f'value="{digest}"' in page
    answer = publisher.post("/admin/knowledge/publish/", {"digest": digest, "note": "แก้ตัวเลข"}, follow_redirects=True)
    assert "เผยแพร่แล้วเป็นฉบับที่ 1" in answer.text
    assert rows_of(engine) == []
    assert actions(engine) == ["knowledge.edit", "knowledge.publish"]
    assert "แก้ตัวเลข" in publisher.get("/admin/knowledge/history/").text


def test_saving_for_publication_has_a_worker_check_the_draft(publisher: Client, engine: Engine) -> None:
    answer = edit(publisher, DRUGS, {"text": "ผสมยาเคมีบำบัดได้ 25 ชนิด", "do": "publish"})
    assert answer.headers["Location"] == "/admin/knowledge/publish/"
    page = publisher.get("/admin/knowledge/publish/").text
    assert "กำลังตรวจ" in page
    assert "data-job=" in page
    assert "เผยแพร่ให้ผู้ใช้เห็น" not in page


def test_a_regression_needs_a_reason(publisher: Client, engine: Engine) -> None:
    edit(publisher, DRUGS, {"text": "ผสมยาเคมีบำบัดได้ 25 ชนิด", "do": "save"})
    worse = {
        "question": "ผสมได้กี่ชนิด <b>",
        "about": "",
        "sort": "worse",
        "before": {"status": "answered", "text": "24 ชนิด"},
        "after": {"status": "unknown", "text": "ไม่ทราบ"},
        "missing": ["24"],
    }
    digest = measured(engine, {"regressions": 1, "after": 499, "changes": [worse]})
    page = publisher.get("/admin/knowledge/publish/").text
    assert "เคยถูกแต่จะผิด 1 ข้อ" in page
    assert "ผสมได้กี่ชนิด &lt;b&gt;" in page
    refused = publisher.post("/admin/knowledge/publish/", {"digest": digest, "reason": " "})
    assert "กรุณาเขียนเหตุผล" in refused.text
    assert rows_of(engine) == [(DRUGS, "edited")]
    taken = publisher.post("/admin/knowledge/publish/", {"digest": digest, "reason": "ตัวเลขใหม่"}, follow_redirects=True)
    assert "เผยแพร่แล้ว" in taken.text
    assert "เหตุผล: ตัวเลขใหม่" in publisher.get("/admin/knowledge/history/").text


def test_one_change_is_thrown_away(editor: Client, engine: Engine) -> None:
    edit(editor, DRUGS, {"text": "ก", "do": "save"})
    version = fields_of(editor.get(entry_address(DRUGS)).text)["version"]
    stale = {"path": INNOVATION, "name": DRUGS, "version": int(version) - 1}
    assert "เพิ่งถูกแก้" in editor.post("/admin/knowledge/publish/discard", stale, follow_redirects=True).text
    assert rows_of(engine) == [(DRUGS, "edited")]
    editor.post("/admin/knowledge/publish/discard", stale | {"version": version})
    assert rows_of(engine) == []
    assert actions(engine) == ["knowledge.edit", "knowledge.discard"]
