"""The console's own pages in a real Chromium: by keyboard and by touch, on a phone, a tablet and a desk."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from bot.admin import people
from bot.storage import users
from tests.bot.admin.conftest import (
    PASSWORD,
    SIZES,
    TOTP_SECRET,
    OpenPage,
    Running,
    account,
    check_page,
    shot,
    tab_to,
)
from tests.bot.admin.test_accounts import NEW
from tests.bot.axe import axe_findings

EVERY_SIZE = pytest.mark.parametrize("size", list(SIZES))
LONG_NAME = "นางสาวกัญญารัตน์วิไลลักษณ์ พงศ์พิพัฒน์ธนโชติเจริญวัฒนากุล"


def test_a_page_with_faults_does_not_pass(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang='th'><title>x</title><main><h1>x</h1><img src='data:,'></main>")
    assert [rule for rule, _ in axe_findings(page)] == ["image-alt"]
    page.set_content(
        "<html lang='th'><title>x</title><main><h1 style='color: #ccc; background: #fff'>pale words</h1></main>"
    )
    assert axe_findings(page, "image-alt") == []
    assert [rule for rule, _ in axe_findings(page)] == ["color-contrast"]
    page.close()


@EVERY_SIZE
def test_signing_in_by_keyboard_alone(console: Running, open_page: OpenPage, size: str) -> None:
    account(console.engine, "owner")
    page = open_page(size=size).goto("/admin/users/")
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()
    check_page(page)
    shot(page, f"sign-in-{size}")
    tab_to(page, page.get_by_label("ชื่อผู้ใช้"))
    page.keyboard.type("owner")
    page.keyboard.press("Tab")
    page.keyboard.type("ไม่ใช่อันนี้")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"^\s*ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองอีกครั้ง\s*$"))
    check_page(page)
    shot(page, f"sign-in-wrong-{size}")
    tab_to(page, page.get_by_label("รหัสผ่าน"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ยืนยันขั้นที่สอง")).to_be_visible()
    check_page(page)
    shot(page, f"two-step-{size}")
    expect(page.get_by_label("รหัสยืนยัน")).to_be_focused()
    page.keyboard.type(pyotp.TOTP(TOTP_SECRET).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ผู้ใช้", exact=True)).to_be_visible()


@EVERY_SIZE
def test_the_first_sign_in_sets_a_telephone_up(console: Running, open_page: OpenPage, size: str) -> None:
    user = account(console.engine, "owner")
    with console.engine.begin() as connection:
        users.change(connection, user.id, totp_secret=None)
    page = open_page(size=size).goto("/admin/")
    page.get_by_label("ชื่อผู้ใช้").fill("owner")
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", name="ตั้งค่าการยืนยันสองขั้น")).to_be_visible()
    check_page(page)
    shot(page, f"enrol-{size}")
    box = page.locator(".qr svg").bounding_box()
    assert box is not None
    assert 180 <= box["width"] == pytest.approx(box["height"], abs=2), "large enough for a camera, and square"
    drawn = page.locator(".qr svg path").last.evaluate("e => e.getBoundingClientRect().toJSON()")
    assert box["x"] < drawn["left"] < drawn["right"] < box["x"] + box["width"], "all of it, with its white frame"
    assert box["y"] < drawn["top"] < drawn["bottom"] < box["y"] + box["height"]
    page.get_by_text("สแกนไม่ได้").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("รหัสยืนยัน").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="เปิดใช้การยืนยันสองขั้น").click()
    expect(page.get_by_role("heading", name="รหัสสำรอง")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    check_page(page)
    shot(page, f"recovery-{size}")
    page.get_by_role("link", name="เก็บรหัสแล้ว").click()
    expect(page.get_by_role("heading", name="หน้าหลัก")).to_be_visible()


@EVERY_SIZE
def test_inviting_somebody_who_opens_an_account(console: Running, open_page: OpenPage, size: str) -> None:
    account(console.engine, "editor", "long", full_name=LONG_NAME)
    page = open_page("owner", size).goto("/admin/users/")
    check_page(page)
    page.get_by_label("ลิงก์นี้ให้ใคร").fill("คุณสมหญิง กลุ่มรางวัล")
    page.get_by_label("ผู้เผยแพร่").check()
    page.get_by_role("button", name="สร้างลิงก์เชิญ").click()
    link = page.get_by_label("ลิงก์", exact=True).input_value()
    assert link.startswith(f"{console.address}/admin/invitation/")
    check_page(page)
    shot(page, f"link-{size}")
    page.get_by_role("button", name="คัดลอกลิงก์").click()
    expect(page.get_by_text("คัดลอกแล้ว")).to_be_visible()
    guest = open_page(size=size).goto(link.removeprefix(console.address))
    check_page(guest)
    guest.get_by_role("button", name="เปิดบัญชี").click()
    expect(guest.get_by_role("alert")).to_be_visible()
    check_page(guest)
    shot(guest, f"invitation-{size}")
    guest.get_by_label("ชื่อและนามสกุล").fill("สมหญิง ใจดี")
    guest.get_by_label("ชื่อผู้ใช้").fill("somying")
    guest.get_by_label("รหัสผ่านใหม่", exact=True).fill(NEW)
    guest.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(NEW)
    guest.get_by_role("button", name="เปิดบัญชี").click()
    expect(guest.get_by_role("status").first).to_contain_text("เปิดบัญชีแล้ว")
    page.goto(f"{console.address}/admin/users/")
    expect(page.get_by_role("link", name="สมหญิง ใจดี")).to_be_visible()
    check_page(page)
    shot(page, f"users-{size}")


@EVERY_SIZE
def test_an_owner_helps_somebody(console: Running, open_page: OpenPage, size: str) -> None:
    user = account(console.engine, "publisher", "long", full_name=LONG_NAME)
    page = open_page("owner", size).goto("/admin/users/")
    page.get_by_role("link", name=LONG_NAME).click()
    check_page(page)
    shot(page, f"user-{size}")
    page.get_by_label("ผู้ดู", exact=False).first.check()
    page.get_by_role("button", name="เปลี่ยนสิทธิ์").click()
    expect(page.get_by_text("เปลี่ยนสิทธิ์ของ")).to_be_visible()
    page.get_by_role("button", name="ล้างการยืนยันสองขั้น").click()
    expect(page.get_by_text("ยังไม่เปิดใช้")).to_be_visible()
    page.get_by_role("button", name="ปิดบัญชี").click()
    expect(page.get_by_text("ปิดบัญชีแล้ว", exact=True)).to_be_visible()
    page.get_by_role("button", name="เปิดใช้บัญชี").click()
    page.get_by_role("button", name="สร้างลิงก์ตั้งรหัสผ่านใหม่").click()
    expect(page.get_by_label("ลิงก์", exact=True)).to_have_value(re.compile("/admin/invitation/"))
    with console.engine.connect() as connection:
        found = users.by_id(connection, user.id)
    assert found is not None
    assert (found.role, found.totp_secret, found.active) == ("viewer", None, True)


@EVERY_SIZE
def test_ones_own_account(console: Running, open_page: OpenPage, size: str) -> None:
    page = open_page("owner", size).goto("/admin/account/")
    check_page(page)
    shot(page, f"account-{size}")
    password = page.get_by_role("region", name="เปลี่ยนรหัสผ่าน")
    password.get_by_label("รหัสผ่านปัจจุบัน").fill(PASSWORD)
    password.get_by_label("รหัสผ่านใหม่", exact=True).fill("สั้น")
    password.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill("สั้น")
    page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
    expect(password.get_by_label("รหัสผ่านใหม่", exact=True)).to_have_attribute("aria-invalid", "true")
    described = password.get_by_label("รหัสผ่านใหม่", exact=True).get_attribute("aria-describedby")
    assert described == "new-password-help new-password-errors"
    check_page(page)
    shot(page, f"account-wrong-{size}")
    password.get_by_label("รหัสผ่านปัจจุบัน").fill(PASSWORD)
    password.get_by_label("รหัสผ่านใหม่", exact=True).fill(NEW)
    password.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(NEW)
    page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
    expect(page.get_by_text("เปลี่ยนรหัสผ่านแล้ว")).to_be_visible()
    check_page(page)


@EVERY_SIZE
def test_the_log(console: Running, open_page: OpenPage, size: str) -> None:
    owner = account(console.engine, "owner", "somsri")
    person = account(console.engine, "editor", "somchai")
    for _ in range(30):
        people.set_role(console.engine, owner, person, "viewer")
        people.sign_out_everywhere(console.engine, owner, person)
    page = open_page("publisher", size).goto("/admin/audit-log/")
    check_page(page)
    shot(page, f"audit-{size}")
    page.get_by_role("link", name="ถัดไป").click()
    expect(page.get_by_text("หน้า 2 จาก 2")).to_be_visible()
    page.get_by_label("เรื่อง").select_option(label="การเข้าสู่ระบบ")
    page.get_by_role("button", name="แสดง").click()
    expect(page.get_by_text("พบ 0 รายการ")).to_be_visible()


@EVERY_SIZE
def test_the_menu_by_keyboard(console: Running, open_page: OpenPage, size: str) -> None:
    page = open_page("owner", size).goto("/admin/")
    check_page(page)
    shot(page, f"home-{size}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามไปที่เนื้อหา")).to_be_focused()
    menu = page.get_by_role("button", name="เมนู", exact=True)
    if size == "desktop":
        expect(menu).to_be_hidden()
    else:
        expect(page.get_by_role("link", name="ผู้ใช้", exact=True)).to_be_hidden()
        tab_to(page, menu)
        page.keyboard.press("Enter")
        expect(menu).to_have_attribute("aria-expanded", "true")
        expect(page.locator("#menu.collapsing")).to_have_count(0)
        check_page(page)
        shot(page, f"menu-{size}")
    tab_to(page, page.get_by_role("link", name="ผู้ใช้", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ผู้ใช้", exact=True)).to_be_visible()
    expect(page.locator("nav a[aria-current=page]")).to_have_text("ผู้ใช้")
    page.locator("#menu").evaluate("e => e.classList.add('show')")
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()
    page.goto(f"{console.address}/admin/users/")
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()


def test_nobody_sees_more_of_the_menu_than_his_role_opens(open_page: OpenPage) -> None:
    for role, shown in (("viewer", set()), ("publisher", {"บันทึกการทำงาน"}), ("owner", {"บันทึกการทำงาน", "ผู้ใช้"})):
        page = open_page(role).goto("/admin/account/")
        labels = set(page.get_by_role("navigation", name="เมนูหลัก").get_by_role("listitem").all_inner_texts())
        assert labels & {"บันทึกการทำงาน", "ผู้ใช้"} == shown


@EVERY_SIZE
def test_what_is_refused_or_missing_is_told_readably(console: Running, open_page: OpenPage, size: str) -> None:
    watched = open_page("viewer", size)
    for path, told in (("/admin/users/", "ไม่มีสิทธิ์เปิดหน้านี้"), ("/admin/nothing", "ไม่พบหน้านี้")):
        page = watched.goto(path)
        expect(page.get_by_role("heading", name=told)).to_be_visible()
        check_page(page)
        shot(page, f"error-{size}")
    # The browser itself notes a page that was refused; nothing else may be complained of.
    assert [line for line in watched.complaints if "the server responded with a status of 40" not in line] == []
    watched.complaints.clear()
