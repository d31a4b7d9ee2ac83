// What waits for the people one is not being, so that a page sent to somebody else does not go unseen.

import { h } from "./dom.js";
import { notice } from "./layers.js";
import { go } from "./route.js";
import { get, humans, isApp, nameOf, personOf, world } from "./world.js";

const counts = new Map();

/** Unread direct messages and mentions of a person, as far as the page has looked. */
export const waitingFor = (id) => counts.get(id) ?? 0;

/** Looks into everybody else's sidebar, one after the other; `changed` runs when a count did. */
export async function lookAtOthers(changed) {
  const me = world.me;
  let different = false;
  for (const person of humans()) {
    if (person.id === me) counts.delete(me);
    if (person.id === me || world.me !== me) continue;
    const { channels } = await get("state", { as: person.id });
    const unread = (channel) => (channel.kind === "im" ? channel.unread : channel.mentions);
    const waiting = channels.reduce((sum, channel) => sum + unread(channel), 0);
    const before = counts.get(person.id);
    if (before === waiting) continue;
    counts.set(person.id, waiting);
    different = true;
    const written = channels.some((channel) => channel.kind === "im" && isApp(channel.user) && channel.unread);
    if (before !== undefined && waiting > before && written) tell(person);
  }
  if (different && world.me === me) changed();
}

/** "Luis Mejía has a new message from Baton", with a button to become Luis. */
function tell(person) {
  if (person.id === world.me) return; // one has become them meanwhile
  const become = () => {
    localStorage.setItem("baton.sandbox.person", person.id);
    go({ person: person.id, channel: `@${personOf(world.app.bot_user_id).name}` });
  };
  const words = [h("b", nameOf(person)), ` has a new message from ${world.app.name}`];
  notice(words, "info", { offer: { label: `Be ${nameOf(person).split(" ")[0]}`, run: become }, about: person.id });
}
