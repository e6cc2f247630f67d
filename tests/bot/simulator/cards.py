"""A flex card as the assistant might send it, to look at and to break."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def line(label: str, value: str) -> Json:
    return {
        "type": "box",
        "layout": "horizontal",
        "spacing": "md",
        "contents": [
            {"type": "text", "text": label, "size": "sm", "color": "#5B6660", "flex": 3, "wrap": True},
            {"type": "text", "text": value, "size": "sm", "color": "#14231D", "flex": 5, "wrap": True},
        ],
    }


def bullet(words: str) -> Json:
    return {
        "type": "box",
        "layout": "horizontal",
        "spacing": "sm",
        "contents": [
            {"type": "text", "text": "•", "size": "sm", "color": "#0B6B3A", "flex": 0},
            {"type": "text", "text": words, "size": "sm", "color": "#14231D", "wrap": True},
        ],
    }


def bubble(header: str = "รางวัลตัวอย่าง", gist: str = "ต้องใช้งานจริงมาแล้วไม่น้อยกว่า 1 ปี", **more: Any) -> Json:
    return {
        "type": "bubble",
        "header": {
            "type": "box",
            "layout": "vertical",
            "backgroundColor": "#0B6B3A",
            "paddingAll": "16px",
            "contents": [
                {"type": "text", "text": header, "size": "xs", "color": "#FFFFFF", "wrap": True},
                {"type": "text", "text": gist, "weight": "bold", "size": "lg", "color": "#FFFFFF", "wrap": True},
            ],
        },
        "body": {
            "type": "box",
            "layout": "vertical",
            "spacing": "md",
            "contents": [
                {"type": "text", "text": "เงื่อนไขตัวอย่าง", "weight": "bold", "size": "md", "wrap": True},
                bullet("เป็นผลงานที่นำไปใช้จริงและเห็นผลแล้ว"),
                bullet("มีผลสำรวจความพึงพอใจของผู้รับบริการ แสดงเป็นสถิติ"),
                {"type": "separator", "margin": "lg"},
                line("รอบ", "ตัวอย่าง"),
                line("ระยะเวลา", "ไม่น้อยกว่า 1 ปี"),
                {
                    "type": "box",
                    "layout": "baseline",
                    "backgroundColor": "#FFF6DD",
                    "cornerRadius": "md",
                    "paddingAll": "10px",
                    "contents": [
                        {
                            "type": "text",
                            "text": "ข้อมูลนี้ใช้ทดสอบหน้าแชตเท่านั้น",
                            "size": "xs",
                            "color": "#5C4400",
                            "wrap": True,
                        }
                    ],
                },
                {"type": "text", "text": "ที่มา: เอกสารตัวอย่าง", "size": "xxs", "color": "#5B6660", "wrap": True},
            ],
        },
        "footer": {
            "type": "box",
            "layout": "vertical",
            "spacing": "sm",
            "contents": [
                {
                    "type": "button",
                    "style": "primary",
                    "height": "sm",
                    "color": "#0B6B3A",
                    "action": {"type": "message", "label": "ดูตัวอย่างผลงาน", "text": "ตัวอย่างผลงาน"},
                },
                {
                    "type": "button",
                    "style": "secondary",
                    "height": "sm",
                    "action": {
                        "type": "postback",
                        "label": "เริ่มทำแบบทดสอบ",
                        "data": "quiz=1",
                        "displayText": "เริ่มทำแบบทดสอบ",
                    },
                },
                {
                    "type": "button",
                    "style": "link",
                    "height": "sm",
                    "action": {"type": "uri", "label": "เปิดเว็บไซต์", "uri": "https://example.com/"},
                },
            ],
        },
        **more,
    }


def flex(contents: Json, alt: str = "การ์ดตัวอย่าง") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}
