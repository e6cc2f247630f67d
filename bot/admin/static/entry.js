// The form of one entry: LINE's limits counted while one types, the card beside it, and somebody else's change.
import { drawMessages } from "./card.js";

const form = document.getElementById("entry");
const LOOK_EVERY = 5000;
const TYPED_FOR = 350;

// Limits. As bot/limits.py counts: grapheme clusters for labels (a limit in braces counts as "0 ปี"), else UTF-16 units.
const clusters = new Intl.Segmenter("th", { granularity: "grapheme" });
const COUNT = {
  graphemes: (text) => [...clusters.segment(text.replace(/\{[^{}]*\}/g, "0 ปี"))].length,
  utf16: (text) => text.length,
  lines: (text) => text.split("\n").filter((line) => line.trim()).length,
};

for (const field of form.querySelectorAll("[data-count]")) {
  const { count, most, advised } = field.dataset;
  const told = document.createElement("span");
  told.className = "count";
  told.id = `${field.id}-count`;
  field.after(told);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
  const show = () => {
    const now = COUNT[count](field.value.replace(/\r\n/g, "\n").trim());
    if (count === "lines") {
      told.textContent = `${now} รายการ`;
      return;
    }
    const over = most && now > Number(most);
    const much = !over && advised && now > Number(advised);
    told.classList.toggle("over", Boolean(over));
    told.classList.toggle("much", Boolean(much));
    const limit = most && (!advised || now > Number(advised)) ? most : advised;
    told.textContent = over
      ? `${now} จาก ${most} ตัวอักษร ยาวเกินที่ LINE รับได้`
      : `${now} จาก ${limit} ตัวอักษร${much ? ` ยาวกว่า ${advised} จะไม่พอดีส่วนหัวของการ์ด` : ""}`;
  };
  field.addEventListener("input", show);
  show();
}

// The card.
const box = document.getElementById("preview");
if (box) {
  let timer;
  let turn = 0;
  const draw = async () => {
    const mine = ++turn;
    const data = new FormData(form);
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: data,
        headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      });
      const shown = await answer.json();
      if (mine === turn) drawMessages(box, shown.messages ?? [], shown.told ?? shown.error ?? "");
    } catch {
      if (mine === turn) drawMessages(box, [], "ติดต่อระบบไม่ได้ จึงยังแสดงตัวอย่างไม่ได้");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, TYPED_FOR);
  });
  draw();
}

// Somebody else on the same entry.
const newer = document.getElementById("newer");
const look = async () => {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(form.dataset.version, { headers: { Accept: "application/json" } });
      const now = await answer.json();
      if (String(now.version) !== form.elements.version.value) {
        newer.textContent = now.version
          ? `${now.author} เพิ่งบันทึกรายการนี้ คุณแก้ต่อได้ เมื่อกดบันทึกระบบจะรวมให้และให้คุณตรวจก่อน`
          : "รายการนี้เพิ่งถูกเผยแพร่หรือทิ้งการแก้ไขไป เมื่อกดบันทึกระบบจะให้คุณตรวจก่อน";
        newer.hidden = false;
        return;
      }
    } catch {
      // The next look tells.
    }
  }
  setTimeout(look, LOOK_EVERY);
};
setTimeout(look, LOOK_EVERY);
