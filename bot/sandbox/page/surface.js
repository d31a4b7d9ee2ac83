// Where blocks are drawn: a message, a modal or the Home tab. It remembers values and carries actions to the app.

import { h } from "./dom.js";
import { richPlain } from "./richtext.js";
import { postAsMe, world } from "./world.js";

const REASONS = {
  operation_timeout: "the app did not answer within three seconds",
  dispatch_failed: "the app could not be reached",
  not_connected: "no app is connected",
};

/** A sentence for a failed action. */
export const reasonOf = (error) => REASONS[error] ?? error ?? "the app answered with an error";

function surface(kind, place, kept) {
  return {
    kind,
    value: (block, action) => kept.values[block]?.[action],
    remember(block, action, value) {
      (kept.values[block] ??= {})[action] = value;
    },
    options: () => kept.options,
    suggest: (block, action, value) => postAsMe("suggest", { ...place, block_id: block, action_id: action, value }),
    async act(node, block, action, value) {
      const body = { ...place, block_id: block, action_id: action, value, values: kept.values };
      const box = node.closest(".block") ?? node;
      box.querySelector(":scope > .failure")?.remove();
      const answer = await postAsMe("action", body);
      if (answer.ok) return;
      box.append(h("p.failure", { role: "alert" }, `That did not work: ${reasonOf(answer.error)}.`));
    },
  };
}

const inMessages = new Map();

/** A surface for a message; what was chosen in its menus outlives a redraw, until the app changes the blocks. */
export function messageSurface(channel, message) {
  const key = `${world.me} ${channel} ${message.ts}`;
  const blocks = JSON.stringify(message.blocks);
  if (inMessages.get(key)?.blocks !== blocks) inMessages.set(key, { blocks, values: {}, options: [] });
  return surface("message", { channel, message_ts: message.ts }, inMessages.get(key));
}

/** A surface for a view; `kept` holds what was typed, so that it outlives a redraw by the app. */
export function viewSurface(view, kept) {
  for (const [block, actions] of Object.entries(view.state?.values ?? {})) {
    for (const [action, state] of Object.entries(actions)) {
      const known = kept.values[block]?.[action] !== undefined;
      const value = rawValue(state);
      if (!known && value !== null) (kept.values[block] ??= {})[action] = value;
    }
  }
  return surface(view.type, { view_id: view.id }, kept);
}

/** Slack's state of an element turned into the page's raw form: a string, a list of strings or of files, or null. */
function rawValue(state) {
  const people = state.selected_users ?? state.selected_channels ?? state.selected_conversations;
  if (state.files) return state.files.length ? state.files : null;
  const several = state.selected_options ?? people;
  if (several) return several.map((one) => one.value ?? one);
  const one = state.selected_option?.value ?? state.value ?? state.selected_user ?? state.selected_channel
    ?? state.selected_conversation ?? state.selected_date ?? state.selected_time ?? state.selected_date_time;
  if (state.rich_text_value) return richPlain(state.rich_text_value);
  return one === undefined || one === null ? null : String(one);
}
