// The message as it would look on LINE, beside the form; to how many it would go, and how long it is.
import { drawMessages } from "./card.js";

const QUIET_MS = 400;
const form = document.querySelector("[data-preview]");
const told = document.querySelector("[data-told]");
const picture = document.querySelector(".line-preview");
const count = document.querySelector("[data-counts]");
const text = form.elements[count.dataset.counts];
const subject = form.elements.subject.closest(".field");
const number = new Intl.NumberFormat("th-TH");
let asked = 0;

function size() {
  // A JavaScript string is counted as LINE counts: in UTF-16 code units.
  const most = Number(count.dataset.most);
  const length = text.value.trim().replace(/\r\n/g, "\n").length;
  count.textContent = `${number.format(length)} จาก ${number.format(most)} ตัวอักษร`;
  count.classList.toggle("wrong", length > most);
}

function choice() {
  subject.hidden = form.elements.audience.value !== "subject";
}

async function draw() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    });
    const found = await answer.json();
    if (mine !== asked) return; // something newer was typed meanwhile
    if (found.error) throw new Error(found.error);
    drawMessages(picture, found.messages);
    const groups = found.groups ? ` และ ${number.format(found.groups)} กลุ่ม` : "";
    told.textContent = found.problem || `จะส่งถึง ${number.format(found.users)} คน${groups}`;
  } catch (error) {
    if (mine === asked) told.textContent = error instanceof TypeError ? "ติดต่อระบบไม่ได้ ตัวอย่างอาจไม่ตรง" : error.message;
  }
}

let waiting;
form.addEventListener("input", () => {
  size();
  choice();
  clearTimeout(waiting);
  waiting = setTimeout(draw, QUIET_MS);
});
size();
choice();
if (text.value || form.elements.card_title.value) draw();
