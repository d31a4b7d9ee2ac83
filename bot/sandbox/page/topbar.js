// The bar on top: the sandbox's name, its clock, the line to the app, the faults, and who one is being.

import { avatar, isAwake } from "./avatar.js";
import { button, h, icon, iconButton, redraw } from "./dom.js";
import { openFaults } from "./faults.js";
import { notice, openPopover } from "./layers.js";
import { waitingFor } from "./others.js";
import { go } from "./route.js";
import { clockTimeWithSeconds, clockTime, shortDay, zoneCity } from "./time.js";
import { humans, localTime, myZone, nameOf, now, personOf, post, setClock, world } from "./world.js";

const STEPS = [["+1 min", 60], ["+5 min", 300], ["+30 min", 1800], ["+1 h", 3600], ["+8 h", 28800]];

let line = false;
let runningUntil = 0;
let moving = 0;

/** Builds the bar once; `drawTopbar` and `tick` bring it up to date. */
export function buildTopbar(container, { help, fold }) {
  const brand = h("a.brand", { href: "/", title: "Baton sandbox" }, baton(), h("b", "Baton"), h("span.tag", "sandbox"));
  container.append(
    iconButton("Show channels", "menu", fold, "bar-button only-narrow"),
    brand,
    clockGroup(),
    h(
      "div.bar-end",
      h("span.line", { id: "line", role: "status" }),
      iconButton("Faults", "sliders", openFaults, "bar-button"),
      iconButton("How to begin", "help", help, "bar-button"),
      button("who", choosePerson, null, { id: "who", "aria-haspopup": "dialog", "aria-expanded": "false" }),
    ),
  );
}

const baton = () => h("span.avatar.app", { style: { "--size": "24px" }, "aria-hidden": "true" });

function clockGroup() {
  const title = "The time in this sandbox. It goes on by itself; move it forward to see what happens later.";
  const face = [icon("clock", 16), h("b", { id: "clock-mine" }), h("span", { id: "clock-utc" })];
  const step = ([label, seconds]) => button("", () => advance(seconds), label, { data: { advance: seconds } });
  const props = { role: "group", "aria-label": "The sandbox’s clock" };
  return h("div.clock", props, h("span.clock-face", { title }, face), h("span.clock-steps", STEPS.map(step)));
}

export function lineIs(open) {
  line = open;
  drawLine();
}

function lineWords() {
  if (!line) return ["off", "Reconnecting…", "The sandbox does not answer; the page tries again by itself."];
  if (world.connected) return ["on", "Connected", `${world.app.name} is connected to this sandbox.`];
  return ["waiting", "No app", "No app is connected to this sandbox yet: commands and buttons will not be answered."];
}

function drawLine() {
  const [kind, words, why] = lineWords();
  const node = document.getElementById("line");
  node.className = `line ${kind}`;
  node.title = why;
  redraw(node, h("i"), h("span", words));
}

export function drawTopbar() {
  drawLine();
  drawWho();
  tick();
}

export function drawWho() {
  const me = personOf(world.me);
  const waiting = humans().reduce((sum, person) => sum + (person.id === world.me ? 0 : waitingFor(person.id)), 0);
  const who = document.getElementById("who");
  who.setAttribute("aria-label", `You are ${nameOf(me)}. Become somebody else`);
  const words = h("span.who-text", h("small", "You are"), h("b", nameOf(me)));
  const count = waiting ? h("span.count", { title: "Unread messages that wait for others" }, waiting > 9 ? "9+" : String(waiting)) : null;
  redraw(who, avatar(me.id, 28), words, count, icon("caret", 16));
}

/** Shows the clock; called every second, and at each step while it runs forward. */
export function tick() {
  const zone = myZone();
  const running = moving > 0 || performance.now() < runningUntil;
  const mine = [shortDay(now(), zone), clockTimeWithSeconds(now(), zone), zoneCity(zone)];
  document.getElementById("clock-mine").textContent = mine.join(" ");
  document.getElementById("clock-utc").textContent = `${clockTime(now(), "UTC")} UTC`;
  document.querySelector(".clock").classList.toggle("running", running);
}

/** A step of the running clock came from the server. */
export function clockMoved(epoch) {
  setClock(epoch);
  runningUntil = performance.now() + 700;
  setTimeout(tick, 750);
  tick();
}

async function advance(seconds) {
  moving += 1;
  tick();
  try {
    const { now: reached } = await post("clock", { advance: seconds });
    if (reached) setClock(Math.max(reached, now()));
  } catch (trouble) {
    notice(`The clock did not move: ${trouble.message}.`, "error");
  }
  moving -= 1;
  tick();
}

function personRow(person, become) {
  const waiting = person.id === world.me ? 0 : waitingFor(person.id);
  const count = waiting ? h("span.count", { "aria-label": `${waiting} unread` }, String(waiting)) : null;
  const place = h("small", `${isAwake(person) ? "" : "☾ "}${localTime(person)}`);
  const words = h("span.person-text", h("b", { dir: "auto" }, nameOf(person)), h("small", person.title));
  const more = { data: { person: person.id }, "aria-current": person.id === world.me ? "true" : null };
  return button("person", become, [avatar(person.id, 36), words, h("span.person-place", place, count)], more);
}

function choosePerson(anchor) {
  const panel = h("div.people", { role: "dialog", "aria-label": "Become somebody else" });
  const close = openPopover(anchor, panel, { align: "end" });
  const become = (person) => () => {
    close();
    localStorage.setItem("baton.sandbox.person", person.id);
    go({ person: person.id });
  };
  const rows = humans().map((person) => personRow(person, become(person)));
  panel.append(h("p.panel-title", "Be any person of the workspace"), ...rows);
  const box = anchor.getBoundingClientRect();
  panel.style.left = `${Math.max(8, box.right - panel.offsetWidth)}px`;
  (panel.querySelector("[aria-current]") ?? panel.querySelector("button")).focus();
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
  });
}
