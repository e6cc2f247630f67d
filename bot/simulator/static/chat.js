// The chat page: keeps what the stand-in tells in `chats`, draws it, and sends what people do.

import { Column } from "./column.js";
import { avatar } from "./messages.js";
import { element } from "./flex.js";
import { setUpTools } from "./tools.js";

const chats = new Map();
const columns = new Map();
const shown = []; // ids of the chats, the most recently chosen first: as many as there is room for are on the screen
let awaited = ""; // a chat that was just made, which the stand-in has not told of yet
let known = { epoch: "", version: 0 };
let richMenu = null;
const tools = setUpTools({ call, people: () => [...chats.values()].filter((chat) => chat.kind === "user") });

const holder = document.getElementById("columns");
const tabs = document.getElementById("tabs");
const offline = document.getElementById("offline");

/** A control call. The answer, or an Error with a text for the person. */
export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error ?? `HTTP ${answer.status}`);
  return told;
}

async function listen() {
  for (;;) {
    try {
      const news = await call("GET", `/simulator/updates?epoch=${known.epoch}&since=${known.version}`);
      offline.hidden = true;
      take(news);
    } catch (error) {
      if (!(error instanceof TypeError)) console.error(error);
      offline.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function take(news) {
  if (news.reset) {
    chats.clear();
    columns.clear();
    holder.replaceChildren();
  }
  known = { epoch: news.epoch, version: news.version };
  for (const { messages, ...about } of news.chats) {
    const chat = chats.get(about.id) ?? { messages: new Map(), unread: 0 };
    chats.set(about.id, Object.assign(chat, about));
    for (const message of messages) {
      if (!chat.messages.has(message.id) && message.author === "bot" && !news.reset && !visible().includes(chat.id)) {
        chat.unread += 1;
      }
      chat.messages.set(message.id, message);
    }
    chat.fresh = messages;
  }
  for (const id of chats.keys()) if (!shown.includes(id)) shown.push(id);
  shown.splice(0, shown.length, ...shown.filter((id) => chats.has(id)));
  if (chats.has(awaited)) {
    toFront(awaited);
    awaited = "";
  }
  tools.show(news.tools);
  richMenu = news.richMenu;
  draw();
}

function room() {
  if (matchMedia("(max-width: 719px)").matches) return 1;
  return matchMedia("(max-width: 1079px)").matches ? 2 : 3;
}

const visible = () => shown.slice(0, room());

function draw() {
  const now = visible();
  // On the screen the chats keep the order of the tabs, whichever was chosen last.
  const order = [...chats.keys()].filter((id) => now.includes(id));
  for (const [id, column] of columns) column.root.hidden = !order.includes(id);
  for (const id of order) {
    if (!columns.has(id)) {
      const column = new Column(chats.get(id), call);
      columns.set(id, column);
      holder.append(column.root);
      column.update(chats.get(id), [...chats.get(id).messages.values()]);
    }
  }
  [...chats.keys()].forEach((id, index) => columns.get(id)?.root.style.setProperty("order", index));
  for (const [id, chat] of chats) {
    columns.get(id)?.update(chat, chat.fresh);
    columns.get(id)?.showMenu(richMenu);
    chat.fresh = [];
    if (order.includes(id)) chat.unread = 0;
  }
  drawTabs(order);
}

function drawTabs(order) {
  const focused = document.activeElement?.dataset?.chat;
  tabs.replaceChildren(
    ...[...chats.values()].map((chat) => {
      const tab = element("button", `tab ${chat.kind}`, avatar(chat.name, false), element("span", "", chat.name));
      tab.type = "button";
      tab.dataset.chat = chat.id;
      tab.setAttribute("aria-pressed", String(order.includes(chat.id)));
      if (chat.unread) {
        const count = element("span", "unread", String(chat.unread));
        count.setAttribute("aria-label", `${chat.unread} ข้อความใหม่`);
        tab.append(count);
      }
      tab.addEventListener("click", () => choose(chat.id));
      return tab;
    }),
  );
  if (focused) tabs.querySelector(`[data-chat="${focused}"]`)?.focus();
}

function toFront(id) {
  shown.splice(shown.indexOf(id), 1);
  shown.unshift(id);
}

function choose(id) {
  toFront(id);
  draw();
  tabs.querySelector(`[data-chat="${id}"]`).scrollIntoView({ block: "nearest", inline: "nearest" });
  columns.get(id).toEnd();
  if (matchMedia("(hover: hover)").matches) columns.get(id).focus();
}

for (const query of ["(max-width: 719px)", "(max-width: 1079px)"]) matchMedia(query).addEventListener("change", draw);

const dialog = document.getElementById("new-user");
document.getElementById("add-user").addEventListener("click", () => dialog.showModal());
document.getElementById("user-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const problem = form.querySelector(".error");
  try {
    const { id } = await call("POST", "/simulator/users", { name: form.elements.name.value });
    problem.textContent = "";
    form.reset();
    dialog.close();
    awaited = id;
    if (chats.has(id)) choose(id);
  } catch (error) {
    problem.textContent = error.message;
  }
});
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

listen();
