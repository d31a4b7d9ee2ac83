// Draws the interactive elements of Block Kit and says what a person did with them.

import { button as pressable, h, icon, safeLink } from "./dom.js";
import { fileInput } from "./fileinput.js";
import { askConfirm, openMenu } from "./layers.js";
import { bareText, plainText, textObject } from "./mrkdwn.js";
import { richPlain } from "./richtext.js";
import { selects } from "./selects.js";
import { instantOf, wallTime } from "./time.js";
import { myZone } from "./world.js";

/** One element of a block; `surface` remembers values and carries actions to the app (see surface.js). */
export function element(data, block, surface) {
  const draw = DRAWN[data.type];
  if (!draw) return h("span.unknown", `Unknown element: ${data.type}`);
  return draw(data, field(data, block, surface));
}

/** What an element's drawing needs: its present value, its attributes, and what to do when the value changes. */
function field(data, block, surface) {
  const isInput = block.type === "input";
  const label = isInput ? bareText(block.label?.text) : bareText(data.placeholder?.text) || data.action_id || "choose";
  const data_ = { actionId: data.action_id, blockId: block.block_id, focus: data.focus_on_load ? "first" : null };
  return {
    label,
    surface,
    block,
    hooks: { data: data_, "aria-label": data.accessibility_label ?? label },
    value: surface.value(block.block_id, data.action_id) ?? initialValue(data),
    remember: (value) => surface.remember(block.block_id, data.action_id, value),
    /** The person chose a value; answers whether it stands (a confirm dialog may have been refused). */
    async changed(node, value) {
      if (isInput && !block.dispatch_action) {
        surface.remember(block.block_id, data.action_id, value);
        return true;
      }
      if (data.confirm && !(await askConfirm(data.confirm, textObject))) return false;
      surface.remember(block.block_id, data.action_id, value);
      await act(node, surface, block.block_id, data.action_id, value);
      return true;
    },
  };
}

async function act(node, surface, blockId, actionId, value) {
  node.classList.add("busy");
  node.setAttribute("aria-busy", "true");
  try {
    await surface.act(node, blockId, actionId, value);
  } finally {
    node.classList.remove("busy");
    node.removeAttribute("aria-busy");
  }
}

/** The value an element begins with, in the page's raw form: a string, a list of strings, or null. */
export function initialValue(data) {
  const options = data.initial_options ?? data.initial_users ?? data.initial_channels ?? data.initial_conversations;
  if (options) return options.map((option) => option.value ?? option);
  const place = data.initial_user ?? data.initial_channel ?? data.initial_conversation;
  const moment = data.initial_date ?? data.initial_time ?? data.initial_date_time;
  const one = data.initial_option?.value ?? data.initial_value ?? moment ?? place;
  if (one !== undefined && one !== null) return typeof one === "object" ? richPlain(one) : String(one);
  return null;
}

function button(data, at) {
  const style = data.style ? ` ${data.style}` : "";
  const className = `button${style}`;
  if (!data.url) {
    const more = { ...at.hooks, "aria-label": data.accessibility_label ?? null };
    return pressable(className, (node) => at.changed(node, null), textObject(data.text), more);
  }
  const link = safeLink(data.url, textObject(data.text));
  link.className = className;
  Object.assign(link.dataset, at.hooks.data);
  link.addEventListener("click", () => at.surface.act(link, at.block.block_id, data.action_id, null));
  return link;
}

function overflow(data, at) {
  const items = data.options.map((option) => ({
    label: plainText(option.text.text),
    note: option.description ? bareText(option.description.text) : null,
    run: () => {
      if (option.url) window.open(option.url, "_blank", "noreferrer");
      at.changed(node, option.value);
    },
  }));
  const open = () => openMenu(node, items, { label: "More actions", align: "end" });
  const more = { ...at.hooks, "aria-label": "More actions", "aria-haspopup": "menu" };
  const node = pressable("button icon-only", open, icon("across"), more);
  return node;
}

