// Where one writes: Enter sends, "/" offers commands, "@" people and "#" channels.

import { avatar } from "./avatar.js";
import { h, iconButton, redraw } from "./dom.js";
import { notice, openMenu } from "./layers.js";
import { runShortcut } from "./messages.js";
import { addNote, channelTitle, isGone, nameOf, postAsMe, world } from "./world.js";

const drafts = new Map();

/** A composer. `open({channel, thread})` points it somewhere; `after()` runs when something was sent. */
export function composer(after) {
  let place = null;
  let offers = [];
  let current = 0;
  let lastSent = "";
  const id = `offers-${(number += 1)}`;
  const list = h("div.offers", { role: "listbox", id, "aria-label": "Suggestions", hidden: true });
  const usage = h("div.usage", { hidden: true });
  const hooks = { "aria-autocomplete": "list", "aria-controls": id };
  const box = h("textarea", { rows: "1", dir: "auto", spellcheck: "false", ...hooks });
  const sender = iconButton("Send", "send", send, "send");
  const keys = h("span.keys", h("kbd", "Enter"), " sends, ", h("kbd", "Shift+Enter"), " new line");
  const tools = h(
    "div",
    { class: "composer-tools" },
    iconButton("Shortcuts", "bolt", offerShortcuts, ""),
    iconButton("Slash commands", "slash", () => insert("/"), ""),
    iconButton("Mention someone", "at", () => insert("@"), ""),
    keys,
    sender,
  );
  const node = h("div.composer", list, usage, box, tools);

  function key() {
    return `${world.me} ${place.channel.id} ${place.thread ?? ""}`;
  }

  function open(next) {
    const moved = place?.channel.id !== next.channel.id || place?.thread !== next.thread || place?.me !== world.me;
    place = { ...next, me: world.me };
    const name = next.channel.kind === "im" ? channelTitle(next.channel) : `#${next.channel.name}`;
    box.placeholder = next.thread ? "Reply…" : `Message ${name}`;
    box.setAttribute("aria-label", next.thread ? "Reply in thread" : `Message ${name}`);
    if (!moved) return;
    box.value = drafts.get(key()) ?? "";
    changed();
  }

  function changed() {
    if (place) drafts.set(key(), box.value);
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 260)}px`;
    sender.classList.toggle("ready", Boolean(box.value.trim()));
    offer();
  }

  function insert(text) {
    const at = box.selectionStart;
    box.setRangeText(text, at, box.selectionEnd, "end");
    box.focus();
    changed();
  }

  function offer() {
    const before = box.value.slice(0, box.selectionStart);
    offers = offersFor(before, Boolean(place?.thread));
    current = 0;
    drawOffers();
    const known = world.commands.find((one) => box.value.startsWith(`${one.command} `));
    usage.hidden = !known || offers.length > 0;
    if (known) redraw(usage, h("b", known.command), h("span", known.usage_hint), h("i", known.description));
  }

  function drawOffers() {
    list.hidden = !offers.length;
    box.setAttribute("aria-expanded", String(offers.length > 0));
    list.replaceChildren(...offers.map((one, place) => {
      const props = {
        class: place === current ? "offer current" : "offer", role: "option", id: `${id}-${place}`,
        "aria-selected": String(place === current),
        on: { mousedown: (event) => event.preventDefault(), click: () => take(one) },
      };
      return h("div", props, one.face, h("b", one.label), h("span", one.note));
    }));
    if (offers.length) box.setAttribute("aria-activedescendant", `${id}-${current}`);
    list.children[current]?.scrollIntoView({ block: "nearest" });
  }

  function dropOffers() {
    offers = [];
    drawOffers();
  }

  function take(one) {
    const end = box.selectionStart;
    box.setRangeText(one.text, end - one.typed, end, "end");
    box.focus();
    changed();
  }

  async function send() {
    const text = box.value.trim();
    if (!text || !place) return;
    const { channel, thread } = place;
    lastSent = text;
    box.value = "";
    changed();
    box.focus();
    sender.classList.add("busy");
    const good = text.startsWith("/") ? await command(channel, thread, text) : await say(channel, thread, text);
    sender.classList.remove("busy");
    if (!good && !box.value) write(text);
    after();
  }

  function offerShortcuts(anchor) {
    const offered = world.shortcuts.filter((one) => one.type === "global");
    const items = offered.map((one) => ({ label: one.name, note: one.description, run: () => runShortcut(one) }));
    if (items.length) openMenu(anchor, items, { label: "Shortcuts" });
    else notice("The app has no shortcuts.");
  }

  box.addEventListener("input", changed);
  box.addEventListener("click", offer);
  box.addEventListener("blur", dropOffers);
  box.addEventListener("keydown", (event) => {
    if (offers.length && onOfferKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && !box.value && lastSent) {
      event.preventDefault();
      box.value = lastSent;
      changed();
    }
  });

  function onOfferKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) current = (current + step + offers.length) % offers.length;
    else if (event.key === "Escape") offers = [];
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      const one = offers[current];
      if (event.key === "Enter" && one.text?.trim() === box.value.trim()) return false;
      take(one);
      return true;
    } else return false;
    drawOffers();
    return true;
  }

  function write(text) {
    box.value = text;
    box.focus();
    changed();
    dropOffers();
  }

  return { node, open, write, focus: () => box.focus() };
}

let number = 0;

/** What can be completed here: [{label, note, text, typed}]; `typed` is how many letters it replaces. */
function offersFor(before, inThread) {
  const command = /^\/\S*$/.exec(before);
  if (command) return inThread ? [] : commandsLike(before);
  const person = /(^|\s)@([^\s@]*)$/.exec(before);
  if (person) return peopleLike(person[2]);
  const channel = /(^|\s)#([^\s#]*)$/.exec(before);
  return channel ? channelsLike(channel[2]) : [];
}

const MOST_OFFERED = 8;
const joined = (...words) => words.filter(Boolean).join(" · ");

function commandsLike(typed) {
  return world.commands.filter((one) => one.command.startsWith(typed)).map((one) => ({
    label: one.command,
    note: joined(one.usage_hint, one.description),
    text: `${one.command} `,
    typed: typed.length,
    face: avatar(world.app.bot_user_id, 24),
  }));
}

function peopleLike(typed) {
  const wanted = typed.toLowerCase();
  const words = (person) => `${person.name} ${nameOf(person)}`.toLowerCase().split(/\s+/);
  const found = [...world.people.values()].filter((person) => words(person).some((word) => word.startsWith(wanted)));
  const groups = world.groups.filter((group) => !group.disabled && group.handle.startsWith(wanted)).map((group) => ({
    label: `@${group.handle}`, note: group.name, text: `@${group.handle} `, typed: typed.length + 1, face: null,
  }));
  const people = found.filter((person) => !isGone(person)).map((person) => ({
    label: nameOf(person),
    note: joined(`@${person.name}`, person.title),
    text: `@${person.name} `,
    typed: typed.length + 1,
    face: avatar(person.id, 24),
  }));
  return [...people, ...groups].slice(0, MOST_OFFERED);
}

function channelsLike(typed) {
  const open = world.channels.filter((channel) => channel.kind !== "im" && !channel.is_archived);
  const found = open.filter((channel) => channel.name.includes(typed.toLowerCase()));
  return found.slice(0, MOST_OFFERED).map(({ name, purpose }) => ({
    label: `#${name}`, note: purpose, text: `#${name} `, typed: typed.length + 1, face: null,
  }));
}

async function say(channel, thread, text) {
  const body = { channel: channel.id, text, ...(thread ? { thread_ts: thread } : {}) };
  const answer = await postAsMe("say", body);
  if (!answer.ok) notice(`The message was not sent: ${answer.error ?? "the sandbox refused it"}.`, "error");
  return answer.ok;
}

/** Runs a slash command; a failure is told as Slackbot tells it. Answers whether the text may be forgotten. */
async function command(channel, thread, typed) {
  const [, name, text] = /^(\S+)\s*([\s\S]*)$/.exec(typed);
  const known = world.commands.some((one) => one.command === name);
  if (thread) addNote(channel.id, `\`${name}\` is not supported in threads. Sorry!`);
  else if (!known) {
    const list = world.commands.map((one) => `\`${one.command}\``).join(", ");
    addNote(channel.id, `\`${name}\` is not a valid command here. The commands of this workspace are ${list}.`);
  } else {
    const answer = await postAsMe("command", { channel: channel.id, command: name, text });
    const failure = answer.message ?? `${name} failed with the error "${answer.error}"`;
    if (!answer.ok) addNote(channel.id, world.connected ? failure : `${failure}\nNo app is connected to the sandbox.`);
    return answer.ok;
  }
  return false;
}
