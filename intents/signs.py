"""Words that by themselves say something sure: a number with its unit, a year, "the form", "what does … mean"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import regex

from intents.entities import YearMention

# A year told of one's own work ("ได้รางวัลปี 64 เริ่มปี 67") speaks for the conditions that count from it.
_TOLD_BY_YEARS = {"start": {"expansion_start": 0.6, "duration": 0.45}, "award": {"prior_age": 0.4}}
# So do a number with its unit, and the question for one.
_TOLD_BY_UNITS = tuple(
    (regex.compile(pattern), topic, belief)
    for pattern, topic, belief in (
        (r"ภายในกี่ปี|ภายใน\s?\d+\s?ปี", "expansion_start", 0.65),
        (
            r"(?<!ย้อนหลัง(?:ได้)?(?:ไม่เกิน)?\s?)(?<!ภายใน\s?)(?<!ได้(?:รับ)?รางวัล(?:มา)?(?:แล้ว)?\s?)(?:กี่ปี|กี่เดือน|นานแค่ไหน|นานเท่าไหร่|(?<!\d)\d{1,2}\s?(?:เดือน|ปี)(?!\s?\d)|ครึ่งปี|ปีกว่า)",
            "duration",
            0.6,
        ),
        (r"ย้อนหลัง|ได้(?:รับ)?รางวัล(?:มา)?(?:แล้ว)?(?:ไม่เกิน)?\s?กี่ปี", "prior_age", 0.6),
        (r"กี่\s?(?:%|เปอร์)|\d\s?(?:%|เปอร์)|ร้อยละ", "expansion_percent", 0.5),
        (
            r"(?:กี่|\d|สอง|สาม)\s?(?:พื้นที่|อำเภอ|ตำบล|จังหวัด)|ขยาย\S{0,18}(?:กี่|\d)\s?(?:ที่|แห่ง)|เชิงพื้นที่\S{0,8}กี่\s?(?:ที่|แห่ง)|นับพื้นที่",
            "expansion_areas",
            0.55,
        ),
        (r"(?:กี่|\d)\s?(?:หน่วยงาน|กรม(?!ก))", "agency_count", 0.6),
        (r"(?:กรม|กอง|หน่วยงาน|สำนัก)เดียว|ภายในกรม|ภายในหน่วยงาน", "end_to_end", 0.6),
        (r"ลด\s?ละ\s?เลิก", "nickname", 0.6),
        (r"ชมเชย|ระดับดี|ดีเด่น", "prior_level", 0.3),
        (
            r"พร้อมกัน|ทั้ง(?!หมด|ที่|ๆ)\S.*?ทั้ง(?!หมด|ที่)\S|(?:งาน|เรื่อง|ชิ้น)เดียว(?:กัน)?\s?(?:ส่ง|ยื่น|ลง|สมัคร)",
            "several_categories",
            0.6,
        ),
        (r"ลด(?:ระยะ)?(?:เวลา|ขั้นตอน)|เร็วขึ้น|จาก\s?\d+\s?วัน", "shorter_time", 0.5),
    )
)
_PAST = regex.compile(r"(?:ไป|ได้|เหลือ|เพิ่มขึ้น|ลดลง)\s?(?:แล้ว)?(?:กี่|เท่าไหร่)")
# What a word of a condition means is a question of its own.
_MEANING = regex.compile(r"หมายถึง|หมายความ|แปลว่า|นิยาม|คำว่า")
# "ไม่มีนวัตกรรม": a word of work that there is not.
# "ไม่ใช่ ของ…": a correction, after which comes what was meant.
# "เปิดเผยไม่ได้ ส่ง…" is a thing that cannot be done, and then something else.
_DENIED = regex.compile(r"(?:ไม่มี|(?<![ก-๙])ไม่ได้(?:มี|ทำ)?)\s?\S{0,4}$|ไม่ได้(?:มี|ทำ)?\S{0,4}$|(?:ไม่ใช่|ไม่เอา)\S{0,4}$")
# Words that leave no doubt about what is asked, however the rest is put.
_TELLING_WORDS = (
    (regex.compile(r"คะแนน(?!น)|กี่แต้ม"), "scoring"),
    (regex.compile(r"ค่า(?:ธรรมเนียม)?(?:ใน)?(?:การ)?สมัคร"), "apply"),
    (
        regex.compile(
            r"(?:รัฐวิสาหกิจ|ท้องถิ่น|เทศบาล|อบต\.?|อบจ\.?|อปท\.?|มหาวิทยาลัย|มหาลัย|องค์การมหาชน|เอกชน|โรงเรียน|สถานศึกษา|มูลนิธิ|กองพันทหาร\S{0,6}|กองพัน|กองพล|กรมทหาร\S{0,6}|มณฑลทหาร\S{0,6})"
            r"(?:อย่าง|แบบ|ของ)?(?:เรา|ผม|หนู)?(?:เนี่ย|นี่)?\s?(?:ก็|จะ|พอ)?(?:ส่ง|สมัคร|ลง|เข้าร่วม|ขอ|เสนอ|ทำได้)\S{0,16}(?:ไหม|หรือยัง)"
        ),
        "apply",
    ),
    (
        regex.compile(
            r"แบบฟอร์ม|ใบสมัคร|ฟอนต์|ฟ้อนต์|กี่หน้า|เทมเพลต|template|รูปเล่ม|(?:เป็น|เข้า)เล่ม(?!ไหน)|เอกสารแนบ|(?:ขอ|โหลด|มี|หา)(?:ไฟล์|สไลด์)"
        ),
        "documents",
    ),
    (
        regex.compile(
            r"ปิดรับ|เปิดรับ|หมดเขต|เดือนเดิม|เดดไลน์|deadline|site ?visit|ไทม์ไลน์|timeline|ปฏิทิน|(?:ภายใน|ไม่เกิน|ได้ถึง|ก่อน)\s?(?:วันที่เท่าไหร่|วันไหน|วันใด)"
        ),
        "deadline",
    ),
    (
        regex.compile(
            r"(?:แจ้ง|เตือน|ทัก|สะกิด)\S{0,3}(?:ด้วย|หน่อย|ที(?!ว่า))|บอก(?:ด้วย|หน่อย|ที)(?!ว่า)|อย่าลืม(?:บอก|แจ้ง)"
            # What a work does is no wish ("ทำจดหมายแจ้งเตือน…").
            r"|(?<!จดหมาย|ระบบ|แอป|ไลน์|ข้อความ|บริการ|ทำ|พัฒนา)แจ้งเตือน"
        ),
        "reminder",
    ),
    (
        regex.compile(
            r"^(?:แล้ว)?(?:เค้า|เขา)ได้(?:รับ)?(?:รางวัล)?ระดับ(?!.*(?:ถึง|จึง).*(?:ส่ง|ได้))|(?:ผล)?งาน(?:นี้|นั้น)(?:อยู่|ได้)(?:ที่)?ระดับ|ชื่อ(?:เต็ม)?(?:ของ)?ผลงาน|(?:ขอ|อยาก)(?:ดู|เห็น)\S{0,16}\s?ที่(?:เค้า|เขา|คนอื่น)(?:เคย)?(?:ได้|ชนะ)(?!รับยก)|ตัวอย่าง(?!เล่ม|ใบ|แบบ|เอกสาร|รายงาน|การเขียน)"
        ),
        "examples",
    ),
    (
        regex.compile(
            r"(?:ปรับ|แก้|พัฒนา|เสริม|เพิ่ม)(?:ปรุง)?\S{0,6}ตรงไหน|เคล็ดลับ|ข้อ(?:ห้าม|ควร(?:ระวัง|ทำ|รู้))|วิทยากร\S{0,4}(?:พูด(?!ถึง)|บอก|แนะ|ว่า|ย้ำ|เตือน|สอน)|ทริค|เทคนิค\S{0,3}(?:เขียน|ทำ|ส่ง)"
        ),
        "advice",
    ),
    (
        regex.compile(
            r"เบอร์โทร|โทรศัพท์|อีเมล|e-?mail"
            r"|(?:ให้|มี)?(?:ใคร)?(?:ให้)?(?:โทร|ไลน์|ทัก)(?:ไป)?(?:ถาม|หา|ปรึกษา)(?:ใคร|ได้|ที่ไหน)|ติดต่อ(?:ใคร|ที่ไหน|สอบถาม)"
            r"|(?:ขอ|อยาก)\S{0,4}(?:คุย|ติดต่อ|พูด|แชท|แชต)(?:กับ)?\s?(?:คน|เจ้าหน้าที่|แอดมิน|admin|จนท)"
        ),
        "contact",
    ),
    (
        regex.compile(
            r"(?<!ช่อง|เส้น)ทาง(?:เลือก)?อื่น(?:อีก|ให้ส่ง|ให้ลง)?(?:ไหม|บ้าง)|(?:มี|พอมี|พอจะมี)(?:ที่|ช่อง|รางวัล|ประเภท)(?:ไหน|อะไร)?(?:ให้|ที่)?\s?(?:ส่ง|ลง|สมัคร)(?:ได้)?(?:ไหม|บ้าง)"
            r"|(?:อยู่|เข้า|ลง)(?:ตรง|ที่)ไหน(?:ของเลิศรัฐ|ได้)|เข้า(?:หลัก)?เกณฑ์(?:อะไร|ไหน|ใด)|(?:fit|เข้า)\s?(?:กับ)?\s?(?:award|category)\s?(?:ไหน|อะไร|ใด)"
        ),
        "recommend",
    ),
    (
        regex.compile(
            r"(?:ตรงกับ|แนะนำ|เลือก)(?:รางวัล|ประเภท|สาขา|อัน|ตัว)(?:ไหน|ใด|อะไร)|(?:ส่ง|ลง|ยื่น)(?:แบบ|อัน|ตัว|ประเภท)ไหน(?:ก่อน)?ดี|(?:ควร|น่าจะ|เหมาะ)\S{0,8}(?:ลง|ส่ง|กับ|เสนอ)\S{0,14}(?:ไหน|ใด|อะไร|ดี)"
        ),
        "recommend",
    ),
    (
        regex.compile(
            r"(?:ยื่น|ส่ง|ลง(?!ทะเบียน)|เข้า|ไป|อยู่)(?:ใน)?(?:รางวัล|ประเภท|หมวด|ตัว|อัน|สาขา)(?:ไหน|ใด|อะไร)"
            r"|(?<!ต้อง)(?:ส่ง|ลง|ยื่น|เหลือเลือก)(?:ไหน|อะไร)(?:ได้|ดี|แทน)|รางวัลไหน(?:รับ|เหมาะ)"
        ),
        "recommend",
    ),
    (
        regex.compile(
            r"(?<!ถาม|ติดต่อ)ใครได้|ใครเคยได้|(?:ขอ|อยาก)(?:ทราบ|รู้|ดู|ได้|เห็น)?(?:รายชื่อ)?ผลงานที่(?:เคย)?(?:ได้(?:รับ)?|ชนะ)(?!.*(?:ส่ง|ต้อง|ขยาย|ต่อยอด|เสนอ|สมัคร))|รายชื่อ(?:คน|ผู้|หน่วยงาน|ผลงาน|งาน)\S{0,4}(?:ได้|ชนะ)|งานที่(?:เคย)?(?:ได้(?:รับ)?|ชนะ)รางวัล(?:(?!ส่ง|ต้อง|สมัคร|ยื่น|ลง|ขยาย|ต่อยอด).)*?(?:อะไร|ใคร|ไหน)(?:บ้าง)?|(?:งาน|กรม|จังหวัด|รพ\.?|โรงพยาบาล)\s?(?:ไหน|ใด)(?:เคย)?ได้"
            r"|(?:กรม|จังหวัด|เทศบาล|โรงพยาบาล)\S+?ได้รางวัล(?:อะไร|ไร)"
            r"|(?:กรม|จังหวัด|เทศบาล|โรงพยาบาล)(?!\S{0,12}เรา)\S+?เคยได้(?:รับ)?(?:รางวัล)?เลิศรัฐ(?:เรื่อง|จาก|ด้าน|สาขา)?(?:อะไร|ไร|ไหน)(?!.*ส่ง)"
            r"|(?:กรม|จังหวัด|เทศบาล|โรงพยาบาล|รพ\.?|สำนัก|อบต\.?)\s?(?!\S{0,12}เรา)\S+\s?เคยได้.{2,40}(?:เรื่อง|(?:ผล)?งาน|จาก)(?:อะไร|ไร|ไหน)(?!.*อีก)"
        ),
        "examples",
    ),
    (
        regex.compile(r"(?:เรียก(?:ชื่อ)?ว่า|เรียกชื่อ|ชื่อ(?:รางวัล|ประเภท|สาขา|เต็ม)?(?:ว่า)?)(?:อะไร|ไร)"),
        "definition",
    ),
)


def topics_told(text: str, named_years: Iterable[YearMention]) -> Iterator[tuple[str, float]]:
    """Topics that cleaned `text` speaks for by a year or a unit, each with a belief (0 to 1)."""
    for mention in named_years:
        yield from _TOLD_BY_YEARS.get(mention.role, {}).items()
    for pattern, topic, belief in _TOLD_BY_UNITS:
        if pattern.search(text):
            yield topic, belief


def attributes_told(text: str) -> Iterator[str]:
    """Attributes that a word of cleaned `text` leaves no doubt about."""
    return (attribute for pattern, attribute in _TELLING_WORDS if pattern.search(text))


_WHAT_IT_WON = regex.compile(
    r"(?:กรม|กอง|จังหวัด|เทศบาล|โรงพยาบาล|รพ\.?|สำนัก|มหาวิทยาลัย|กระทรวง)\S+?ได้(?:รับ)?(?:รางวัล|เลิศรัฐ)+(?:เรื่อง|จาก|ด้าน|สาขา)?(?:อะไร|ไหน|ใด)"
)
_CALLED = regex.compile(r"(?:ชื่อ|เรียก)(?:ว่า)?\s?(?:รางวัล|ประเภท|สาขา)?(?:ว่า)?(?:อะไร|ยังไง)")


_A_PERSON = regex.compile(
    r"(?:ขอ|อยาก)(?:จะ)?(?:คุย|พูด|แชท|แชต|ปรึกษา)(?:สาย)?(?:กับ)?\s?(?:คน|เจ้าหน้าที่|แอดมิน|admin|จนท|ผู้ดูแล)"
)
_WHO_MAY = regex.compile(
    r"^(?:แล้ว|ถ้า|พวก)*(?:ทหาร|ตำรวจ|ชาวบ้าน|ประชาชน|ปชช\.?|บุคคล|เอกชน|โรงเรียน|มหาลัย|มหาวิทยาลัย|อบต\.?|อบจ\.?|เทศบาล|รัฐวิสาหกิจ|มูลนิธิ|สหกรณ์|บริษัท|คนนอก|นักศึกษา|ลูกจ้าง|พนักงาน)(?:นี่|เนี่ย|ก็|ธรรมดา|ทั่วไป|คนเดียว|เล็ก|\s)*(?:ส่ง|สมัคร|ลง|ยื่น)(?:เลิศรัฐ|ผลงาน|รางวัล|เอง|เข้า|\s)*ได้\s?(?:ไหม|หรือ|ป่าว|เปล่า)(?:ก่อน)?$"
    r"|^(?:เรา|ผม|หนู|พี่|ดิฉัน)?(?:เป็น|อยู่)\s?(?:แค่)?(?:ผอ\.?|ครู|หมอ|พยาบาล|อาจารย์|นักวิชาการ|ข้าราชการ|ลูกจ้าง|พนักงาน|นักศึกษา|นักเรียน|ผู้ใหญ่บ้าน|กำนัน|อสม\.?|โรงเรียน|โรงพยาบาล|เทศบาล|อบต\.?|อบจ\.?|มหาลัย|มหาวิทยาลัย|รัฐวิสาหกิจ|เอกชน|มูลนิธิ|ทหาร|ตำรวจ|กรม|กอง|อำเภอ|จังหวัด)\S{0,16}(?:\s\S{2,20})?\s?(?:จะ)?(?:ส่ง|สมัคร|ลง|ยื่น)(?:รางวัลนี้|เลิศรัฐ|รางวัล|ผลงาน)(?:นี้)?ได้\s?(?:ไหม|หรือ|ป่าว|เปล่า)$"
)


def asks_for_a_person(text: str) -> bool:
    """Whether cleaned `text` asks to talk to somebody of the office."""
    return bool(_A_PERSON.search(text))


def asks_who_may(text: str) -> bool:
    """Whether cleaned `text` asks if a kind of body or person may enter, and says nothing of a work."""
    return bool(_WHO_MAY.search(text))


_ITS_LEVEL = regex.compile(
    r"^(?:แล้ว|ละ|อันนั้น|อันนี้|งานนั้น|งานนี้|ผลงานนี้|เรื่องนั้น|เรื่องนี้|มัน|เค้า|เขา|\s)*ได้(?:รับ)?(?:รางวัล)?(?:ระดับ(?:ไหน|อะไร|ใด)(?!ถึง|จึง)|(?:ระดับ)?ดีเด่น|ระดับดี)(?:เลย|ด้วย|ใช่|ดีเด่น|\s)*(?:ไหม)?$"
    r"|^(?:แล้ว)?(?:มัน|เค้า|เขา)?เป็นแบบ\S+\s?หรือ\s?(?:แบบ)?\S+$"
)


def asks_its_level(text: str) -> bool:
    """Whether cleaned `text` asks at which level a work won, or of which kind it is, and names none."""
    return bool(_ITS_LEVEL.search(text))


_PASSES = regex.compile(
    r"ผ่าน(?:เกณฑ์|เบื้องต้น|แล้ว|ได้)*\s?(?:ไหม|หรือยัง|ยัง)|(?<!ให้|ได้|จะ)รับ(?:ใช่)?ไหม$|(?:ตก|ไม่ผ่าน|ติด)(?:เพราะ|ตรง|ที่|ข้อ)(?:อะไร|ไหน|ใด)"
)


def asks_if_it_passes(text: str) -> bool:
    """Whether cleaned `text` asks if a work passes, or by what it fails."""
    return bool(_PASSES.search(text))


def asks_what_it_won(text: str) -> bool:
    """Whether cleaned `text` asks what award a body has won."""
    return bool(_WHAT_IT_WON.search(text))


def asks_its_name(text: str) -> bool:
    """Whether cleaned `text` asks what something that it describes is called."""
    return bool(_CALLED.search(text))


def asks_meaning(text: str) -> bool:
    """Whether cleaned `text` asks what a word means."""
    return bool(_MEANING.search(text))


def is_past(text: str) -> bool:
    """Whether cleaned `text` asks how many it has become: a figure of a work."""
    return bool(_PAST.search(text))


def denies_next(text: str) -> bool:
    """Whether what follows cleaned `text` is said not to be there."""
    return bool(_DENIED.search(text))