function textInput(data, at, rows) {
  const tag = data.multiline || rows ? "textarea" : "input";
  const limits = { maxlength: data.max_length ?? null, minlength: data.min_length ?? null };
  const node = h(tag, {
    ...at.hooks, class: "text-input", ...limits, rows: tag === "textarea" ? (rows ?? 4) : null, dir: "auto",
    type: tag === "input" ? "text" : null, placeholder: bareText(data.placeholder?.text) || null, autocomplete: "off",
  });
  node.value = at.value ?? "";
  const when = data.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const counter = h("span.counter", { "aria-hidden": "true" });
  const left = () => String(data.max_length - node.value.length);
  let timer = null;
  node.addEventListener("input", () => {
    at.remember(node.value || null);
    counter.replaceChildren(left());
    clearTimeout(timer);
    if (!at.block.dispatch_action || !when.includes("on_character_entered")) return;
    timer = setTimeout(() => at.changed(node, node.value), 400);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || tag === "textarea") return;
    if (!at.block.dispatch_action || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    at.changed(node, node.value);
  });
  if (!data.max_length || data.max_length > 500) return node;
  counter.append(left());
  return h("div.counted", node, counter);
}

function typed(type, more = () => ({})) {
  return (data, at) => {
    const node = h("input", { ...at.hooks, type, class: "text-input", ...more(data) });
    node.value = at.value ?? "";
    node.addEventListener("change", () => at.changed(node, node.value || null));
    return node;
  };
}

const numeric = (data) => ({
  min: data.min_value ?? null, max: data.max_value ?? null, step: data.is_decimal_allowed ? "any" : "1",
  placeholder: bareText(data.placeholder?.text) || null,
});

/** A year that is still being typed, such as 0002, is no choice yet. */
function moment(type, least) {
  return (data, at) => {
    const node = h("input", { ...at.hooks, type, class: "text-input", min: least });
    node.value = at.value ?? "";
    node.addEventListener("change", () => node.validity.valid && at.changed(node, node.value || null));
    return data.timezone ? h("div.datetime", node, h("small", data.timezone)) : node;
  };
}

/** A wall time in the reader's zone; the value is seconds since 1970, as Slack's selected_date_time. */
function datetime(data, at) {
  const node = h("input", { ...at.hooks, type: "datetime-local", class: "text-input", min: "1971-01-01T00:00" });
  if (at.value) node.value = wallTime(Number(at.value), myZone());
  const epoch = () => (node.value ? String(Math.round(instantOf(node.value, myZone()))) : null);
  node.addEventListener("change", () => node.validity.valid && at.changed(node, epoch()));
  return h("div.datetime", node, h("small", `Your time, ${myZone()}`));
}

let groups = 0;

function choices(type) {
  return (data, at) => {
    const name = `choices-${(groups += 1)}`;
    const set = h("div", { ...at.hooks, class: "choices", role: type === "radio" ? "radiogroup" : "group" });
    const selected = [at.value ?? []].flat();
    const chosen = () => [...set.querySelectorAll("input:checked")].map((box) => box.value);
    for (const option of data.options) {
      const box = h("input", { type, name, value: option.value, checked: selected.includes(option.value) });
      box.addEventListener("change", () => at.changed(set, type === "radio" ? box.value : chosen()));
      const note = option.description && h("small", textObject(option.description));
      set.append(h("label", box, h("span", textObject(option.text), note)));
    }
    return set;
  };
}

const DRAWN = {
  button,
  workflow_button: button,
  overflow,
  plain_text_input: (data, at) => textInput(data, at),
  rich_text_input: (data, at) => textInput(data, at, 5),
  email_text_input: typed("email", (data) => ({ placeholder: bareText(data.placeholder?.text) || null })),
  url_text_input: typed("url", (data) => ({ placeholder: bareText(data.placeholder?.text) || null })),
  number_input: typed("number", numeric),
  datepicker: moment("date", "1971-01-01"),
  timepicker: moment("time", null),
  datetimepicker: datetime,
  checkboxes: choices("checkbox"),
  radio_buttons: choices("radio"),
  file_input: fileInput,
  image: (data) => picture(data, "accessory-image"),
  ...selects,
};

/** Where a picture is; one that was uploaded is named by its address or only by its id. */
export function sourceOf({ image_url: address, slack_file: file }) {
  return address ?? file?.url ?? (file?.id ? `/files-pri/T-${file.id}/picture` : "");
}

/** An image, or its description where it cannot be had. */
export function picture(data, className) {
  const source = sourceOf(data);
  const words = { class: `${className} missing`, role: "img", "aria-label": data.alt_text };
  const missing = () => h("span", words, data.alt_text);
  if (!/^(https?:|data:image\/|\/)/.test(source)) return missing();
  const image = h("img", { class: className, src: source, alt: data.alt_text ?? "", loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(missing()));
  return image;
}
