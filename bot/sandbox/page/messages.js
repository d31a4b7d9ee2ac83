// Draws one message: face, name, text or blocks, reactions, replies, and the toolbar that shows on hover.

import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { button, h, icon, iconButton, safeLink } from "./dom.js";
import { REACTIONS, emojiCharacter } from "./emoji.js";
import { drawFile } from "./files.js";
import { notice, openMenu, openPopover } from "./layers.js";
import { dateElement, emojiNode, isOnlyEmoji, mrkdwn } from "./mrkdwn.js";
import { go, hashOf } from "./route.js";
import { messageSurface, reasonOf } from "./surface.js";
import { clockTime } from "./time.js";
import { isApp, myZone, nameOf, personOf, postAsMe, world } from "./world.js";

const SMALL = new Set([
  "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive",
  "channel_unarchive", "group_join", "group_leave", "group_topic", "group_purpose", "group_name", "group_archive",
  "pinned_item", "bot_add", "tombstone",
]);

export const isSystem = (message) => SMALL.has(message.subtype);

const authorOf = (message) => message.username || nameOf(personOf(message.user));

const COLOURS = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

/** One message. `place` is {channel, thread, follows}: `follows` when it goes on after one by the same person. */
export function drawMessage(message, place) {
  const { ephemeral, pinned, ts, user } = message;
  const { follows } = place;
  const traits = { follows, system: isSystem(message), ephemeral, pinned };
  const kind = ["message", ...Object.keys(traits).filter((trait) => traits[trait])];
  const label = `${authorOf(message)}, ${clockTime(Number(message.ts), myZone())}`;
  const props = { class: kind.join(" "), data: { ts, user }, tabindex: "0", "aria-label": label };
  const body = [!follows && head(message, place), content(message, place), feet(message, place)];
  const row = h("article", props, notes(message), gutter(message, place), h("div.body", body));
  const offer = () => row.querySelector(":scope > .toolbar") ?? row.append(toolbar(message, place, row));
  row.addEventListener("mouseenter", offer);
  row.addEventListener("focusin", offer);
  return row;
}

function notes(message) {
  const said = [];
  if (message.pinned) said.push(h("span", icon("pin", 13), "Pinned"));
  if (message.ephemeral) said.push(h("span", icon("eye", 13), "Only visible to you"));
  return said.length ? h("div.message-notes", said) : null;
}

function gutter(message, place) {
  const time = timeLink(message, place, "time short");
  if (place.follows) return h("div.gutter", time);
  return h("div.gutter", avatar(message.user, isSystem(message) ? 20 : 36, message.username));
}

function timeLink(message, { channel, thread }, className) {
  const at = Number(message.ts);
  const zone = myZone();
  const spot = { person: world.me, channel, ...(thread ? { thread } : { at: message.ts }) };
  const title = `${clockTime(at, zone)} ${zone}, ${clockTime(at, "UTC")} UTC`;
  return h("a", { class: className, href: hashOf(spot), title, tabindex: "-1" }, clockTime(at, zone));
}

function head(message, place) {
  const badge = isApp(message.user) || message.bot_id ? h("span.badge", "APP") : null;
  const author = h("b.author", { dir: "auto" }, authorOf(message));
  return h("div.message-head", author, badge, timeLink(message, place, "time"));
}

function content(message, { channel }) {
  const surface = messageSurface(channel, message);
  const edited = message.edited ? h("span.edited", " (edited)") : null;
  const parts = [];
  if (message.blocks?.length) parts.push(...drawBlocks(message.blocks, surface), edited);
  else if (message.text) {
    const words = mrkdwn(isSystem(message) ? message.text.replace(`<@${message.user}> `, "") : message.text);
    if (isOnlyEmoji(message.text)) words.classList.add("jumbo");
    if (edited) words.append(edited);
    parts.push(h("div.text", words));
  }
  parts.push((message.attachments ?? []).map((one) => attachment(one, surface)), (message.files ?? []).map(drawFile));
  return h("div.content", parts);
}

function attachment(data, surface) {
  const colour = COLOURS[data.color] ?? (data.color ? `#${data.color.replace("#", "")}` : null);
  const title = data.title && h("strong", data.title_link ? safeLink(data.title_link, data.title) : data.title);
  const words = () => [h("div", title), mrkdwn(data.text ?? data.fallback)];
  const inside = data.blocks ? drawBlocks(data.blocks, surface) : words();
  return h("div.attachment", { style: colour ? { "border-color": colour } : null }, inside);
}

function feet(message, place) {
  return [reactions(message, place), place.thread ? null : replies(message, place)];
}

