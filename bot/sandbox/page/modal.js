// The stack of modals an app has opened: drawn, filled in, submitted, and corrected.

import { drawBlocks } from "./blocks.js";
import { button, h, iconButton } from "./dom.js";
import { initialValue } from "./elements.js";
import { focusable, notice, openLayer } from "./layers.js";
import { avatar } from "./avatar.js";
import { textObject } from "./mrkdwn.js";
import { reasonOf, viewSurface } from "./surface.js";
import { postAsMe, world } from "./world.js";

const kept = new Map();
let shown = null;

/** Draws the topmost view of the person's stack, or takes the last one away. `after` runs when a view was answered. */
export function syncModals(after) {
  const view = world.views.at(-1);
  const known = new Set(world.views.map((one) => one.id));
  for (const id of kept.keys()) if (!known.has(id)) kept.delete(id);
  if (shown && (!view || view.id !== shown.id)) hide();
  if (!view) return;
  if (!kept.has(view.id)) kept.set(view.id, { values: {}, options: [] });
  const sign = JSON.stringify([view.hash, view.title, view.blocks, view.submit, view.close, world.views.length]);
  if (!shown) shown = reveal(view.id, after);
  if (shown.sign !== sign) fill(view, sign, after);
}

/** Takes the modal off the screen without telling the app, for a change of person. */
export function hide() {
  shown?.remove();
  shown = null;
}

function reveal(id, after) {
  const dialog = h("form.dialog", { role: "dialog", "aria-modal": "true", novalidate: true, data: { viewId: id } });
  const close = () => dismiss(id, after);
  const remove = openLayer(h("div.backdrop", dialog), { trap: true, keep: true, onClose: close });
  return { id, dialog, remove, sign: null };
}

function fill(view, sign, after) {
  const { dialog } = shown;
  const isNew = shown.sign === null;
  const scroll = dialog.querySelector(".dialog-body")?.scrollTop ?? 0;
  const focused = document.activeElement?.dataset.actionId;
  shown.sign = sign;
  const surface = viewSurface(view, kept.get(view.id));
  const close = () => dismiss(view.id, after);
  const title = `modal-${view.id}`;
  const body = h("div.dialog-body", drawBlocks(view.blocks, surface));
  const disabled = Boolean(view.submit_disabled);
  const submit = view.submit && h("button.button.large.primary", { type: "submit", disabled }, textObject(view.submit));
  const cancel = button("button large", close, textObject(view.close) ?? (view.submit ? "Cancel" : "Close"));
  dialog.setAttribute("aria-labelledby", title);
  dialog.onsubmit = (event) => {
    event.preventDefault();
    if (view.submit) send(view, dialog, after);
  };
  const first = world.views.length > 1 ? iconButton("Back", "left", close) : avatar(world.app.bot_user_id, 28);
  dialog.replaceChildren(
    h("div.dialog-head", first, h("h2", { id: title }, textObject(view.title)), iconButton("Close", "close", close)),
    body,
    h("div.dialog-foot", h("span.by", `A view of ${world.app.name}`), cancel, submit),
  );
  body.scrollTop = scroll;
  focusWithin(dialog, body, isNew ? null : focused);
}

function focusWithin(dialog, body, actionId) {
  const before = actionId && body.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
  const wanted = before || body.querySelector("[data-focus=first]") || focusable(body)[0] || focusable(dialog).at(-1);
  wanted?.focus();
}

async function dismiss(id, after) {
  world.views = world.views.filter((view) => view.id !== id);
  hide();
  const answer = await postAsMe("close", { view_id: id });
  if (!answer.ok) notice(`The app was not told that the view was closed: ${reasonOf(answer.error)}.`, "error");
  after();
}

async function send(view, dialog, after) {
  const values = kept.get(view.id).values;
  const filled = inputsOf(view, values);
  const missing = problems(view, filled);
  showErrors(dialog, missing);
  if (Object.keys(missing).length) return;
  busy(dialog, true);
  const answer = await postAsMe("submit", { view_id: view.id, values: filled });
  busy(dialog, false);
  if (answer.errors) showErrors(dialog, answer.errors);
  else if (!answer.ok) alarm(dialog, `We had some trouble connecting: ${reasonOf(answer.error)}. Try again?`);
  after();
}

/** Everything typed or chosen in the view, with the beginning values of inputs nobody touched. */
function inputsOf(view, values) {
  const filled = {};
  for (const [block, one] of view.blocks.flatMap(holders)) {
    const value = values[block.block_id]?.[one.action_id];
    (filled[block.block_id] ??= {})[one.action_id] = value === undefined ? initialValue(one) : value;
  }
  return filled;
}

const STATELESS = new Set(["button", "overflow", "image", "workflow_button"]);

/** The elements of a block that hold a value, each with its block. */
function holders(block) {
  const within = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
  return within.filter((one) => one?.action_id && !STATELESS.has(one.type)).map((one) => [block, one]);
}

/** What Slack itself refuses before it asks the app. */
function problems(view, filled) {
  const found = {};
  for (const block of view.blocks.filter((one) => one.type === "input")) {
    const value = filled[block.block_id]?.[block.element.action_id];
    const empty = value === null || value === undefined || value === "" || value.length === 0;
    const missing = !block.optional && "Please complete this required field.";
    const early = !empty && goingUp(block.element, value) && "One moment, a file is still going up.";
    const problem = empty ? missing : early || problemWith(block.element, value);
    if (problem) found[block.block_id] = problem;
  }
  return found;
}

const goingUp = ({ type }, value) => type === "file_input" && value.some((file) => file.uploading);

function problemWith({ type, min_length: least, min_value: from, max_value: to, is_decimal_allowed: decimal }, value) {
  if (least && value.length < least) return `Please write at least ${least} characters.`;
  if (type !== "number_input") return null;
  if (!decimal && !Number.isInteger(Number(value))) return "Please enter a whole number.";
  if (from !== undefined && Number(value) < Number(from)) return `Please enter ${from} or more.`;
  return to !== undefined && Number(value) > Number(to) ? `Please enter ${to} or less.` : null;
}

function showErrors(dialog, errors) {
  dialog.querySelector(".alarm")?.remove();
  for (const block of dialog.querySelectorAll(".block-input")) {
    const text = errors[block.dataset.blockId];
    const line = block.querySelector(".input-error");
    block.classList.toggle("wrong", Boolean(text));
    line.hidden = !text;
    line.textContent = text ?? "";
  }
  const hasInput = (id) => dialog.querySelector(`.block-input[data-block-id="${CSS.escape(id)}"]`);
  const lost = Object.keys(errors).filter((id) => !hasInput(id));
  if (lost.length) alarm(dialog, `The app answered with an error for a block that is no input: ${lost.join(", ")}.`);
  const first = dialog.querySelector(".block-input.wrong");
  if (first) focusable(first)[0]?.focus();
}

function alarm(dialog, text) {
  dialog.querySelector(".alarm")?.remove();
  dialog.querySelector(".dialog-body").prepend(h("p.alarm", { role: "alert" }, text));
}

function busy(dialog, is) {
  dialog.classList.toggle("sending", is);
  const submit = dialog.querySelector("button[type=submit]");
  submit.disabled = is;
  submit.classList.toggle("busy", is);
}
