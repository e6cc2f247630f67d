// Draws LINE flex containers as HTML. Texts are only ever inserted as text nodes.

const SPACE = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const FONT = {
  xxs: "11px", xs: "13px", sm: "14px", md: "16px", lg: "19px",
  xl: "22px", xxl: "29px", "3xl": "35px", "4xl": "48px", "5xl": "74px",
};
const IMAGE = {
  xxs: "40px", xs: "60px", sm: "80px", md: "100px", lg: "120px", xl: "140px",
  xxl: "160px", "3xl": "180px", "4xl": "200px", "5xl": "220px", full: "100%",
};
const BORDER = { none: "0", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const WIDTH = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const PADDING = { nano: "10px", micro: "10px", deca: "13px", hecto: "13px", kilo: "13px" };
const ACROSS = { start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };

const measure = (scale, value) => scale[value] ?? value ?? "";

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

/** A bubble or a carousel; `act(action)` is called when a button or a tappable part is used. */
export function flexContainer(contents, altText, act) {
  if (contents.type !== "carousel") return bubble(contents, act);
  const strip = element("div", "carousel", ...contents.contents.map((each) => bubble(each, act)));
  strip.tabIndex = 0;
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", altText);
  return strip;
}

function bubble(contents, act) {
  const card = element("div", "card");
  const size = contents.size ?? "mega";
  card.style.width = `${WIDTH[size]}px`;
  card.dir = contents.direction ?? "ltr";
  for (const name of ["header", "hero", "body", "footer"]) {
    if (!contents[name]) continue;
    const part = component(contents[name], "vertical", act);
    part.classList.add(`card-${name}`);
    const style = contents.styles?.[name] ?? {};
    if (style.backgroundColor) part.style.backgroundColor ||= style.backgroundColor;
    if (style.separator) part.style.borderTop = `1px solid ${style.separatorColor ?? "#d4d6da"}`;
    if (contents[name].type === "box") {
      const usual = name === "footer" ? "10px" : PADDING[size] ?? "20px";
      part.style.padding ||= usual;
      pad(part, contents[name]);
    }
    card.append(part);
  }
  return tappable(card, contents.action, act);
}

function component(node, parent, act) {
  const made = (DRAW[node.type] ?? DRAW.filler)(node, act, parent);
  place(made, node, parent);
  return made;
}

const DRAW = {
  box(node, act) {
    const box = element("div", `box ${node.layout}`);
    const style = box.style;
    style.backgroundColor = node.backgroundColor ?? "";
    if (node.background) {
      const { angle, startColor, centerColor, centerPosition, endColor } = node.background;
      const center = centerColor ? `, ${centerColor} ${centerPosition ?? "50%"}` : "";
      style.backgroundImage = `linear-gradient(${angle}, ${startColor}${center}, ${endColor})`;
    }
    if (node.borderWidth || node.borderColor) {
      style.border = `${measure(BORDER, node.borderWidth ?? "normal")} solid ${node.borderColor ?? "#d4d6da"}`;
    }
    style.borderRadius = measure(SPACE, node.cornerRadius);
    if (node.cornerRadius) style.overflow = "hidden";
    for (const side of ["width", "maxWidth", "height", "maxHeight"]) style[side] = node[side] ?? "";
    style.justifyContent = node.justifyContent ?? "";
    style.alignItems = node.alignItems ?? "";
    pad(box, node);
    (node.contents ?? []).forEach((child, index) => {
      const made = component(child, node.layout, act);
      if (index > 0 && node.spacing && child.margin === undefined) space(made, node.spacing, node.layout);
      box.append(made);
    });
    return tappable(box, node.action, act);
  },

  text(node, act) {
    const text = element("div", node.wrap ? "text wrap" : "text");
    const inner = element("div", "inner");
    letters(text, node, "md");
    if (node.contents?.length) {
      for (const span of node.contents) {
        const part = element("span", "", span.text);
        letters(part, span, null);
        inner.append(part);
      }
    } else inner.append(node.text ?? "");
    text.style.textAlign = node.align ?? "";
    if (node.lineSpacing) {
      // LINE puts the extra space between lines only, CSS puts half of it above the first and below the last.
      inner.style.lineHeight = `calc(1.5em + ${node.lineSpacing})`;
      inner.style.marginBlock = `calc(${node.lineSpacing} / -2)`;
    }
    if (node.maxLines && node.wrap) {
      inner.classList.add("clamped");
      inner.style.webkitLineClamp = node.maxLines;
    }
    text.append(inner);
    return tappable(text, node.action, act);
  },

  button(node, act) {
    const style = node.style ?? "link";
    const button = actionElement(node.action, act, `flex-button ${style} ${node.height ?? "md"}`);
    button.append(node.action.label ?? "");
    if (node.color) button.style[style === "link" ? "color" : "backgroundColor"] = node.color;
    return button;
  },

  image(node, act) {
    const image = picture(node.url, node.aspectRatio ?? "1:1");
    image.style.width = measure(IMAGE, node.size ?? "md");
    image.style.backgroundColor = node.backgroundColor ?? "";
    const holder = element("div", "image-holder", image);
    holder.style.justifyContent = ACROSS[node.align] ?? "center";
    return tappable(holder, node.action, act);
  },

  video: (node, act) => component(node.altContent, "vertical", act),

  icon(node) {
    const icon = element("span", "icon", "◆");
    icon.style.fontSize = measure(FONT, node.size ?? "md");
    icon.setAttribute("aria-hidden", "true");
    return icon;
  },

  separator(node) {
    const line = element("div", "separator");
    line.style.backgroundColor = node.color ?? "";
    return line;
  },

  filler: () => element("div", "filler"),
};

function letters(made, node, size) {
  if (node.size || size) made.style.fontSize = measure(FONT, node.size ?? size);
  made.style.color = node.color ?? "";
  made.style.fontWeight = node.weight === "bold" ? "700" : node.weight ? "400" : "";
  made.style.fontStyle = node.style ?? "";
  made.style.textDecoration = node.decoration ?? "";
}

function place(made, node, parent) {
  const style = made.style;
  const grows = node.flex ?? (parent === "vertical" || ["icon", "separator"].includes(node.type) ? 0 : 1);
  const fixed = parent === "vertical" ? node.height : node.width;
  if (node.type === "filler") style.flex = `${node.flex ?? 1} 1 0`;
  else style.flex = grows > 0 && !fixed ? `${grows} 1 0` : `0 ${fixed ? 0 : 1} auto`;
  if (grows > 0 && parent === "vertical" && !fixed) style.flex = `${grows} 1 auto`;
  if (grows === 0 && parent !== "vertical") style.flexShrink = "0";
  if (node.margin !== undefined) space(made, node.margin, parent);
  if (node.gravity && parent === "horizontal") style.alignSelf = ACROSS[node.gravity];
  if (node.position === "absolute") style.position = "absolute";
  else if (["offsetTop", "offsetBottom", "offsetStart", "offsetEnd"].some((side) => node[side])) style.position = "relative";
  style.top = measure(SPACE, node.offsetTop);
  style.bottom = measure(SPACE, node.offsetBottom);
  style.insetInlineStart = measure(SPACE, node.offsetStart);
  style.insetInlineEnd = measure(SPACE, node.offsetEnd);
}

function space(made, amount, parent) {
  made.style[parent === "vertical" ? "marginTop" : "marginInlineStart"] = measure(SPACE, amount);
}

function pad(made, node) {
  if (node.paddingAll) made.style.padding = measure(SPACE, node.paddingAll);
  if (node.paddingTop) made.style.paddingTop = measure(SPACE, node.paddingTop);
  if (node.paddingBottom) made.style.paddingBottom = measure(SPACE, node.paddingBottom);
  if (node.paddingStart) made.style.paddingInlineStart = measure(SPACE, node.paddingStart);
  if (node.paddingEnd) made.style.paddingInlineEnd = measure(SPACE, node.paddingEnd);
}

/** A stand-in for a picture: the page asks no outside address for anything. */
export function picture(url, ratio) {
  const [width, height] = ratio.split(":");
  const frame = element("div", "picture", element("span", "", `รูปภาพ: ${url.split("/").pop() || url}`));
  frame.style.aspectRatio = `${width} / ${height}`;
  return frame;
}

function tappable(made, action, act) {
  if (!action || action.type === undefined) return made;
  made.classList.add("tappable");
  made.tabIndex = 0;
  made.setAttribute("role", action.type === "uri" ? "link" : "button");
  if (action.label) made.setAttribute("aria-label", action.label);
  const use = (event) => {
    event.stopPropagation();
    act(action);
  };
  made.addEventListener("click", use);
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter") use(event);
  });
  return made;
}

/** A real link for an address that a browser may open, else a button. */
export function actionElement(action, act, className) {
  if (action.type === "uri" && /^(https?|tel):/i.test(action.uri)) {
    const link = element("a", className);
    link.href = action.uri;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }
  const button = element("button", className);
  button.type = "button";
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    act(action);
  });
  return button;
}
