// Starts the page: reads the address, becomes a person, keeps everything up to date.

import { syncCanvas } from "./canvas.js";
import { clockMoved, tick } from "./clock.js";
import { released } from "./dom.js";
import { syncGroup } from "./groups.js";
import { showHint, isGreeted } from "./hint.js";
import { dropNotice, notice } from "./layers.js";
import { openLine, settled } from "./live.js";
import { hide as hideModal, syncModals } from "./modal.js";
import { refreshAgo } from "./mrkdwn.js";
import { lookAtOthers } from "./others.js";
import { go, hashOf, readRoute } from "./route.js";
import { drawSidebar } from "./sidebar.js";
import { buildThread } from "./thread.js";
import { buildTopbar, drawTopbar, drawWho, lineIs } from "./topbar.js";
import { buildView, conversationWith, openHome } from "./view.js";
import {
  appChannel, channelOf, channelTitle, fetchPeople, fetchState, humans, isGone, now, personOf, world,
} from "./world.js";

const part = (id) => document.getElementById(id);
const refresh = settled(bringUpToDate, 40);
const passTime = settled(() => drawSidebar(part("sidebar"), route), 250);
const look = settled(() => lookAtOthers(drawWho).catch(() => {}), 1200);

let route = readRoute();
let closeLine = null;
let stale = true;
let view = null;
let thread = null;
let troubled = false;
let known = null;
let arrivals = 0;

async function start() {
  await fetchPeople();
  document.title = `${world.team.name} · Baton sandbox`;
  const fold = () => part("app").classList.toggle("unfolded");
  buildTopbar(part("topbar"), { help: () => showHint(view.write), fold });
  view = buildView(part("view"), refreshAll);
  thread = buildThread(part("thread"), refreshAll);
  await arrive();
  addEventListener("hashchange", () => arrive().catch(tell));
  setInterval(tick, 1000);
  setInterval(everyMinute, 20000);
  document.addEventListener("visibilitychange", () => document.hidden || refreshAll());
  if (!isGreeted()) showHint(view.write);
}

/** The address changed: become who it names and show what it names. */
async function arrive() {
  const wanted = readRoute();
  const person = isThere(wanted.person) ? wanted.person : lastPerson();
  const turn = (arrivals += 1);
  const before = world.me;
  if (person !== before) await become(person);
  const app = wanted.app === "home" && appChannel() ? "home" : null;
  const channel = app || wanted.app ? appChannel() : await channelFor(wanted.channel, before === null);
  if (turn !== arrivals) return;
  const changedTab = app && route.app !== "home";
  const moved = route.channel !== channel?.id || route.person !== person || wanted.app;
  route = { ...wanted, person, app, channel: channel?.id };
  const found = app || channelOf(wanted.channel ?? "") === channel;
  if (wanted.person !== person || !found) history.replaceState(null, "", `/${hashOf(route)}`);
  part("app").classList.remove("unfolded");
  if (app && (changedTab || moved)) openHome();
  await draw(true);
  if (moved && !route.thread && !app && !document.querySelector(".hint") && !world.views.length) view.focus();
}

const isThere = (id) => world.people.has(id) && !isGone(personOf(id));

function lastPerson() {
  const last = localStorage.getItem("baton.sandbox.person");
  return isThere(last) ? last : humans()[0]?.id;
}

async function become(person) {
  closeLine?.();
  dropNotice(person);
  hideModal();
  world.me = person;
  await fetchState();
  known = null;
  let lost = false;
  closeLine = openLine(person, hear, (open) => {
    lineIs(open);
    if (open) refreshAll();
    if (open && lost) meetAgain().catch(tell);
    lost = !open;
  });
  look();
}

/** The sandbox was away: it may be another one, with other people. */
async function meetAgain() {
  await fetchPeople();
  if (!world.people.has(world.me)) location.reload();
}

/** Somebody was deactivated or came back; nobody goes on being a person who is gone. */
async function meetAnew() {
  await fetchPeople();
  if (isGone(personOf(world.me))) await arrive();
  refreshAll();
}

/** Tells of channels that somebody has put me into. */
function tellOfNewChannels() {
  const mine = world.channels.filter((channel) => channel.kind !== "im" && channel.is_member && !channel.is_archived);
  for (const channel of mine) {
    if (!known || known.has(channel.id) || channel.id === route.channel) continue;
    const open = () => go({ person: world.me, channel: channel.id });
    notice(`You are now in #${channel.name}`, "info", { offer: { label: "Open", run: open }, about: channel.id });
  }
  known = new Set(mine.map((channel) => channel.id));
}

/** The channel an address means; without one, where something waits for me, the same as before, or the first. */
async function channelFor(wanted, atFirst) {
  if (wanted) {
    const found = channelOf(wanted);
    if (found) return found;
    const id = await conversationWith(wanted);
    if (id) await fetchState();
    if (id) return channelOf(id);
    notice(`There is no ${wanted.startsWith("@") ? wanted : `#${wanted}`} here that you can see.`);
  }
  const mine = world.channels.filter((channel) => channel.is_member && !channel.is_archived);
  const rooms = mine.filter((channel) => channel.kind !== "im");
  const direct = mine.find((channel) => channel === appChannel() && channel.unread);
  const written = direct ?? rooms.find((channel) => channel.mentions);
  if (!atFirst) return written ?? rooms.find((channel) => channel.id === route.channel) ?? rooms[0] ?? appChannel();
  return rooms.findLast((channel) => channel.pins?.length) ?? written ?? rooms[0] ?? appChannel();
}

function hear(event) {
  if (event.what === "clock") {
    clockMoved(event.now);
    refreshAgo();
    passTime();
    look();
    return;
  }
  if (event.what === "people") meetAnew().catch(tell);
  if (!event.channel || event.channel === route.channel) stale = true;
  refresh();
  look();
}

function refreshAll() {
  stale = true;
  refresh();
}

async function bringUpToDate() {
  const anew = stale;
  stale = false;
  try {
    await fetchState();
    await draw(anew);
    troubled = false;
  } catch (trouble) {
    stale = stale || anew;
    tell(trouble);
  }
}

/** Says once that the sandbox does not answer, until it does again. */
function tell(trouble) {
  if (!troubled) notice(`The sandbox does not answer (${trouble.message}). Is it still running?`, "error");
  troubled = true;
}

async function draw(fetchAnew) {
  await released();
  const channel = channelOf(route.channel ?? "");
  if (channel) dropNotice(channel.id);
  tellOfNewChannels();
  drawTopbar();
  drawSidebar(part("sidebar"), route);
  syncGroup();
  syncCanvas().catch(tell);
  syncModals(refreshAll);
  if (!channel) return;
  const name = channel.kind === "im" ? channelTitle(channel) : `#${channel.name}`;
  document.title = `${name} · ${world.team.name} · Baton sandbox`;
  await Promise.all([view.show(route, channel, fetchAnew), thread.show(route, channel, fetchAnew)]);
}

/** Presence, local times and "3 minutes ago" move with the clock, not with messages. */
function everyMinute() {
  refreshAgo();
  drawSidebar(part("sidebar"), route);
  if (Number.isFinite(now())) draw(false).catch(tell);
}

start().catch(tell);
