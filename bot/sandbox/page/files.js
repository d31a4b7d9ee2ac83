// Files in messages: pictures, which open in full when clicked, and cards for everything else.

import { button, h, icon, iconButton, safeLink } from "./dom.js";
import { openLayer } from "./layers.js";

const SIZES = ["bytes", "kB", "MB", "GB"];

export function sizeWords(bytes) {
  if (bytes === 1) return "1 byte";
  const step = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** step).toFixed(step ? 1 : 0))} ${SIZES[step]}`;
}

/** The name of a file, and under it what there is to say of it. */
export function fileWords(title, about) {
  return h("span.file-words", h("b", { dir: "auto", title }, title), h("small", about));
}

export function drawFile(data) {
  const title = data.title || data.name || "File";
  if (data.thumb_360) return pictureFile(data, title);
  const about = [data.pretty_type, data.size ? sizeWords(data.size) : null].filter(Boolean).join(" · ");
  const card = safeLink(data.url_private ?? data.permalink ?? "", h("span.file-sign", icon("file", 22)), fileWords(title, about));
  card.classList.add("file");
  return card;
}

function pictureFile(data, title) {
  const size = { width: data.original_w, height: data.original_h };
  const picture = h("img", { src: data.thumb_720 ?? data.thumb_360, alt: data.alt_txt ?? title, ...size });
  const open = () => openPicture({ source: data.url_private, title, words: data.alt_txt });
  const more = { "aria-label": `Open ${title} in full`, title: "Open in full" };
  return h("figure.picture-file", h("figcaption", { dir: "auto" }, title), button("picture-button", open, picture, more));
}

/** The whole picture above the page; Esc, the cross or a click beside it takes it away. */
export function openPicture({ source, title, words }) {
  const link = safeLink(source, "Open in a new tab");
  link.className = "button";
  const head = h("div.lightbox-head", h("b", { dir: "auto" }, title), link, iconButton("Close", "close", () => close()));
  const picture = h("img", { src: source, alt: words ?? title });
  const box = h("div.lightbox", { role: "dialog", "aria-modal": "true", "aria-label": title }, head, h("div", picture));
  const close = openLayer(box, { trap: true });
  box.addEventListener("click", ({ target }) => target.closest("img, .lightbox-head") || close());
  head.lastElementChild.focus();
}
