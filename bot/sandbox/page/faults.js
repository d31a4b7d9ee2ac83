// The little panel that makes this Slack misbehave: slow answers, refusals, lost replies.

import { button, h } from "./dom.js";
import { notice, openPopover } from "./layers.js";
import { fetchPeople, get, isGone, nameOf, personOf, post, world } from "./world.js";

const KINDS = {
  429: "429, too many requests",
  500: "500, internal error",
  timeout: "no answer at all",
  lost_reply: "done, reply lost",
  drop: "connection cut",
};
const METHODS = [
  "*", "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.create", "conversations.invite",
  "conversations.open", "conversations.setTopic", "usergroups.users.update", "users.info",
  "files.completeUploadExternal", "views.open", "views.update", "views.publish", "pins.add", "bookmarks.add",
];
const LATENCIES = [0, 50, 250, 1000, 2500];

export async function openFaults(anchor) {
  const panel = h("div.faults", { role: "dialog", "aria-label": "Faults" }, title());
  openPopover(anchor, panel, { align: "end", onClose: () => anchor.focus() });
  await fill(panel);
  panel.style.left = `${Math.max(8, anchor.getBoundingClientRect().right - panel.offsetWidth)}px`;
  panel.querySelector("select")?.focus();
}

const title = () => h("p.panel-title", "Make this Slack misbehave");
const option = (value, label) => h("option", { value: String(value) }, label);
const line = (label, control) => h("label", h("span", label), control);
const methodName = (method) => (method === "*" ? "any method" : method);

async function fill(panel) {
  const known = await get("faults").catch(() => ({ latency_ms: 0, rate_limits: false, faults: [] }));
  const waits = [...new Set([...LATENCIES, known.latency_ms])];
  const latency = h("select", waits.map((ms) => option(ms, ms ? `${ms} ms` : "not at all")));
  latency.value = String(known.latency_ms);
  latency.addEventListener("change", () => set(panel, { latency_ms: Number(latency.value) }));
  const limits = h("input", { type: "checkbox", checked: known.rate_limits });
  limits.addEventListener("change", () => set(panel, { rate_limits: limits.checked }));
  const kind = h("select", Object.entries(KINDS).map(([name, label]) => option(name, label)));
  kind.value = "500";
  const method = h("select", METHODS.map((name) => option(name, methodName(name))));
  const times = h("input", { type: "number", min: "1", max: "50", value: "1" });
  const arm = () => set(panel, { kind: kind.value, method: method.value, times: Number(times.value) });
  const named = (fault) => [KINDS[fault.kind] ?? fault.kind, methodName(fault.method), `${fault.times}×`].join(", ");
  const armed = known.faults.map((fault) => h("li", named(fault)));
  const heal = () => set(panel, { clear: true, rate_limits: false });
  panel.replaceChildren(
    title(),
    line("Each call waits", latency), line("Rate limits", limits),
    h("hr"),
    line("The next", times), line("calls of", method), line("meet with", kind),
    h("div.actions", button("button", arm, "Make it so"), button("button", heal, "All well again")),
    h("hr"),
    ...leaving(panel),
    h("hr"),
    armed.length ? h("ul", { "aria-label": "Waiting faults" }, armed) : h("p.faint", "No fault is waiting."),
  );
}

/** Somebody's account can be deactivated, as when they leave the company, and given back. */
function leaving(panel) {
  const all = [...world.people.values()].filter((person) => !person.is_bot);
  const who = h("select", all.map((person) => option(person.id, nameOf(person) + (isGone(person) ? " (gone)" : ""))));
  const doer = button("button", () => turn(panel, personOf(who.value)), "");
  const word = () => doer.replaceChildren(isGone(personOf(who.value)) ? "Let back in" : "Deactivate");
  who.addEventListener("change", word);
  word();
  return [line("The account of", who), h("div.actions", doer)];
}

async function turn(panel, person) {
  const body = { user: person.id, deactivated: !isGone(person) };
  const answer = await post("deactivate", body).catch((trouble) => ({ ok: false, error: trouble.message }));
  if (answer.ok === false) notice(`Nothing changed: ${answer.error}.`, "error");
  else notice(`${nameOf(person)} is ${body.deactivated ? "deactivated" : "back"}.`);
  await fetchPeople();
  await fill(panel);
}

async function set(panel, fault) {
  const answer = await post("faults", fault).catch((trouble) => ({ ok: false, error: trouble.message }));
  if (answer.ok === false) notice(`The fault was not set: ${answer.error}.`, "error");
  await fill(panel);
}
