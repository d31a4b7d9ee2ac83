// User groups: who is in them, beside their mention and in the sidebar; an open panel follows each change.

import { avatar } from "./avatar.js";
import { button, h, icon, redraw } from "./dom.js";
import { openPopover } from "./layers.js";
import { go } from "./route.js";
import { groupOf, isGone, localTime, nameOf, personOf, world } from "./world.js";

const MOST_FACES = 3;

let shown = null;

const namesOf = (group) => group.users.map((id) => nameOf(personOf(id))).join(", ") || "nobody";

// Mentions and rows are drawn anew now and then; one listener for all of them never misses a click.
document.addEventListener("click", ({ target }) => {
  const anchor = target.closest?.("[data-group]");
  if (anchor) openGroup(anchor, anchor.dataset.group);
});

document.addEventListener("keydown", (event) => {
  const anchor = event.target.closest?.("span[data-group]");
  if (!anchor || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  openGroup(anchor, anchor.dataset.group);
});

document.addEventListener("mouseover", ({ target }) => {
  const anchor = target.closest?.("[data-group]");
  const group = anchor && groupOf(anchor.dataset.group);
  if (group) anchor.title = namesOf(group);
});

function openGroup(anchor, id) {
  if (shown?.anchor === anchor) {
    shown.close();
    return;
  }
  const panel = h("div.group", { role: "dialog", "aria-label": `@${groupOf(id)?.handle ?? id}` });
  fill(panel, id);
  const onClose = () => {
    shown = null;
    if (anchor.isConnected) anchor.focus();
  };
  shown = { id, anchor, panel, close: openPopover(anchor, panel, { onClose }) };
  panel.querySelector("button")?.focus();
}

/** Brings the open panel up to date. */
export function syncGroup() {
  if (shown) fill(shown.panel, shown.id);
}

function fill(panel, id) {
  const group = groupOf(id);
  if (!group) {
    redraw(panel, h("p.faint", "There is no such user group here."));
    return;
  }
  const count = group.users.length === 1 ? "1 member" : `${group.users.length} members`;
  const more = [group.name === group.handle ? null : group.name, group.disabled ? "disabled" : count];
  const head = h("div.group-head", h("span.group-sign", icon("people", 20)),
    h("div", h("b", `@${group.handle}`), h("small", more.filter(Boolean).join(" · "))));
  const about = group.description ? h("p.faint", group.description) : null;
  redraw(panel, head, about, group.users.map(member));
}

function member(id) {
  const person = personOf(id);
  const open = () => {
    shown?.close();
    go({ person: world.me, channel: `@${person.name}` });
  };
  const place = h("small", isGone(person) ? "deactivated" : localTime(person));
  const words = h("span.person-text", h("b", { dir: "auto" }, nameOf(person)), h("small", person.title));
  const face = [avatar(id, 36), words, h("span.person-place", place)];
  return button("person", open, face, { data: { key: `member ${id}`, person: id } });
}

/** The row of a group in the sidebar, with the faces of those who are in it now. */
export function groupRow(group) {
  const faces = group.users.slice(0, MOST_FACES).map((id) => avatar(id, 18));
  const rest = group.users.length - MOST_FACES;
  const more = rest > 0 ? h("span.hour", `+${rest}`) : null;
  const props = {
    type: "button", class: "place", title: namesOf(group), "aria-label": `@${group.handle}: ${namesOf(group)}`,
    "aria-haspopup": "dialog", data: { group: group.id, handle: group.handle },
  };
  const sign = h("span.sign", icon("people", 16));
  const name = h("span.name", `@${group.handle}`);
  return h("li", { data: { key: `group ${group.id}` } }, h("button", props, sign, name, h("span.faces", faces), more));
}
