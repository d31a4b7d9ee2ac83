// What lies above the page: popovers, dialogs and short notices; Esc closes the topmost.

import { button, h, iconButton } from "./dom.js";

const open = [];

/** Everything drawn above the page hangs here. */
const root = () => document.getElementById("layers");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open.length || event.defaultPrevented) return;
  event.preventDefault();
  open.at(-1).close();
});

document.addEventListener("mousedown", (event) => {
  const top = open.at(-1);
  if (top?.light && !top.node.contains(event.target) && !top.anchor?.contains(event.target)) top.close();
});

/**
 * Puts a node above the page and returns the function that closes it. A `light` layer also closes on a click beside it;
 * a `trap` keeps the keyboard focus inside; a `keep` layer is told of Esc by `onClose` and closes only when told to.
 */
export function openLayer(node, { anchor = null, light = false, onClose = null, trap = false, keep = false } = {}) {
  const before = document.activeElement;
  const layer = { node, anchor, light };
  const remove = () => {
    const place = open.indexOf(layer);
    if (place < 0) return false;
    open.splice(place, 1);
    node.remove();
    if (trap && !open.some((other) => other.trap)) document.getElementById("app").inert = false;
    if (before?.isConnected && document.activeElement === document.body) before.focus();
    return true;
  };
  layer.trap = trap;
  layer.close = keep ? () => onClose?.() : () => remove() && onClose?.();
  open.push(layer);
  root().append(node);
  if (trap) {
    document.getElementById("app").inert = true;
    node.addEventListener("keydown", (event) => event.key === "Tab" && holdFocus(node, event));
  }
  return keep ? remove : layer.close;
}

const FOCUSABLE = "a[href], select, [tabindex='0'], :is(button, input, textarea):not(:disabled)";

export const focusable = (node) => [...node.querySelectorAll(FOCUSABLE)].filter((one) => one.offsetParent !== null);

function holdFocus(node, event) {
  const stops = focusable(node);
  if (!stops.length) return;
  const [first, last] = [stops[0], stops.at(-1)];
  const active = document.activeElement;
  if (event.shiftKey && (active === first || !node.contains(active))) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (active === last || !node.contains(active))) {
    event.preventDefault();
    first.focus();
  }
}

/** A small box beside what opened it: under it, or above it where there is no room. */
export function openPopover(anchor, node, { onClose = null, align = "start" } = {}) {
  node.classList.add("popover");
  anchor.setAttribute("aria-expanded", "true");
  const close = openLayer(node, {
    anchor,
    light: true,
    onClose: () => {
      anchor.setAttribute("aria-expanded", "false");
      onClose?.();
    },
  });
  place(anchor, node, align);
  return close;
}

function place(anchor, node, align) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = node;
  const below = box.bottom + 4;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, box.top - height - 4);
  const start = align === "end" ? box.right - width : box.left;
  node.style.top = `${top}px`;
  node.style.left = `${Math.max(8, Math.min(start, innerWidth - width - 8))}px`;
}

/** A menu of choices: [{label, run, note?}], arrow keys move, Enter chooses. */
export function openMenu(anchor, items, { label, align = "start" } = {}) {
  const menu = h("div.menu", { role: "menu", "aria-label": label });
  const close = openPopover(anchor, menu, { align, onClose: () => anchor.focus() });
  for (const item of items) {
    const run = () => {
      close();
      item.run();
    };
    const shown = [h("span", item.label), item.note && h("small", item.note)];
    menu.append(button("menu-item", run, shown, { role: "menuitem" }));
  }
  place(anchor, menu, align);
  menu.addEventListener("keydown", (event) => moveFocus(menu, event));
  focusable(menu)[0]?.focus();
  return close;
}

function moveFocus(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = focusable(menu);
  const at = stops.indexOf(document.activeElement);
  stops[(at + step + stops.length) % stops.length].focus();
}

/** Says something short that goes by itself. `offer` is a button, {label, run}; `about` names what it is about. */
const MOST_NOTICES = 3; // more would cover what one is looking at

export function notice(words, kind = "info", { offer = null, about = null } = {}) {
  const leave = () => node.remove();
  const take = () => {
    leave();
    offer.run();
  };
  const taker = offer && button("offer-button", take, offer.label);
  const props = { class: `notice ${kind}`, role: kind === "error" ? "alert" : "status", data: { about } };
  const node = h("div", props, h("span", words), taker, iconButton("Dismiss", "close", leave, ""));
  if (about) dropNotice(about);
  const shelf = document.getElementById("notices");
  shelf.append(node);
  while (shelf.children.length > MOST_NOTICES) shelf.firstElementChild.remove();
  setTimeout(leave, kind === "error" || offer ? 10000 : 3500);
}

/** Takes away the notice about something that has been looked at. */
export function dropNotice(about) {
  document.querySelector(`.notice[data-about="${CSS.escape(about)}"]`)?.remove();
}

/** The question an app puts before a button is acted upon (Block Kit's confirm object). Answers true or false. */
export function askConfirm(confirm, textObject) {
  return new Promise((resolve) => {
    const answer = (is) => () => {
      finish();
      resolve(is);
    };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const yes = button(`button large ${style}`, answer(true), textObject(confirm.confirm) ?? "Yes");
    const no = button("button large", answer(false), textObject(confirm.deny) ?? "Cancel");
    const dialog = h(
      "div",
      { class: "dialog small", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title" },
      h("h2", { id: "confirm-title" }, textObject(confirm.title) ?? "Are you sure?"),
      h("div.dialog-body", textObject(confirm.text)),
      h("div.dialog-foot", no, yes),
    );
    const finish = openLayer(h("div.backdrop", dialog), { trap: true, keep: true, onClose: answer(false) });
    yes.focus();
  });
}
