// Line icons, drawn here so that the page needs neither an emoji font nor a file from elsewhere.

const PATHS = {
  sticker: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 9.5v1M15.5 9.5v1M8 14.5c2.2 2.6 5.8 2.6 8 0",
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5L20 18M15.5 9.2v.1",
  video: "M3 6h12v12H3zM15 10.5l6-3.5v10l-6-3.5",
  audio: "M12 3.5a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0V6A2.5 2.5 0 0 1 12 3.5ZM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  location: "M12 21c4.5-5 6.5-8.3 6.5-11.2a6.5 6.5 0 0 0-13 0C5.5 12.7 7.5 16 12 21ZM12 12.3a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  coupon: "M3 7h18v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM14 7v10",
};
const SVG = "http://www.w3.org/2000/svg";

/** An icon as wide as a line of text is high; unknown names give the file icon. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "line-icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.file);
  drawing.append(path);
  return drawing;
}
