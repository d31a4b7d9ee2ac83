// The middle of the page: a channel or conversation with its messages, or the app's Home tab.

import { avatar, elsewhere } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { canvasMark } from "./canvas.js";
import { composer } from "./composer.js";
import { button, h, icon, redraw, released, safeLink } from "./dom.js";
import { emojiCharacter, withEmoji } from "./emoji.js";
import { notice, openMenu } from "./layers.js";
import { messageList } from "./list.js";
import { isSystem } from "./messages.js";
import { bareText, mrkdwn } from "./mrkdwn.js";
import { go, hashOf } from "./route.js";
import { viewSurface } from "./surface.js";
import {
  appChannel, channelOf, channelTitle, fetchMessages, isApp, localTime, nameOf, personOf, postAsMe, world,
} from "./world.js";

/** Builds the middle once. `show(route, channel)` brings it up to date; `refresh` asks for new state. */
export function buildView(container, refresh) {
  const header = h("header.view-head");
  const marks = h("div.bookmarks", { hidden: true });
  const list = messageList("Messages");
  const home = h("div.home", { hidden: true });
  const box = composer(refresh);
  const foot = h("div.view-foot");
  container.append(header, marks, list.node, home, foot);
  const state = { spot: null, turn: 0, messages: [], unread: 0, newAfter: null, homeSign: null, pointed: null };
  const onHomeTab = new Map();

  function drawHome() {
    const sign = JSON.stringify([world.me, world.home?.blocks ?? null]);
    if (sign === state.homeSign) return;
    state.homeSign = sign;
    if (!onHomeTab.has(world.me)) onHomeTab.set(world.me, { values: {}, options: [] });
    const kept = onHomeTab.get(world.me);
    const empty = h("p.empty", `${world.app.name} has not published its Home for you yet.`);
    const drawn = () => h("div.home-page", drawBlocks(world.home.blocks, viewSurface(world.home, kept)));
    home.replaceChildren(world.home ? drawn() : empty);
  }

  /** An answer that comes after a later question, or after one has gone elsewhere, is dropped. */
  async function fetchFor(channel) {
    const turn = (state.turn += 1);
    if (state.spot !== spotOf(channel)) {
      Object.assign(state, { spot: spotOf(channel), unread: channel.unread, newAfter: undefined });
      list.clear();
    }
    const messages = await fetchMessages(channel.id);
    if (turn !== state.turn) return false;
    state.messages = messages;
    if (state.newAfter === undefined) state.newAfter = firstUnread(messages, state.unread);
    if (channel.unread > 0 && !document.hidden) postAsMe("read", { channel: channel.id });
    return true;
  }

  function drawMessages(channel, route) {
    const lead = { sign: JSON.stringify([channel.purpose, channel.name]), draw: () => intro(channel) };
    list.show(state.messages, { channel: channel.id, newAfter: state.newAfter, lead });
    if (route.at && state.pointed !== location.hash && list.reveal(route.at)) state.pointed = location.hash;
    if (!route.at) state.pointed = null;
  }

  async function show(route, channel, fetchAnew) {
    const onHome = route.app === "home";
    redraw(header, head(channel, onHome, () => state.messages));
    drawBookmarks(marks, onHome ? [] : channel.bookmarks ?? [], onHome ? null : canvasMark(channel));
    home.hidden = !onHome;
    list.node.hidden = onHome;
    foot.hidden = onHome;
    if (onHome) {
      state.spot = null;
      state.turn += 1;
      drawHome();
      return;
    }
    drawFoot(foot, channel, box, refresh);
    const anew = fetchAnew || state.spot !== spotOf(channel);
    if (anew && !(await fetchFor(channel))) return;
    await released();
    if (state.spot === spotOf(channel)) drawMessages(channel, route);
  }

  return { show, write: (text) => box.write(text), focus: () => box.focus() };
}

const spotOf = (channel) => `${world.me} ${channel.id}`;

/** The ts of the first message I have not read: the "New" line goes above it. */
function firstUnread(messages, unread) {
  if (!unread) return null;
  const others = messages.filter((message) => message.user !== world.me && !message.ephemeral && !isSystem(message));
  return others.at(-Math.min(unread, others.length))?.ts ?? null;
}

