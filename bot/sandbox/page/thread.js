// The pane on the right: one message and its replies.

import { composer } from "./composer.js";
import { h, iconButton, redraw, released } from "./dom.js";
import { messageList } from "./list.js";
import { go } from "./route.js";
import { channelTitle, fetchMessages, world } from "./world.js";

/** Builds the pane once. `show(route, channel, fetchAnew)` brings it up to date or takes it away. */
export function buildThread(container, refresh) {
  const title = h("span.faint");
  const close = () => go({ person: world.me, channel: shownIn });
  const bar = h("div.view-title", h("h2", "Thread"), title, iconButton("Close thread", "close", close));
  const header = h("header.view-head", bar);
  const list = messageList("Thread");
  const box = composer(refresh);
  const foot = h("div.view-foot");
  container.append(header, list.node, foot);
  container.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  let shownIn = null;
  let spot = null;
  let messages = [];
  let turn = 0;

  async function show(route, channel, fetchAnew) {
    container.hidden = !route.thread || route.app === "home";
    document.getElementById("app").classList.toggle("with-thread", !container.hidden);
    if (container.hidden) {
      spot = null;
      return;
    }
    shownIn = channel.id;
    const next = `${world.me} ${channel.id} ${route.thread}`;
    const fresh = next !== spot;
    spot = next;
    if (fresh) list.clear();
    if (fresh || fetchAnew) {
      const asked = (turn += 1);
      const found = await fetchMessages(channel.id, route.thread);
      if (asked !== turn || spot !== next) return;
      messages = found;
      await released();
      if (spot !== next) return;
    }
    title.textContent = channel.kind === "im" ? channelTitle(channel) : `#${channel.name}`;
    list.show(messages, { channel: channel.id, thread: route.thread });
    if (channel.is_archived || (!channel.is_member && channel.kind !== "im")) redraw(foot);
    else {
      if (!box.node.isConnected) foot.replaceChildren(box.node);
      box.open({ channel, thread: route.thread });
      if (fresh) box.focus();
    }
  }

  return { show };
}
