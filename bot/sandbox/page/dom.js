// Builds elements; text only ever becomes text nodes, so nothing a person typed can turn into markup.

import { hashOf, permalinkSpot, readRoute } from "./route.js";

/**
 * An element: h("div.actions", {properties}, ...children). The properties (data, on, aria-…) may be left out; children
 * that are null or false are left out.
 */
export function h(tag, ...rest) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  const props = isProps(rest[0]) ? rest.shift() : {};
  for (const [key, value] of Object.entries(props)) setProperty(node, key, value);
  node.append(...rest.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const isProps = (value) => Object.prototype.toString.call(value) === "[object Object]";

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
  else if (name === "data") for (const [key, text] of Object.entries(value)) {
    if (text !== null && text !== undefined) node.dataset[key] = text;
  } else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else if (name === "value" || name === "checked" || name === "disabled" || name === "inert") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

const LONGEST_PRESS = 2000; // a pointer let go outside of the page may never be heard of
const waiting = [];
let pressed = null;

addEventListener("pointerdown", () => (pressed ??= setTimeout(letGo, LONGEST_PRESS)), true);
for (const end of ["pointerup", "pointercancel", "dragend"]) addEventListener(end, letGo, true);

/** The click comes right after the pointer is let go, and only then may what it is about change. */
function letGo() {
  setTimeout(() => {
    clearTimeout(pressed);
    pressed = null;
    for (const go of waiting.splice(0)) go();
  });
}

/** Resolves once no pointer is pressed: what is redrawn between press and release would lose its click. */
export const released = () => (pressed ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve());

/**
 * Makes the children of a container look like these, touching only what differs, so that no click and no keyboard
 * focus is lost. An element that stays keeps its listeners: give it a data-key where these know what it shows. One
 * with a key is found again wherever it stood.
 */
export function redraw(container, ...children) {
  const wanted = children.flat(Infinity).filter(Boolean);
  const keys = new Set(wanted.map(keyOf));
  for (const child of [...container.children]) if (keyOf(child) && !keys.has(keyOf(child))) child.remove();
  wanted.forEach((child, place) => put(container, child, container.childNodes[place] ?? null));
  while (container.childNodes.length > wanted.length) container.lastChild.remove();
}

const keyOf = (node) => node.dataset?.key;

/** Puts one child where `here` stands: the present one of the same key, or without keys what stands here. */
function put(container, child, here) {
  const key = keyOf(child);
  const isHere = here && keyOf(here) === key;
  const present = isHere ? here : key && [...container.children].find((one) => keyOf(one) === key);
  if (present !== here || !present) container.insertBefore(present || child, here);
  if (present) become(present, child);
}

function become(present, wanted) {
  if (present === wanted || (wanted.nodeType && present.isEqualNode(wanted))) return;
  const alike = present.nodeType === Node.ELEMENT_NODE && present.nodeName === wanted.nodeName;
  if (!alike || present.dataset?.key !== wanted.dataset?.key) {
    present.replaceWith(wanted);
    return;
  }
  for (const { name } of [...present.attributes]) if (!wanted.hasAttribute(name)) present.removeAttribute(name);
  for (const { name, value } of wanted.attributes) {
    if (present.getAttribute(name) !== value) present.setAttribute(name, value);
  }
  redraw(present, [...wanted.childNodes]);
}

/** A real button; pressing it calls `press` with the button itself. */
export function button(className, press, shown, more = {}) {
  const node = h("button", { type: "button", class: className, ...more, on: { click: () => press(node) } }, shown);
  return node;
}

/** A button that shows a drawing only; the label is for tooltips and screen readers. */
export function iconButton(label, name, press, className = "round") {
  return button(className, press, icon(name), { title: label, "aria-label": label });
}

/** A link that may be followed: only http, https and mailto addresses become one; anything else stays text. */
export function safeLink(address, ...children) {
  const spot = address.startsWith(`${location.origin}/`) ? permalinkSpot(address) : null;
  if (spot) return h("a", { href: hashOf({ person: readRoute().person, ...spot }) }, ...children);
  const harmless = /^(https?:|mailto:)/i.test(address);
  return harmless
    ? h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, ...children)
    : h("span", ...children);
}

const PATHS = {
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13M3 12.5h13",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  caret: "m5 8 5 5 5-5",
  right: "m8 5 5 5-5 5",
  left: "m12 5-5 5 5 5",
  down: "M10 4v12m-5-5 5 5 5-5",
  close: "m5 5 10 10M15 5 5 15",
  smile: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM7 11.5s1 2 3 2 3-2 3-2M7.5 7.8v.4M12.5 7.8v.4",
  thread: "M3.5 4.5h13v9H9l-3.5 3v-3h-2zM7 8h6M7 10.5h4",
  more: "M10 4.5v.1M10 10v.1M10 15.5v.1",
  across: "M4.5 10h.1M10 10h.1M15.5 10h.1",
  link: "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l1-1",
  send: "M3.5 3.5 17 10 3.5 16.5l1.7-6.5zM5.2 10H11",
  people: "M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16q.7-4 5.5-4t5.5 4M13 4.3a3 3 0 0 1 0 5.4M15 12.3q2.4.9 3 3.7",
  pin: "M7 3h6l-.7 5L15 11H5l2.7-3zM10 11v6",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  bolt: "M11 2.5 4.5 11H9l-.7 6.5L15.5 9H11z",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0Zm0-3v4.2c0 1.2.8 1.8 1.8 1.8S17 12 17 10a7 7 0 1 0-3 5.7",
  slash: "M12.5 3 7.5 17",
  check: "m4 10.5 4 4 8-9",
  plus: "M10 4v12M4 10h12",
  help: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM7.8 8q0-2.2 2.2-2.2t2.2 2q0 1.7-2.2 3.3M10 13.7v.2",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  sliders: "M3 6h8M15 6h2M3 14h2M9 14h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6v4.2l3 1.8",
  file: "M5 2.5h6.5L15 6v11.5H5zM11 2.5V6.5h4",
};

/** One of the page's own line drawings, hidden from screen readers. */
export function icon(name, size = 18) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const attributes = { viewBox: "0 0 20 20", width: size, height: size, class: "icon", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
