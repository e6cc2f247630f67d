// One chat on the screen: header, messages, quick replies and the composer.

import { actionElement, element } from "./flex.js";
import { icon } from "./icons.js";
import { avatar, dayOf, messageItem } from "./messages.js";
import { RichMenu } from "./rich_menu.js";

const STANDING = {
  user: { new: "ยังไม่ได้เพิ่มเพื่อน", friend: "เป็นเพื่อนแล้ว", blocked: "บล็อกอยู่" },
  group: { new: "ผู้ช่วยยังไม่อยู่ในกลุ่ม", joined: "ผู้ช่วยอยู่ในกลุ่ม", left: "ผู้ช่วยออกจากกลุ่มแล้ว" },
};
const SWITCH = {
  user: { new: ["follow", "เพิ่มเพื่อน"], friend: ["unfollow", "บล็อก"], blocked: ["follow", "เลิกบล็อก"] },
  group: { new: ["join", "เชิญเข้ากลุ่ม"], joined: ["leave", "นำออกจากกลุ่ม"], left: ["join", "เชิญเข้ากลุ่ม"] },
};
const EMPTY = {
  user: "กด “เพิ่มเพื่อน” เพื่อดูคำทักทาย หรือพิมพ์คำถามได้เลย",
  group: "เชิญผู้ช่วยเข้ากลุ่มก่อน แล้วเรียก @ผู้ช่วย เมื่อต้องการถาม",
};
const ATTACH = [
  ["sticker", "สติกเกอร์"],
  ["image", "รูปภาพ"],
  ["audio", "เสียง"],
  ["file", "ไฟล์"],
];
const NEAR_END = 80;

