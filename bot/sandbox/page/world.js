// What the page knows of the workspace, fetched from the sandbox, and who one is being.

import { clockTime, zoneCity } from "./time.js";

export const world = {
  me: null,
  team: { name: "" },
  app: { name: "App", bot_user_id: null, home_enabled: false },
  people: new Map(),
  commands: [],
  shortcuts: [],
  channels: [],
  groups: [],
  views: [],
  home: null,
  connected: false,
  notes: [],
};

let clock = { base: Date.now() / 1000, at: performance.now() };

/** The sandbox's clock: seconds since 1970, going on by itself between two words from the server. */
export const now = () => clock.base + (performance.now() - clock.at) / 1000;

export function setClock(epoch) {
  clock = { base: epoch, at: performance.now() };
}

async function request(method, path, body) {
  const headers = body ? { "content-type": "application/json" } : {};
  const answer = await fetch(`/sandbox/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const data = await answer.json().catch(() => ({}));
  const refused = !answer.ok && (method === "GET" || data.ok === undefined);
  if (refused) throw new Error(data.error ?? `the sandbox answered ${answer.status}`);
  return data;
}

export const get = (path, query = {}) => request("GET", `${path}?${new URLSearchParams(query)}`);
export const post = (path, body) => request("POST", path, body);

/** A post in the name of the person one is being; trouble becomes an answer too: {ok: false, error}. */
export async function postAsMe(path, body = {}) {
  try {
    return await post(path, { as: world.me, ...body });
  } catch (trouble) {
    return { ok: false, error: trouble.message };
  }
}

export async function fetchPeople() {
  const { team, people, commands, shortcuts, app } = await get("people");
  Object.assign(world, { team, commands, shortcuts, app: { ...world.app, ...app } });
  world.people = new Map(people.map((person) => [person.id, person]));
}

export async function fetchState() {
  const asked = world.me;
  const state = await get("state", { as: asked });
  if (asked !== world.me) return;
  const { channels, groups, views, home, connected } = state;
  Object.assign(world, { channels, groups: groups ?? [], views: views ?? [], home: home ?? null, connected });
  setClock(state.now);
}

/** Messages of a channel, or of one thread in it, oldest first; local notes of the page are put in by time. */
export async function fetchMessages(channel, thread) {
  const query = { as: world.me, channel, ...(thread ? { thread_ts: thread } : {}) };
  const { messages } = await get("messages", query);
  const notes = world.notes.filter((note) => note.as === world.me && note.channel === channel && !thread);
  return notes.length ? [...messages, ...notes].sort((one, other) => Number(one.ts) - Number(other.ts)) : messages;
}

/** Puts a line into the channel that only this page shows, as Slackbot does when a command fails. */
export function addNote(channel, text) {
  const ts = now().toFixed(6);
  world.notes.push({ as: world.me, channel, ts, user: "USLACKBOT", username: "Slackbot", text, ephemeral: true });
}

const UNKNOWN = { name: "unknown", real_name: "Unknown", tz: "UTC", title: "", color: "616061" };

export const personOf = (id) => world.people.get(id) ?? { ...UNKNOWN, id };
export const isGone = (person) => Boolean(person.deactivated);
export const humans = () => [...world.people.values()].filter((person) => !person.is_bot && !isGone(person));
export const groupOf = (id) => world.groups.find((group) => group.id === id);
export const myZone = () => personOf(world.me).tz || "UTC";
export const nameOf = (person) => person.real_name || person.name;
export const isApp = (id) => id === world.app.bot_user_id;

/** A channel by id or by name ("incidents", "#incidents", "@luis"). */
export function channelOf(wanted) {
  const exact = world.channels.find((channel) => channel.id === wanted);
  if (exact) return exact;
  const name = wanted.replace(/^#/, "");
  return world.channels.find((channel) =>
    channel.kind === "im" ? `@${personOf(channel.user).name}` === wanted : channel.name === name,
  );
}

export const appChannel = () => world.channels.find((channel) => channel.kind === "im" && isApp(channel.user));

export function channelTitle(channel) {
  return channel.kind === "im" ? nameOf(personOf(channel.user)) : channel.name;
}

/** "14:05 in Kathmandu" */
export const localTime = (person) => `${clockTime(now(), person.tz || "UTC")} in ${zoneCity(person.tz || "UTC")}`;
