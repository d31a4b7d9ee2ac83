// The list of messages: groups, day lines and the "New" line, redrawn only where something changed.

import { dismissed, drawMessage, isSystem } from "./messages.js";
import { button, h, icon } from "./dom.js";
import { dayKey, dayLine } from "./time.js";
import { myZone, now, world } from "./world.js";

const GROUP_WITHIN = 5 * 60;
const NEAR_END = 80;
const FAR = 900;

/** A scrolling list; `show(messages, {channel, thread, newAfter, lead})` brings it up to date, `lead` stands above. */
export function messageList(label) {
  const rows = h("div.rows", { role: "log", "aria-label": label });
  const scroller = h("div.scroller", { tabindex: "-1" }, rows);
  const words = [icon("down", 14), h("span", "Jump to newest")];
  const jump = button("jump", () => toEnd("smooth"), words, { hidden: true });
  const node = h("div.list", scroller, jump);
  let drawn = new Map();
  let place = null;
  let newest = null;

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  const toEnd = (behavior = "instant") => scroller.scrollTo({ top: scroller.scrollHeight, behavior });
  // Keeps the end in view while pictures load or the composer grows.
  let stuck = true;
  scroller.addEventListener("scroll", () => {
    const away = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    stuck = atEnd();
    if (stuck) jump.lastChild.textContent = "Jump to newest";
    jump.hidden = stuck || (away < FAR && jump.lastChild.textContent !== "New messages");
  });
  const keeper = new ResizeObserver(() => stuck && toEnd());
  keeper.observe(scroller);
  keeper.observe(rows);

  function show(messages, options) {
    const spot = `${world.me} ${options.channel} ${options.thread ?? ""}`;
    const fresh = spot !== place;
    const wasAtEnd = fresh || atEnd();
    place = spot;
    if (fresh) drawn = new Map();
    const next = new Map();
    const nodes = items(messages.filter((message) => !dismissed.has(message.ts)), options).map((item) => {
      const known = drawn.get(item.key);
      const made = known?.sign === item.sign ? known.node : replaced(item, known);
      next.set(item.key, { node: made, sign: item.sign, words: item.words });
      return made;
    });
    drawn = next;
    settle(rows, nodes);
    const last = messages.at(-1);
    const more = last && last.ts !== newest && !fresh;
    newest = last?.ts ?? null;
    if (fresh) begin();
    else if (wasAtEnd || (more && last.user === world.me)) toEnd();
    else if (more) {
      jump.lastChild.textContent = "New messages";
      jump.hidden = false;
    }
    stuck = atEnd();
  }

  /** A place is read from its first new message on, and otherwise from its end. */
  function begin() {
    const line = rows.querySelector(".new-line");
    if (line) line.scrollIntoView({ block: "center" });
    else toEnd();
  }

  /** Scrolls to a message and lights it up. Answers whether it is there. */
  function reveal(ts) {
    const row = rows.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.classList.add("pointed");
    setTimeout(() => row?.classList.remove("pointed"), 2500);
    return Boolean(row);
  }

  /** Empties the list while another place is fetched. */
  function clear() {
    rows.replaceChildren();
    drawn = new Map();
    place = null;
  }

  return { node, show, reveal, clear };
}

/** A message that changed is drawn anew, lit for a moment, and keeps the keyboard focus where it was. */
function replaced(item, known) {
  const node = item.draw();
  if (!known || !item.words) return node;
  if (known.words !== item.words) node.classList.add("changed");
  const active = document.activeElement;
  if (known.node.contains(active) && active.dataset.actionId) {
    queueMicrotask(() => node.querySelector(`[data-action-id="${CSS.escape(active.dataset.actionId)}"]`)?.focus());
  }
  return node;
}

/** Makes the children of a container these nodes, moving as little as possible. */
function settle(container, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...container.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, place) => {
    if (container.children[place] !== node) container.insertBefore(node, container.children[place] ?? null);
  });
}

function items(messages, { channel, thread, newAfter, lead }) {
  const zone = myZone();
  const today = dayKey(now(), zone);
  const list = lead ? [{ key: "lead", sign: lead.sign, draw: lead.draw }] : [];
  let before = null;
  for (const message of messages) {
    const at = Number(message.ts);
    const day = dayKey(at, zone);
    if (!thread && (!before || dayKey(Number(before.ts), zone) !== day)) {
      list.push(line(`day ${day}`, "day-line", dayLine(at, zone, now())));
      before = null;
    }
    if (newAfter && newAfter === message.ts) list.push(line("new", "new-line", "New"));
    const follows = goesOn(before, message) && newAfter !== message.ts;
    list.push(item(message, { channel, thread, follows }, today));
    if (thread && message.ts === thread) list.push(replyLine(messages.length - 1));
    before = thread && message.ts === thread ? null : message;
  }
  return list;
}

function item(message, place, today) {
  const said = JSON.stringify(message);
  const people = said.includes("subteam^") || said.includes('"usergroup"') ? JSON.stringify(world.groups) : "";
  const sign = `${today} ${place.follows} ${said} ${people}`;
  const words = JSON.stringify([message.text, message.blocks, message.attachments]);
  return { key: message.ts, sign, words, draw: () => drawMessage(message, place) };
}

function goesOn(before, message) {
  if (!before || [before, message].some((one) => isSystem(one) || one.ephemeral) || message.pinned) return false;
  const same = before.user === message.user && before.username === message.username;
  return same && Number(message.ts) - Number(before.ts) < GROUP_WITHIN;
}

function replyLine(count) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return line("replies", "reply-line", count ? words : "No replies yet");
}

function line(key, className, words) {
  return { key, sign: words, draw: () => h(`div.${className}`, { role: "separator" }, h("span", words)) };
}