function reactions(message, place) {
  if (!message.reactions?.length) return null;
  const one = (reaction) => {
    const mine = reaction.users.includes(world.me);
    const who = reaction.users.map((id) => (id === world.me ? "you" : nameOf(personOf(id)))).join(", ");
    const shown = [emojiNode(reaction.name) ?? `:${reaction.name}:`, h("span", String(reaction.count))];
    const toggle = () => react(message, place, reaction.name);
    return button(mine ? "reaction mine" : "reaction", toggle, shown, {
      title: `${who} reacted with :${reaction.name}:`, "aria-label": `${spoken(reaction.name)}: ${who}`,
      "aria-pressed": String(mine), data: { reaction: reaction.name },
    });
  };
  const add = iconButton("Add reaction", "smile", (anchor) => offerReactions(anchor, message, place), "reaction add");
  return h("div.reactions", message.reactions.map(one), message.ephemeral ? null : add);
}

const spoken = (name) => name.replaceAll("_", " ");

function react(message, { channel }, name) {
  return postAsMe("react", { channel, ts: message.ts, name });
}

function offerReactions(anchor, message, place) {
  const panel = h("div.emoji-panel", { role: "group", "aria-label": "Reactions" });
  const choose = (name) => () => {
    close();
    react(message, place, name);
  };
  const close = openPopover(anchor, panel, { align: "end", onClose: () => anchor.focus() });
  const named = (name) => ({ title: `:${name}:`, "aria-label": spoken(name) });
  const face = (name) => button("", choose(name), emojiCharacter(name), named(name));
  panel.append(...REACTIONS.map(face));
  const top = anchor.getBoundingClientRect().top - panel.offsetHeight - 4;
  if (top > 8) panel.style.top = `${top}px`;
  panel.firstElementChild.focus();
}

function replies(message, { channel }) {
  if (!message.reply_count) return null;
  const open = () => go({ person: world.me, channel, thread: message.ts });
  const faces = (message.reply_users ?? []).slice(0, 5).map((id) => avatar(id, 22));
  const last = message.latest_reply ? dateElement(Number(message.latest_reply), "Last reply {ago}") : null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return button("replies", open, [faces, h("b", count), last, icon("right", 14)]);
}

function toolbar(message, place, row) {
  if (message.ephemeral) return noteTools(message, row);
  const { channel } = place;
  const quick = (name) => {
    const label = `React with ${spoken(name)}`;
    return button("", () => react(message, place, name), emojiCharacter(name), { title: label, "aria-label": label });
  };
  const reply = () => go({ person: world.me, channel, thread: message.thread_ts ?? message.ts });
  return tools(
    QUICK.map(quick),
    iconButton("Add reaction", "smile", (anchor) => offerReactions(anchor, message, place), ""),
    place.thread ? null : iconButton("Reply in thread", "thread", reply, ""),
    iconButton("Copy link", "link", () => copyLink(channel, message), ""),
    iconButton("More actions", "more", (anchor) => moreActions(anchor, message, place), ""),
  );
}

const QUICK = ["white_check_mark", "eyes", "raised_hands"];

const tools = (...shown) => h("div.toolbar", { role: "toolbar", "aria-label": "Message actions" }, shown);

function noteTools(message, row) {
  const dismiss = () => {
    dismissed.add(message.ts);
    row.remove();
  };
  return tools(button("worded", dismiss, "Dismiss"));
}

/** Messages only visible to me that I have put away; Slack forgets them on a reload, and so does the page. */
export const dismissed = new Set();

async function copyLink(channel, message) {
  const spot = hashOf({ person: world.me, channel, at: message.ts });
  try {
    await navigator.clipboard.writeText(`${location.origin}/${spot}`);
    notice("Link copied");
  } catch {
    notice("The browser did not allow copying.", "error");
  }
}

function moreActions(anchor, message, { channel }) {
  const shortcuts = world.shortcuts.filter((shortcut) => shortcut.type === "message");
  const items = shortcuts.map((shortcut) => ({
    label: shortcut.name,
    note: world.app.name,
    run: () => runShortcut(shortcut, { channel, message_ts: message.ts }),
  }));
  items.push({ label: "Copy link", run: () => copyLink(channel, message) });
  openMenu(anchor, items, { label: "More actions", align: "end" });
}

/** Starts a global or message shortcut of the app. */
export async function runShortcut(shortcut, where = {}) {
  const answer = await postAsMe("shortcut", { callback_id: shortcut.callback_id, ...where });
  if (!answer.ok) notice(`“${shortcut.name}” did not work: ${reasonOf(answer.error)}.`, "error");
}