/** `messages` answers the messages shown, for the words of the pins. */
function head(channel, onHome, messages) {
  const isMine = channel.kind === "im" && isApp(channel.user);
  const person = channel.kind === "im" ? personOf(channel.user) : null;
  const sign = person ? avatar(person.id, 28) : icon(channel.kind === "private" ? "lock" : "hash", 18);
  const time = person && !person.is_bot && elsewhere(person) && localTime(person);
  const about = person ? [person.title, time].filter(Boolean).join(" · ") : channel.topic;
  const topic = about ? h("div.topic", { title: bareText(about) }, mrkdwn(about)) : null;
  const members = [icon("people", 16), String(channel.members ?? "")];
  return [
    h(
      "div.view-title",
      sign,
      h("h1", { dir: "auto" }, channelTitle(channel)),
      isMine ? h("span.badge", "APP") : null,
      topic,
      person ? null : h("span.members", { title: `${channel.members} members` }, members),
      pins(channel, messages),
    ),
    isMine && world.app.home_enabled ? tabs(channel, onHome) : null,
  ];
}

function tabs(channel, onHome) {
  const tab = (label, spot, current) => {
    const href = hashOf({ person: world.me, ...spot });
    return h("a", { role: "tab", href, "aria-selected": String(current), data: { key: `tab ${label}` } }, label);
  };
  const shown = [tab("Home", { app: "home" }, onHome), tab("Messages", { channel: channel.id }, !onHome)];
  return h("div.tabs", { role: "tablist" }, shown);
}

function pins({ id, pins: pinned }, messages) {
  if (!pinned?.length) return null;
  const words = (ts) => bareText(messages().find((one) => one.ts === ts)?.text).slice(0, 90) || "A message";
  const item = (ts) => ({ label: words(ts), run: () => go({ person: world.me, channel: id, at: ts }) });
  const open = (anchor) => openMenu(anchor, channelOf(id).pins.map(item), { label: "Pinned messages", align: "end" });
  const more = { "aria-haspopup": "menu", "aria-expanded": "false", data: { key: `pins ${id}` } };
  return button("pins", open, [icon("pin", 16), `${pinned.length} pinned`], more);
}

function drawBookmarks(container, bookmarks, canvas) {
  container.hidden = !bookmarks.length && !canvas;
  redraw(container, canvas, bookmarks.map((mark) => {
    const sign = mark.emoji ? emojiCharacter(mark.emoji.replaceAll(":", "")) : null;
    return safeLink(mark.link ?? "", sign ? h("span.emoji", sign) : icon("link", 14), withEmoji(mark.title));
  }));
}

function intro(channel) {
  if (channel.kind !== "im") {
    const purpose = channel.purpose ? h("p", mrkdwn(channel.purpose)) : null;
    const name = h("h2", icon(channel.kind === "private" ? "lock" : "hash", 26), channel.name);
    return h("div.intro", name, purpose, h("p.faint", "This is where the channel begins."));
  }
  const person = personOf(channel.user);
  const name = h("h2", { dir: "auto" }, nameOf(person));
  return h("div.intro", avatar(person.id, 56), name, h("p.faint", introWords(person)));
}

function introWords(person) {
  const name = nameOf(person);
  if (person.id === world.me) return "Your own space: only you can see it.";
  if (isApp(person.id)) return `What ${name} writes to you alone stands here.`;
  return `This is between you and ${name}. To see it from the other side, become ${name} at the top right.`;
}

function drawFoot(foot, channel, box, refresh) {
  const join = async () => {
    const answer = await postAsMe("join", { channel: channel.id });
    if (answer.ok === false) notice(`You could not join: ${answer.error}.`, "error");
    refresh();
  };
  if (channel.is_archived) {
    const closed = "This channel is archived. Its messages can still be read.";
    redraw(foot, h("p.closed", { data: { key: "closed" } }, closed));
  } else if (!channel.is_member && channel.kind !== "im") {
    const joiner = button("button large primary", join, "Join channel");
    // By its own key, or the box to write in would be made to look like it, and be lost.
    redraw(foot, h("div.join", { data: { key: `join ${channel.id}` } }, h("p", "You are looking at ", h("b", `#${channel.name}`)), joiner));
  } else {
    if (box.node.parentElement !== foot) foot.replaceChildren(box.node);
    box.open({ channel });
  }
}

/** Tells the app that its Home was opened. */
export const openHome = () => postAsMe("home");

/** The conversation with a person by name ("@luis"), opened if there was none. Answers its id, or null. */
export async function conversationWith(name) {
  const person = [...world.people.values()].find((one) => `@${one.name}` === name);
  if (!person) return null;
  if (isApp(person.id)) return appChannel()?.id ?? null;
  const answer = await postAsMe("open_im", { user: person.id });
  return answer.channel ?? null;
}
