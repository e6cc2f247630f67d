// The rich menu under a friend's chat: the image that the bot uploaded, with a button over each of its areas.

import { element } from "./flex.js";

export class RichMenu {
  /** `act(action)` is called with the action of the area that was tapped. */
  constructor(act) {
    this.act = act;
    this.id = "";
    this.bar = element("button", "menu-bar");
    this.bar.type = "button";
    this.bar.addEventListener("click", () => this.open(this.areas.hidden));
    this.areas = element("div", "menu-areas");
    this.areas.setAttribute("role", "group");
    this.root = element("div", "rich-menu", this.bar, this.areas);
    this.root.hidden = true;
  }

  /** Draw the default menu, or none. */
  show(menu, visible) {
    this.root.hidden = !menu || !visible;
    if (!menu || menu.richMenuId === this.id) return;
    this.id = menu.richMenuId;
    this.bar.textContent = menu.chatBarText;
    this.areas.setAttribute("aria-label", menu.chatBarText);
    const image = element("img");
    image.alt = "";
    image.src = `/simulator/rich-menus/${encodeURIComponent(menu.richMenuId)}/image`;
    const { width, height } = menu.size;
    this.areas.style.aspectRatio = `${width} / ${height}`;
    this.areas.replaceChildren(image, ...menu.areas.map((area) => this.button(area, width, height)));
    this.open(menu.selected);
  }

  button({ bounds, action }, width, height) {
    const made = element("button", "menu-area");
    made.type = "button";
    made.setAttribute("aria-label", action.label ?? action.text ?? action.type);
    made.style.left = `${(100 * bounds.x) / width}%`;
    made.style.top = `${(100 * bounds.y) / height}%`;
    made.style.width = `${(100 * bounds.width) / width}%`;
    made.style.height = `${(100 * bounds.height) / height}%`;
    made.addEventListener("click", () => this.act(action));
    return made;
  }

  open(wanted) {
    this.areas.hidden = !wanted;
    this.bar.setAttribute("aria-expanded", String(wanted));
  }
}
