// Draws the rich_text block: sections, lists, quotes and preformatted text.

import { h, safeLink } from "./dom.js";
import { channelMention, dateElement, emojiNode, groupMention, userMention } from "./mrkdwn.js";

export function richText(block) {
  return h("div.rich-text", { dir: "auto" }, groupedLists(block.elements ?? []));
}

const pieces = {
  rich_text_section: (part) => h("div.rich-section", inlines(part.elements)),
  rich_text_preformatted: (part) => h("pre", inlines(part.elements)),
  rich_text_quote: (part) => h("blockquote", inlines(part.elements)),
};

/** Lists of growing indent follow each other flat in Slack's form; each is drawn as deep as its indent says. */
function groupedLists(parts) {
  const counts = new Map();
  return parts.map((part) => {
    if (part.type !== "rich_text_list") {
      counts.clear();
      return pieces[part.type]?.(part) ?? h("span.unknown", `[${part.type}]`);
    }
    const indent = part.indent ?? 0;
    for (const deeper of [...counts.keys()]) if (deeper > indent) counts.delete(deeper);
    const start = (counts.get(indent) ?? part.offset ?? 0) + 1;
    counts.set(indent, start - 1 + part.elements.length);
    return list(part, indent, start);
  });
}

function list(part, indent, start) {
  const items = part.elements.map((item) => h("li", inlines(item.elements)));
  const data = { indent: indent % 3 };
  const style = { "margin-inline-start": `${indent * 26}px` };
  if (part.style === "ordered") return h("ol", { start, data, style }, items);
  return h("ul", { data, style }, items);
}

const inlines = (elements) => (elements ?? []).map(inline);

function inline(element) {
  const draw = {
    text: () => element.text,
    link: () => safeLink(element.url, element.text || element.url),
    emoji: () => emojiNode(element.name) ?? `:${element.name}:`,
    user: () => userMention(element.user_id),
    channel: () => channelMention(element.channel_id),
    usergroup: () => groupMention(element.usergroup_id),
    broadcast: () => h("span.mention.mine", `@${element.range}`),
    date: () => dateElement(element.timestamp, element.format, element.fallback, element.url),
    color: () => h("span", h("span.swatch", { style: { background: element.value } }), element.value),
  }[element.type];
  return withStyle(draw ? draw() : `[${element.type}]`, element.style ?? {});
}

const TAGS = { code: "code", bold: "strong", italic: "em", strike: "del", underline: "u", highlight: "mark" };

function withStyle(content, style) {
  let node = content;
  for (const [name, tag] of Object.entries(TAGS)) if (style[name]) node = h(tag, {}, node);
  return node;
}

/** Rich text as plain words, for a field that only takes these. */
export function richPlain(value) {
  return value.text ?? (value.elements ?? []).map(richPlain).join(value.type === "rich_text" ? "\n" : "");
}
