// Draws the select menus of Block Kit: static, external, people, channels and conversations, one choice or several.

import { button, h, icon } from "./dom.js";
import { bareText, plainText } from "./mrkdwn.js";
import { matching, openPicker } from "./picker.js";
import { humans, nameOf, personOf, world } from "./world.js";

const plain = (text, value, description) => ({
  text: { type: "plain_text", text }, value, description: description && { type: "plain_text", text: description },
});

/** What was chosen though the list does not offer it: somebody who is gone, say. */
const unlisted = (value) => plain(world.people.has(value) ? nameOf(personOf(value)) : value, value);

const people = () => humans().map((person) => plain(nameOf(person), person.id, person.title));
const openChannels = () => world.channels.filter((channel) => channel.kind !== "im" && !channel.is_archived);
const channels = () => openChannels().map((channel) => plain(`#${channel.name}`, channel.id));
const titled = (title, options) => ({ label: { type: "plain_text", text: title }, options });

const SOURCES = {
  static: (data) => data.option_groups ?? [{ options: data.options ?? [] }],
  users: () => [{ options: people() }],
  channels: () => [{ options: channels() }],
  conversations: () => [titled("Channels", channels()), titled("People", people())],
};

function source(kind, data, at) {
  if (kind !== "external") {
    const groups = SOURCES[kind](data);
    const known = groups.flatMap((group) => group.options);
    return { load: (query) => matching(groups, query), known, search: known.length > 7 };
  }
  const load = async (query) => {
    if (query.length < (data.min_query_length ?? 0)) return [];
    const answer = await at.surface.suggest(at.block.block_id, data.action_id, query);
    return answer.option_groups ?? [{ options: answer.options ?? [] }];
  };
  return { load, known: [], search: "remote" };
}

const first = (data) => [data.initial_option ?? data.initial_options ?? []].flat();

function selectButton(at) {
  return h("button.select", { ...at.hooks, type: "button", "aria-haspopup": "listbox", "aria-expanded": "false" });
}

function single(kind) {
  return (data, at) => {
    const { load, known, search } = source(kind, data, at);
    const named = [...known, ...first(data), ...(at.surface.options?.() ?? [])];
    let chosen = named.find((option) => option.value === at.value) ?? (at.value ? unlisted(at.value) : null);
    const shown = h("span.select-value");
    const control = selectButton(at);
    control.append(shown, icon("caret", 16));
    const draw = () => {
      shown.replaceChildren(plainText(chosen?.text.text ?? (bareText(data.placeholder?.text) || "Select an option")));
      control.classList.toggle("empty", !chosen);
      if (chosen) control.dataset.value = chosen.value;
    };
    const choose = async (option) => {
      const before = chosen;
      chosen = option;
      at.surface.options?.().push(option);
      draw();
      if (await at.changed(control, option.value)) return;
      chosen = before;
      draw();
    };
    control.addEventListener("click", () => {
      const present = new Map(chosen ? [[chosen.value, chosen]] : []);
      openPicker(control, { label: at.label, load, search, chosen: present, choose });
    });
    draw();
    return control;
  };
}

function multi(kind) {
  return (data, at) => {
    const { load, known, search } = source(kind, data, at);
    const named = [...known, ...first(data), ...(at.surface.options?.() ?? [])];
    const option = (value) => named.find((one) => one.value === value) ?? unlisted(value);
    const chosen = new Map((at.value ?? []).map((value) => [value, option(value)]));
    const control = selectButton(at);
    const box = h("div.multi");
    const told = async () => {
      const values = [...chosen.keys()];
      at.surface.options?.().push(...chosen.values());
      draw();
      await at.changed(control, values);
    };
    const chip = (one) => {
      const drop = () => (chosen.delete(one.value), told());
      const label = { "aria-label": `Remove ${bareText(one.text.text)}` };
      return h("span.chip", plainText(one.text.text), button("", drop, icon("close", 12), label));
    };
    const draw = () => {
      const words = bareText(data.placeholder?.text) || "Select options";
      control.replaceChildren(h("span.select-value", chosen.size ? "Add or remove" : words), icon("caret", 16));
      control.classList.toggle("empty", !chosen.size);
      box.replaceChildren(...[...chosen.values()].map(chip), control);
    };
    control.addEventListener("click", () => {
      const before = [...chosen.keys()].join("\n");
      const done = () => [...chosen.keys()].join("\n") !== before && told();
      openPicker(control, { label: at.label, load, search, chosen, most: data.max_selected_items, done });
    });
    draw();
    return box;
  };
}

const KINDS = ["static", "external", "users", "channels", "conversations"];

export const selects = Object.fromEntries(
  KINDS.flatMap((kind) => [[`${kind}_select`, single(kind)], [`multi_${kind}_select`, multi(kind)]]),
);
