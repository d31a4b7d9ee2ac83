// The sandbox's clock in the bar on top: what it shows, and how it is moved forward.

import { button, h, icon } from "./dom.js";
import { notice, openPopover } from "./layers.js";
import { clockTime, clockTimeWithSeconds, dayKey, instantOf, shortDay, wallTime, zoneCity } from "./time.js";
import { myZone, now, post, setClock } from "./world.js";

const STEPS = [
  ["+1 min", 60], ["+5 min", 300], ["+30 min", 1800], ["+1 h", 3600], ["+8 h", 28800], ["+1 day", 86400],
];
const DAY = 86400;

let runningUntil = 0;
let moving = 0;

export function clockGroup() {
  const title = "The time in this sandbox. It goes on by itself; move it forward to see what happens later.";
  const face = [icon("clock", 16), h("b", { id: "clock-mine" }), h("span", { id: "clock-utc" })];
  const step = ([label, seconds]) => button("", () => move({ advance: seconds }), label, { data: { advance: seconds } });
  const more = { "aria-haspopup": "dialog", "aria-expanded": "false", title: "Move the clock to a day and time" };
  const to = button("to", chooseInstant, "To…", more);
  const props = { role: "group", "aria-label": "The sandbox’s clock" };
  return h("div.clock", props, h("span.clock-face", { title }, face), h("span.clock-steps", STEPS.map(step), to));
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

/** `how` is {advance: seconds} or {to: instant}. */
async function move(how) {
  moving += 1;
  tick();
  try {
    const { now: reached, error } = await post("clock", how);
    if (error) throw new Error(error.replaceAll("_", " "));
    if (reached) setClock(Math.max(reached, now()));
  } catch (trouble) {
    notice(`The clock did not move: ${trouble.message}.`, "error");
  }
  moving -= 1;
  tick();
}

/** Begins with the next nine o'clock in the morning: then shifts change in most places. */
function chooseInstant(anchor) {
  const zone = myZone();
  const nine = [now(), now() + DAY].map((day) => `${dayKey(day, zone)}T09:00`);
  const next = nine.find((wall) => instantOf(wall, zone) > now());
  const box = h("input", { type: "datetime-local", class: "text-input", min: wallTime(now(), zone), required: true });
  box.value = next;
  const error = h("p.input-error", { role: "alert", hidden: true }, "That has passed: time only goes forward.");
  const form = h("form.clock-to", { "aria-label": "Move the clock" },
    h("p.panel-title", "Move the clock to"), h("label", box, h("small", `Your time, ${zone}`)), error,
    h("button.button.primary", { type: "submit" }, "Go there"));
  form.noValidate = true;
  const close = openPopover(anchor, form, { onClose: () => anchor.focus() });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const to = instantOf(box.value, zone);
    error.hidden = to > now();
    if (!error.hidden || !Number.isFinite(to)) return;
    close();
    move({ to });
  });
  box.focus();
}
