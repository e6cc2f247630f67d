// Draws LINE messages (the JSON that would be sent) into an element, as the stand-in's chat page draws them.
import { element, flexContainer } from "../card/flex.js";

const nothing = () => {};

export function drawMessages(into, messages, told = "") {
  const parts = messages.map((message) =>
    message.type === "flex" ? flexContainer(message.contents, message.altText, nothing) : element("div", "said", message.text ?? ""),
  );
  const chips = (messages.at(-1)?.quickReply?.items ?? []).map((item) => element("span", "chip", item.action.label));
  if (chips.length) parts.push(element("div", "chips", ...chips));
  into.replaceChildren(...(parts.length ? parts : [element("p", "said", told)]));
  // It is a picture of buttons: nothing in it does anything.
  for (const button of into.querySelectorAll("button, a, [tabindex]")) {
    button.tabIndex = -1;
    if (button.matches("button")) button.disabled = true;
  }
}

// <div class="line-preview" data-messages='[…]'></div>
for (const box of document.querySelectorAll("[data-messages]")) drawMessages(box, JSON.parse(box.dataset.messages));
