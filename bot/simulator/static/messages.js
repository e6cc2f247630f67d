// Draws one message of a chat: its content, the time, how long the reply took, and what can be done with it.

import { actionElement, element, flexContainer, picture } from "./flex.js";
import { icon } from "./icons.js";

const HINT = {
  sticker: "สติกเกอร์",
  image: "รูปภาพ",
  video: "วิดีโอ",
  audio: "ข้อความเสียง",
  file: "ไฟล์",
  location: "ตำแหน่งที่ตั้ง",
  coupon: "คูปอง",
};
const CARDS = ["flex", "template", "imagemap"];
const VIA = { push: "ข้อความพุช", multicast: "มัลติแคสต์", broadcast: "บรอดแคสต์" };
const WEBHOOK = { timeout: "บอตไม่ตอบรับภายในเวลา", unreachable: "ติดต่อบอตไม่ได้" };

const clock = new Intl.DateTimeFormat("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });
const day = new Intl.DateTimeFormat("th-TH-u-ca-buddhist", { dateStyle: "long", timeZone: "Asia/Bangkok" });

export const dayOf = (at) => day.format(new Date(at));

/** The `<li>` of one message. `names` maps user ids to names; `use` has `act(action)` and `unsend(message)`. */
export function messageItem(message, chat, use) {
  if (message.author === "system") return element("li", "notice", message.content.text);
  const own = message.author !== "bot";
  const item = element("li", own ? "message own" : "message bot");
  const name = own ? chat.members.find((member) => member.id === message.author)?.name : document.body.dataset.bot;
  if (!own) item.append(avatar(name, true));
  const column = element("div", "said");
  if (!own || chat.kind === "group") column.append(element("div", "name", message.content.sender?.name ?? name ?? ""));
  const line = element("div", "line");
  line.append(message.unsent ? element("div", "bubble taken-back", "ยกเลิกการส่งข้อความแล้ว") : content(message.content, use));
  const took = message.ms === null ? VIA[message.via] : `ตอบใน ${duration(message.ms)}`;
  column.append(line);
  // A card needs the whole width of a phone, so its time stands below it.
  if (CARDS.includes(message.content.type)) column.append(element("div", "took", time(message), took && ` · ${took}`));
  else {
    line.append(beside(message, own, use));
    if (took) column.append(element("div", "took", took));
  }
  item.append(column);
  return item;
}

export function avatar(name, bot) {
  const circle = element("span", bot ? "avatar assistant" : "avatar", bot ? "ล" : firstLetter(name ?? ""));
  circle.setAttribute("aria-hidden", "true");
  return circle;
}

// A Thai name may start with a vowel that is written before its consonant.
const firstLetter = (name) => name.match(/[ก-ฮA-Za-z0-9]/)?.[0] ?? "?";

function beside(message, own, use) {
  const aside = element("div", "beside");
  if (own && !message.unsent && message.webhook && !message.webhook.startsWith("2")) {
    aside.append(element("span", "failed", WEBHOOK[message.webhook] ?? `บอตตอบ ${message.webhook}`));
  }
  if (own && !message.unsent) {
    const undo = element("button", "undo", "ยกเลิก");
    undo.type = "button";
    undo.setAttribute("aria-label", `ยกเลิกการส่ง: ${message.content.text ?? HINT[message.content.type] ?? ""}`);
    undo.addEventListener("click", () => use.unsend(message));
    aside.append(undo);
  }
  aside.append(time(message));
  return aside;
}

function time(message) {
  const made = element("time", "", clock.format(new Date(message.at)));
  made.dateTime = new Date(message.at).toISOString();
  return made;
}

function duration(ms) {
  return ms < 1000 ? `${ms} มิลลิวินาที` : `${(ms / 1000).toFixed(1)} วินาที`;
}

function content(message, use) {
  if (message.type === "text" || message.type === "textV2") return element("div", "bubble", ...withLinks(message.text));
  if (message.type === "flex") return flexContainer(message.contents, message.altText, use.act);
  if (message.type === "template") return template(message, use);
  if (message.type === "imagemap") return element("div", "card", picture(message.baseUrl, "1:1"));
  const label = message.fileName ?? message.title ?? HINT[message.type] ?? message.type;
  return element("div", `bubble hint ${message.type}`, icon(message.type), element("span", "", label));
}

function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const link = element("a", "", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  });
}

function template(message, use) {
  const { template: told } = message;
  const columns = told.columns ?? [told];
  const cards = columns.map((column) => {
    const card = element("div", "card template");
    const image = column.thumbnailImageUrl ?? column.imageUrl;
    if (image) card.append(picture(image, "151:100"));
    if (column.title) card.append(element("strong", "", column.title));
    if (column.text) card.append(element("p", "", column.text));
    for (const action of column.actions ?? [column.action]) {
      const button = actionElement(action, use.act, "flex-button link sm");
      button.append(action.label ?? "");
      card.append(button);
    }
    return card;
  });
  if (cards.length === 1) return cards[0];
  const strip = element("div", "carousel", ...cards);
  strip.tabIndex = 0;
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", message.altText);
  return strip;
}