export class Column {
  constructor(chat, call) {
    this.chat = chat;
    this.call = call;
    this.items = new Map();
    this.lastDay = "";
    this.root = element("section", `column ${chat.kind}`);
    this.root.setAttribute("aria-label", `ห้องแชต ${chat.name}`);
    this.root.dataset.name = chat.name;
    this.log = element("ol", "log");
    this.log.setAttribute("aria-live", "polite");
    this.log.setAttribute("aria-label", `ข้อความของ ${chat.name}`);
    this.scroller = element("div", "scroller", this.log);
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "region");
    this.scroller.setAttribute("aria-label", `บทสนทนา ${chat.name}`);
    this.typing = element("div", "typing", element("i"), element("i"), element("i"));
    this.typing.setAttribute("role", "status");
    this.typing.setAttribute("aria-label", "ผู้ช่วยกำลังพิมพ์");
    this.typing.hidden = true;
    this.empty = element("p", "empty", EMPTY[chat.kind]);
    this.scroller.append(this.empty, this.typing);
    this.quick = element("div", "quick");
    this.quick.setAttribute("role", "group");
    this.quick.setAttribute("aria-label", "คำตอบด่วน");
    this.problem = element("p", "error");
    this.problem.setAttribute("role", "alert");
    this.menu = new RichMenu((action) => this.act(action));
    this.root.append(this.header(), this.scroller, this.quick, this.problem, this.composer(), this.menu.root);
  }

  header() {
    this.standing = element("small");
    this.switch = element("button", "quiet");
    this.switch.type = "button";
    this.switch.addEventListener("click", () => this.send({ type: SWITCH[this.chat.kind][this.chat.standing][0] }));
    const title = element("div", "title", element("h2", "", this.chat.name), this.standing);
    return element("header", "", avatar(this.chat.name, false), title, this.switch);
  }

  composer() {
    const form = element("form");
    this.controls = element("fieldset", "composer");
    form.append(this.controls);
    if (this.chat.kind === "group") {
      this.sender = element("select");
      this.sender.setAttribute("aria-label", "ส่งในชื่อ");
      this.mention = element("input");
      this.mention.type = "checkbox";
      this.mention.checked = true;
      this.controls.append(element("div", "as", this.sender, element("label", "", this.mention, " เรียก @ผู้ช่วย")));
    }
    this.input = element("textarea");
    this.input.rows = 1;
    this.input.setAttribute("aria-label", `พิมพ์ข้อความถึงผู้ช่วย ในชื่อ ${this.chat.name}`);
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    this.input.addEventListener("input", () => this.fit());
    const attach = element("details", "attach");
    const summary = element("summary", "", "+");
    summary.setAttribute("aria-label", "ส่งสติกเกอร์หรือไฟล์");
    attach.append(summary);
    const menu = element("div", "menu");
    for (const [type, label] of ATTACH) {
      const button = element("button", "quiet", icon(type), label);
      button.type = "button";
      button.addEventListener("click", () => {
        attach.open = false;
        this.send({ type });
      });
      menu.append(button);
    }
    attach.append(menu);
    attach.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      attach.open = false;
      summary.focus();
    });
    attach.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !attach.contains(event.relatedTarget)) attach.open = false;
    });
    const submit = element("button", "send", "ส่ง");
    this.controls.append(attach, this.input, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value;
      if (!text.trim()) return;
      this.input.value = "";
      this.fit();
      this.say(text).then((sent) => {
        if (!sent && !this.input.value) this.input.value = text;
      });
    });
    return form;
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
  }

  say(text) {
    return this.send({ type: "text", text, mention: this.mention?.checked ?? false });
  }

  async send(action) {
    const user = this.chat.kind === "group" ? this.sender.value : this.chat.id;
    try {
      await this.call("POST", "/simulator/actions", { user, chat: this.chat.id, ...action });
      this.problem.textContent = "";
      return true;
    } catch (error) {
      this.problem.textContent = error.message;
      return false;
    }
  }

  /** What a tap on a button, a card or a quick reply does. */
  act(action) {
    const { type } = action;
    if (type === "message") this.send({ type: "text", text: action.text });
    else if (type === "postback") this.postback(action);
    else if (type === "datetimepicker") this.postback(action, { [action.mode]: action.initial ?? action.min ?? "" });
    else if (type === "clipboard") navigator.clipboard.writeText(action.clipboardText);
    else if (type === "location") this.send({ type: "location" });
    else if (type === "camera" || type === "cameraRoll") this.send({ type: "image" });
    else this.problem.textContent = `ปุ่มนี้เปิด ${action.uri ?? type} ซึ่งใช้ได้ในแอป LINE เท่านั้น`;
  }

  postback(action, params) {
    if (action.fillInText) this.input.value = action.fillInText;
    this.send({ type: "postback", data: action.data, displayText: action.displayText ?? action.text, params });
  }

  update(chat, fresh) {
    this.chat = chat;
    const atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END;
    this.standing.textContent = STANDING[chat.kind][chat.standing];
    this.switch.textContent = SWITCH[chat.kind][chat.standing][1];
    const blocked = chat.standing === "blocked";
    this.root.classList.toggle("blocked", blocked);
    this.controls.disabled = blocked;
    this.input.placeholder = blocked ? "บล็อกอยู่ ส่งข้อความไม่ได้" : "พิมพ์ข้อความ";
    this.drawSenders();
    const use = {
      act: (action) => this.act(action),
      unsend: (message) => this.send({ type: "unsend", messageId: message.id, user: message.author }),
    };
    for (const message of fresh) this.drawMessage(message, use);
    if (fresh.length) this.drawQuickReplies();
    this.empty.hidden = this.items.size > 0;
    this.drawTyping(chat.typingMs);
    if (atEnd || fresh.some((message) => message.author !== "bot")) this.toEnd();
  }

  /** The account's default menu, or none: under the chats of its friends only. */
  showMenu(menu) {
    const atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END;
    this.menu.show(menu, this.chat.kind === "user" && this.chat.standing === "friend");
    if (atEnd) this.toEnd();
  }

  drawSenders() {
    if (!this.sender || this.sender.length === this.chat.members.length) return;
    this.sender.replaceChildren(...this.chat.members.map(({ id, name }) => new Option(name, id)));
  }

  drawMessage(message, use) {
    const before = this.items.get(message.id);
    if (before && before.seq === message.seq) return;
    const item = messageItem(message, this.chat, use);
    if (before) {
      if (before.item.classList.contains("follow")) item.classList.add("follow");
      before.item.replaceWith(item);
    } else {
      const day = dayOf(message.at);
      if (day !== this.lastDay) this.log.append(element("li", "notice day", day));
      this.lastDay = day;
      if (this.last?.author === message.author && message.author !== "system") item.classList.add("follow");
      this.last = message;
      this.log.append(item);
    }
    this.items.set(message.id, { item, seq: message.seq, message });
  }

  // Quick replies belong to the newest message only: the next one, whoever says it, takes them away. Those of a message
  // that only became "read" stay as they are, for a keyboard's focus may be on one.
  drawQuickReplies() {
    const last = [...this.items.values()].map(({ message }) => message).filter(({ author }) => author !== "system").pop();
    const items = last?.author === "bot" ? last.content.quickReply?.items ?? [] : [];
    const drawn = items.length ? JSON.stringify([last.id, items]) : "";
    if (drawn === this.drawnQuickReplies) return;
    this.drawnQuickReplies = drawn;
    this.quick.replaceChildren(
      ...items.map(({ action }) => {
        const chip = actionElement(action, (tapped) => this.act(tapped), "chip");
        chip.append(action.label);
        return chip;
      }),
    );
    this.quick.hidden = items.length === 0;
  }

  drawTyping(ms) {
    clearTimeout(this.typingTimer);
    this.typing.hidden = ms <= 0;
    if (ms > 0) this.typingTimer = setTimeout(() => (this.typing.hidden = true), ms);
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  focus() {
    this.input.focus();
  }
}
