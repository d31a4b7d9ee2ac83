// The canvas of a channel: its button among the bookmarks, and the page that it opens, which follows each change.

import { button, h, icon, iconButton } from "./dom.js";
import { notice, openLayer } from "./layers.js";
import { markdown } from "./markdown.js";
import { get, world } from "./world.js";

let shown = null;

/** The button that opens it; nothing where the channel has none. */
export function canvasMark(channel) {
  if (!channel.canvas) return null;
  const more = { "aria-haspopup": "dialog", title: "The canvas of this channel", data: { key: `canvas ${channel.id}` } };
  const open = () => openCanvas(channel).catch((trouble) => notice(`No canvas: ${trouble.message}.`, "error"));
  return button("canvas-mark", open, [icon("file", 14), channel.canvas.title || "Canvas"], more);
}

async function openCanvas(channel) {
  const body = h("div.dialog-body.canvas", { tabindex: "0" });
  const title = h("h2");
  const finish = () => shown?.close();
  const head = h("header.dialog-head", icon("file", 20), title, iconButton("Close the canvas", "close", finish));
  const props = { class: "dialog wide", role: "dialog", "aria-modal": "true", "aria-label": "Canvas" };
  body.addEventListener("click", ({ target }) => target.closest?.("a[href^='#']") && finish());
  shown = { channel: channel.id, title, body, text: null };
  await syncCanvas();
  const onClose = () => (shown = null);
  shown.close = openLayer(h("div.backdrop", h("div", props, head, body)), { trap: true, onClose });
  body.focus();
}

/** Brings the open canvas up to date. */
export async function syncCanvas() {
  if (!shown) return;
  const found = await get("canvas", { as: world.me, channel: shown.channel });
  if (!shown || found.markdown === shown.text) return;
  shown.text = found.markdown;
  shown.title.textContent = found.title || "Canvas";
  shown.body.replaceChildren(markdown(found.markdown));
}
