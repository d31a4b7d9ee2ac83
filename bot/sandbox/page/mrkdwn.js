// Draws Slack's mrkdwn and plain text as nodes; whatever is not markup stays text.

import { h, safeLink } from "./dom.js";
import { emojiCharacter, withEmoji } from "./emoji.js";
import { clockTime, dayLine, filledDate } from "./time.js";
import { channelOf, groupOf, myZone, nameOf, now, personOf, world } from "./world.js";

const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text object of Block Kit: {type: "mrkdwn" | "plain_text", text, verbatim?}. */
export function textObject(object) {
  if (!object) return null;
  if (typeof object === "string") return plainText(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text, object) : plainText(object.text);
}

/** Plain text with short codes turned into emoji and its line breaks kept. */
export function plainText(text) {
  return h("span", { dir: "auto", class: "plain" }, withEmoji(text ?? ""));
}

/** Short text for tooltips and lists: mentions and markup taken out. */
export function bareText(text) {
  const named = (text ?? "").replace(/<([^>|]+)(?:\|([^>]*))?>/g, (whole, target, label) => {
    if (label) return label;
    if (target.startsWith("@")) return `@${nameOf(personOf(target.slice(1)))}`;
    if (target.startsWith("!subteam^")) return `@${groupOf(target.slice(9))?.handle ?? "group"}`;
    return target.startsWith("#") ? `#${channelOf(target.slice(1))?.name ?? "private"}` : target.replace(/^!/, "@");
  });
  return withEmoji(unescaped(named).replace(/[*_~`]/g, ""));
}

/** Message text or a mrkdwn text object, as one element. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const root = h("span", { dir: "auto", class: "mrkdwn" });
  const pieces = (text ?? "").split(/```\n?([\s\S]+?)```/);
  pieces.forEach((piece, place) => {
    if (place % 2) root.append(codeBlock(piece));
    else if (piece) root.append(...paragraphs(piece.replace(place ? /^\n/ : /^$/, ""), verbatim));
  });
  return root;
}

function codeBlock(text) {
  const links = /<((?:https?|mailto):[^>|]+)\|?([^>]*)>/g;
  const bare = text.replace(/\n$/, "").replace(links, (whole, link, label) => label || link);
  return h("pre", { dir: "auto" }, unescaped(bare));
}

/** Lines, with neighbouring lines that begin with ">" gathered into one quote. */
function paragraphs(text, verbatim) {
  const nodes = [];
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, place) => {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    if (quoted) {
      if (!quote) nodes.push((quote = h("blockquote", { dir: "auto" })));
      else quote.append(h("br"));
      quote.append(...inline(line.slice(quoted[0].length), verbatim));
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    if (place > 0 && !afterQuote) nodes.push(h("br"));
    nodes.push(...inline(line, verbatim));
  });
  return nodes;
}

// Things that hold no further markup are set aside under a private mark, so that a link's underscores are no italics.
const CONTROL = /^(?:[@#!]|[a-z][a-z0-9+.-]*:)/i;
const CODE = /`([^`\n]+)`/;
const ANGLES = /<([^<>\n]+)>/;
const SHORT_CODE = /:([a-z0-9_+-]+(?:::skin-tone-\d)?):/;
const ADDRESS = /\bhttps?:\/\/[^\s<>|]*[^\s<>|.,:;!?)'"\]*_~]/;
const ATOM = new RegExp([CODE, ANGLES, SHORT_CODE, ADDRESS].map((kind) => kind.source).join("|"), "g");
const MARK = /\uE000(\d+)\uE001/;

function inline(text, verbatim) {
  const atoms = [];
  const marked = text.replace(/[\uE000\uE001]/g, "").replace(ATOM, (whole, code, control, emoji) => {
    const node = atom(whole, { code, control, emoji, verbatim });
    if (node === null) return whole;
    atoms.push(node);
    return `\uE000${atoms.length - 1}\uE001`;
  });
  return styled(marked, atoms);
}

function atom(whole, { code, control, emoji, verbatim }) {
  if (code !== undefined) return h("code", { dir: "auto" }, unescaped(code));
  if (control !== undefined) return CONTROL.test(control) ? controlNode(control) : null;
  if (emoji !== undefined) return emojiNode(emoji);
  return verbatim ? null : safeLink(unescaped(whole), unescaped(whole));
}

export function emojiNode(name) {
  const character = emojiCharacter(name);
  const label = name.replaceAll("_", " ");
  return character && h("span.emoji", { role: "img", "aria-label": label, title: `:${name}:` }, character);
}

const STYLES = [
  ["strong", /(^|[^\p{L}\p{N}*])\*(?=[^\s*])([^\n]*?[^\s*])\*(?![\p{L}\p{N}*])/u],
  ["em", /(^|[^\p{L}\p{N}_])_(?=[^\s_])([^\n]*?[^\s_])_(?![\p{L}\p{N}_])/u],
  ["del", /(^|[^\p{L}\p{N}~])~(?=[^\s~])([^\n]*?[^\s~])~(?![\p{L}\p{N}~])/u],
];

/** Bold, italic and struck text, the earliest first, each drawn again inside. */
function styled(text, atoms) {
  let first = null;
  for (const [tag, pattern] of STYLES) {
    const found = pattern.exec(text);
    if (found && (!first || found.index + found[1].length < first.at)) {
      first = { tag, inner: found[2], at: found.index + found[1].length, end: found.index + found[0].length };
    }
  }
  if (!first) return withAtoms(text, atoms);
  return [
    ...withAtoms(text.slice(0, first.at), atoms),
    h(first.tag, {}, styled(first.inner, atoms)),
    ...styled(text.slice(first.end), atoms),
  ];
}

function withAtoms(text, atoms) {
  const pieces = text.split(MARK).map((piece, place) => (place % 2 ? atoms[Number(piece)] : unescaped(piece)));
  return pieces.filter((piece) => piece !== "");
}

/** What stands between "<" and ">": a mention, a date or a link. */
function controlNode(control) {
  const [target, ...rest] = control.split("|");
  const label = rest.join("|");
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return specialMention(target.slice(1), label);
  return safeLink(unescaped(target), withEmoji(unescaped(label || target.replace(/^mailto:/, ""))));
}

export function userMention(id, label) {
  const known = world.people.get(id);
  const name = known ? nameOf(known) : label || id;
  return h("span", { class: id === world.me ? "mention mine" : "mention", data: { user: id } }, `@${name}`);
}

export function channelMention(id, label) {
  const channel = channelOf(id);
  const name = channel?.name ?? label;
  if (!name) return h("span.mention", "#private-channel");
  return h("a.mention", { href: `#/as/${world.me}/channel/${id}` }, `#${name}`);
}

/** Its handle; a click shows who is in the group (see groups.js). */
export function groupMention(id, label) {
  const group = groupOf(id);
  const name = group ? `@${group.handle}` : label || `@${id}`;
  const kind = group?.users.includes(world.me) ? "mention mine" : "mention";
  return h("span", { class: kind, role: "button", tabindex: "0", data: { group: id } }, name);
}

function specialMention(special, label) {
  const [kind, ...words] = special.split("^");
  if (kind === "date") return dateNode(words, label);
  if (kind === "subteam") return groupMention(words[0], label);
  const broadcast = ["here", "channel", "everyone"].includes(kind);
  return h("span", { class: broadcast ? "mention mine" : "mention" }, broadcast ? `@${kind}` : label || `@${kind}`);
}

function dateNode([epoch, format, link], fallback) {
  return dateElement(Number(epoch), format ?? "", fallback, link);
}

/** A date in the reader's zone, with the full date and time behind it. */
export function dateElement(epoch, format, fallback, link) {
  if (!Number.isFinite(epoch) || !format) return h("span", fallback || format);
  const zone = myZone();
  const words = filledDate(format, epoch, zone, now());
  const title = `${dayLine(epoch, zone, now())} at ${clockTime(epoch, zone)} ${zone} (${clockTime(epoch, "UTC")} UTC)`;
  const data = format.includes("{ago}") ? { ago: epoch, format } : null;
  const time = h("time", { datetime: new Date(epoch * 1000).toISOString(), title, data }, words);
  return link ? safeLink(link, time) : time;
}

/** Brings "3 minutes ago" up to date wherever it is shown. */
export function refreshAgo() {
  for (const node of document.querySelectorAll("time[data-ago]")) {
    node.textContent = filledDate(node.dataset.format, Number(node.dataset.ago), myZone(), now());
  }
}

/** Whether the text is a few emoji and nothing else, which Slack shows large. */
export function isOnlyEmoji(text) {
  const words = (text ?? "").trim().split(/\s+/);
  return words.length <= 8 && words.every((word) => /^:[a-z0-9_+-]+:$/.test(word) && emojiCharacter(word.slice(1, -1)));
}
