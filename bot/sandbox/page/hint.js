// The card that greets a newcomer and says in four steps what can be done here.

import { button, h, iconButton } from "./dom.js";
import { nameOf, personOf, world } from "./world.js";

const SEEN = "baton.sandbox.greeted";
const EXAMPLE = "/incident declare sev2 churn-scoring Scores are stale";

export const isGreeted = () => localStorage.getItem(SEEN) !== null;

/** Shows the card; `write` puts a text into the composer. */
export function showHint(write) {
  document.querySelector(".hint")?.remove();
  const close = () => {
    localStorage.setItem(SEEN, "yes");
    card.remove();
  };
  const example = button("example", () => write(EXAMPLE), EXAMPLE, { title: "Put it into the message box" });
  const me = personOf(world.me);
  const step = (title, ...words) => h("li", h("b", title), h("span", ...words));
  const card = h("aside.hint", { "aria-label": "How to begin" },
    iconButton("Close", "close", close),
    h("h2", "A Slack of your own"),
    h("p", "Everything here happens on this machine. The people are made up; the bot is real."),
    h("ol",
      step(`You are ${nameOf(me)}`, me.title ? `${me.title}. ` : "", "At the top right you can become anybody else."),
      step("Declare an incident", example, " Click it, then press Enter."),
      step("Move the clock", "With +5 min and the others on top, see who is paged next and what falls due."),
      step("Become who was paged", `and press Acknowledge in their messages from ${world.app.name}.`)),
    button("button primary", close, "Got it"));
  document.getElementById("view").append(card);
}
