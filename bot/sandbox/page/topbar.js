// The bar on top: the sandbox's name, its clock, the line to the app, the faults, and who one is being.

import { avatar, isAwake } from "./avatar.js";
import { clockGroup, tick } from "./clock.js";
import { button, h, iconButton, icon, redraw } from "./dom.js";
import { openFaults } from "./faults.js";
import { openPopover } from "./layers.js";
import { waitingFor } from "./others.js";
import { go } from "./route.js";
import { humans, isGone, localTime, nameOf, personOf, world } from "./world.js";

let line = false;

/** Builds the bar once; `drawTopbar` brings it up to date. */
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

function personRow(person, become) {
  const waiting = person.id === world.me ? 0 : waitingFor(person.id);
  const count = waiting ? h("span.count", { "aria-label": `${waiting} unread` }, String(waiting)) : null;
  const place = h("small", `${isAwake(person) ? "" : "☾ "}${localTime(person)}`);
  const words = h("span.person-text", h("b", { dir: "auto" }, nameOf(person)), h("small", person.title));
  const more = { data: { person: person.id }, "aria-current": person.id === world.me ? "true" : null };
  return button("person", become, [avatar(person.id, 36), words, h("span.person-place", place, count)], more);
}

function goneRow(person) {
  const words = h("span.person-text", h("b", { dir: "auto" }, nameOf(person)), h("small", person.title));
  return h("div.person.gone", avatar(person.id, 36), words, h("span.person-place", h("small", "deactivated")));
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
  const gone = [...world.people.values()].filter((person) => !person.is_bot && isGone(person)).map(goneRow);
  panel.append(h("p.panel-title", "Be any person of the workspace"), ...rows, ...gone);
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
