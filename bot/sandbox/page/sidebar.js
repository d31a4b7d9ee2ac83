// The list of places: channels, people and the app, with what is unread.

import { avatar, isAwake, presenceDot } from "./avatar.js";
import { h, icon, redraw } from "./dom.js";
import { groupRow } from "./groups.js";
import { hashOf } from "./route.js";
import { clockTime } from "./time.js";
import { appChannel, humans, isGone, localTime, nameOf, now, personOf, world } from "./world.js";

const FOLDS = "baton.sandbox.folds";

function folds() {
  return JSON.parse(localStorage.getItem(FOLDS) ?? "{}");
}

export function drawSidebar(container, route) {
  const rooms = world.channels.filter((channel) => channel.kind !== "im").sort(byName);
  const mine = rooms.filter((channel) => channel.is_member && !channel.is_archived);
  const others = rooms.filter((channel) => !channel.is_member && !channel.is_archived);
  const old = rooms.filter((channel) => channel.is_archived);
  redraw(container,
    h("div.workspace", h("b", world.team.name), h("small", "a local Slack")),
    h("nav.places", { "aria-label": "Channels and messages" },
      fold("channels", "Channels", mine.map((channel) => room(channel, route))),
      fold("others", "Channels to join", others.map((channel) => room(channel, route))),
      fold("people", "Direct messages", [...humans(), ...left()].sort(byPerson).map((person) => direct(person, route))),
      fold("groups", "User groups", world.groups.filter((group) => !group.disabled).map(groupRow)),
      fold("apps", "Apps", [app(route)]),
      fold("archived", "Archived", old.map((channel) => room(channel, route)), true)));
}

/** Those who are gone and with whom I have a conversation. */
function left() {
  const met = world.channels.filter((channel) => channel.kind === "im").map((channel) => personOf(channel.user));
  return met.filter(isGone);
}

const byName = (one, other) => one.name.localeCompare(other.name, "en", { numeric: true });
const meFirst = (one, other) => (other.id === world.me) - (one.id === world.me);
const byPerson = (one, other) => meFirst(one, other) || nameOf(one).localeCompare(nameOf(other));

function fold(key, title, rows, closed = false) {
  if (!rows.length) return null;
  const open = folds()[key] ?? !closed;
  const remember = ({ currentTarget }) => {
    localStorage.setItem(FOLDS, JSON.stringify({ ...folds(), [key]: currentTarget.open }));
  };
  return h("details", { open, class: "fold", data: { fold: key }, on: { toggle: remember } },
    h("summary", { data: { key: `fold ${key}` } }, icon("caret", 14), title), h("ul", rows));
}

function row({ channel, spot, current, face, name, label, extra, data }) {
  const unread = channel && (channel.unread > 0 || channel.mentions > 0) && !current;
  const badge = channel?.kind === "im" ? channel.unread : (channel?.mentions ?? 0);
  const kind = ["place", unread && "unread", channel?.is_archived && "archived"];
  const props = {
    class: kind.filter(Boolean).join(" "), href: hashOf(spot), "aria-current": current ? "page" : null, title: label,
    data: { key: spot.channel ?? label, ...data },
  };
  const count = badge && !current ? h("span.count", { "aria-label": `${badge} unread` }, String(badge)) : null;
  return h("li", { data: { key: props.data.key } }, h("a", props, face, h("span.name", { dir: "auto" }, name), extra, count));
}

function room(channel, route) {
  const face = h("span.sign", icon(channel.kind === "private" ? "lock" : "hash", 16));
  const spot = { person: world.me, channel: channel.id };
  const { id, name } = channel;
  return row({ channel, spot, current: route.channel === id, face, name, label: `#${name}`, data: { channel: name } });
}

/** A person; those without a conversation yet are opened by their name when clicked. */
function direct(person, route) {
  const channel = world.channels.find((one) => one.kind === "im" && one.user === person.id);
  const wanted = channel?.id ?? `@${person.name}`;
  const me = person.id === world.me;
  const face = h("span.sign.face", avatar(person.id, 20), presenceDot(person));
  const time = clockTime(now(), person.tz || "UTC");
  const hour = h(isAwake(person) ? "span.hour" : "span.hour.night", time);
  const extra = me ? h("span.you", "you") : isGone(person) ? h("span.hour", "deactivated") : hour;
  return row({
    channel, spot: { person: world.me, channel: wanted }, current: route.channel === wanted, face, name: nameOf(person),
    label: `${nameOf(person)}, ${localTime(person)}`, extra, data: { channel: `@${person.name}` },
  });
}

function app(route) {
  const channel = appChannel();
  const bot = personOf(world.app.bot_user_id);
  const spot = { person: world.me, channel: channel?.id ?? `@${bot.name}` };
  const face = h("span.sign.face", avatar(bot.id, 20));
  const current = route.app === "home" || route.channel === channel?.id;
  const badge = h("span.badge", "APP");
  const name = nameOf(bot);
  return row({ channel, spot, current, face, name, label: name, extra: badge, data: { channel: `@${bot.name}` } });
}
