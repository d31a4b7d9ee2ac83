// The list that a select menu opens: options one can search, choose one of, or tick several of.

import { h, icon, redraw } from "./dom.js";
import { openPopover } from "./layers.js";
import { bareText, textObject } from "./mrkdwn.js";

let count = 0;

/**
 * Opens the list under its control. `load(query)` answers groups [{label, options: [{text, value, description?}]}], at
 * once or as a promise. One choice: `choose(option)`, and the list closes. Several: `chosen`, a Map of value to option,
 * is changed in place, and `done()` is called when the list closes.
 */
export function openPicker(control, { label, load, search, chosen, most, choose, done }) {
  const id = `picker-${(count += 1)}`;
  const several = Boolean(done);
  const many = several ? "true" : null;
  const list = h("div.picker-list", { role: "listbox", id, "aria-label": label, "aria-multiselectable": many });
  const box = h("input", {
    type: "text", class: "picker-search", role: "combobox", autocomplete: "off", "aria-label": `Search ${label}`,
    "aria-controls": id, "aria-expanded": "true", placeholder: search === "remote" ? "Type to search" : "Search",
  });
  const panel = h("div.picker", search ? box : null, list);
  if (!search) list.tabIndex = 0;
  const close = openPopover(control, panel, { onClose: () => (done?.(), control.focus()) });
  panel.style.minWidth = `${Math.max(control.offsetWidth, 220)}px`;
  let current = 0;
  let asked = 0;

  const rows = () => [...list.querySelectorAll("[role=option]")];

  function pick(option) {
    if (!several) {
      close();
      choose(option);
      return;
    }
    if (!chosen.delete(option.value) && (!most || chosen.size < most)) chosen.set(option.value, option);
    for (const row of rows()) row.setAttribute("aria-selected", String(chosen.has(row.dataset.value)));
  }

  function point(at) {
    const all = rows();
    current = Math.max(0, Math.min(at, all.length - 1));
    all.forEach((row, place) => row.classList.toggle("current", place === current));
    const row = all[current];
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    (search ? box : list).setAttribute("aria-activedescendant", row.id);
  }

  function drawOption(option, number) {
    const props = {
      class: "picker-option", role: "option", id: `${id}-${number}`, data: { value: option.value },
      "aria-selected": String(chosen?.has(option.value) ?? false),
      on: {
        mousedown: (event) => event.preventDefault(),
        mousemove: () => current !== number && point(number),
        click: () => pick(option),
      },
    };
    const description = option.description && h("small", textObject(option.description));
    return h("div", props, h("span.tick", icon("check", 14)), h("span", textObject(option.text), description));
  }

  function draw(groups) {
    let number = 0;
    const children = groups.flatMap((group) => [
      group.label && h("div.picker-group", textObject(group.label)),
      ...group.options.map((option) => drawOption(option, number++)),
    ]);
    redraw(list, number ? children : h("div.picker-empty", "Nothing found"));
    point(several ? 0 : Math.max(0, rows().findIndex((row) => row.getAttribute("aria-selected") === "true")));
  }

  async function fill() {
    const turn = (asked += 1);
    const answer = load(box.value.trim());
    if (answer instanceof Promise) redraw(list, h("div.picker-empty", "Loading…"));
    const groups = await answer;
    if (turn === asked) draw(groups);
  }

  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point(current + step);
    else if (event.key === "Enter" || (event.key === " " && !search)) rows()[current]?.click();
    else if (event.key === "Tab") close();
    else return;
    if (event.key !== "Tab") event.preventDefault();
  });
  box.addEventListener("input", fill);
  fill();
  (search ? box : list).focus();
}

/** Keeps the groups whose options hold the query. */
export function matching(groups, query) {
  const wanted = query.toLowerCase();
  if (!wanted) return groups;
  const fits = (option) => bareText(option.text.text).toLowerCase().includes(wanted);
  const kept = groups.map((group) => ({ ...group, options: group.options.filter(fits) }));
  return kept.filter((group) => group.options.length);
}
