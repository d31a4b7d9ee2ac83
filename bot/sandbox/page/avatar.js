// A person's face in the workspace: initials on their colour, and the baton for the app.

import { h } from "./dom.js";
import { hourOf } from "./time.js";
import { isApp, localTime, myZone, nameOf, now, personOf, world } from "./world.js";

const PALETTE = ["5b3a8c", "1f6f5c", "a8431f", "26609e", "8c2f5f", "5f6b1e", "7a4a1c", "3b4f9a", "8a2f2f", "1f6a7a"];

/** The person's own colour where the workspace gives one, otherwise one that follows from the id. */
function colourOf(person) {
  const own = (person.color ?? "").replace("#", "");
  if (/^[0-9a-f]{6}$/i.test(own)) return own;
  const sum = [...person.id].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) >>> 0, 7);
  return PALETTE[sum % PALETTE.length];
}

/** Dark letters on light colours, light letters on dark ones. */
function inkOn(colour) {
  const [red, green, blue] = [0, 2, 4].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.22 ? "#1d1c1d" : "#ffffff";
}

function initials(person) {
  const words = nameOf(person).split(/[\s._-]+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...word][0]).join("").toUpperCase();
}

/** The face of a user id; `size` is in pixels. */
export function avatar(id, size, username) {
  const person = personOf(id);
  const style = { "--size": `${size}px` };
  if (isApp(id)) return h("span.avatar.app", { style, "aria-hidden": "true" }, h("i"));
  const colour = colourOf(person);
  const letters = username ? [...username][0].toUpperCase() : initials(person);
  Object.assign(style, { background: `#${colour}`, color: inkOn(colour) });
  return h("span.avatar", { style, "aria-hidden": "true" }, letters);
}

/** Awake people are "present": the sandbox has no presence of its own, so it goes by the clock where they live. */
export function isAwake(person) {
  const hour = hourOf(now(), person.tz || "UTC");
  return person.id === world.me || (hour >= 7 && hour < 22);
}

export function presenceDot(person) {
  const awake = isAwake(person);
  const label = awake ? "awake" : "asleep";
  return h(`span.presence.${label}`, { role: "img", "aria-label": label, title: localTime(person) });
}

/** Whether the person's clock differs from mine, so that showing it tells something. */
export const elsewhere = (person) => (person.tz || "UTC") !== myZone();
