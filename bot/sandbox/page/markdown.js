// Draws the markdown block and canvases: the part of standard Markdown that Slack shows, and mentions.

import { h, safeLink } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { channelMention, userMention } from "./mrkdwn.js";

const FENCE = /^```/;
const HEADING = /^(#{1,6}) +(.*)$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const ITEM = /^(\s*)([-*+]|\d+[.)]) +(.*)$/;
const QUOTE = /^> ?/;
const TABLE_RULE = /^\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$/;

export function markdown(text) {
  const lines = text.split("\n");
  const root = h("div.markdown", { dir: "auto" });
  for (let at = 0; at < lines.length; ) at = takeOne(root, lines, at);
  return root;
}

/** Draws the piece that begins at this line and answers where the next one begins. */
function takeOne(root, lines, at) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (!line.trim()) return at + 1;
  if (FENCE.test(line)) return takeFence(root, lines, at);
  if (heading) root.append(h(`h${Math.min(heading[1].length + 2, 6)}`, {}, inline(heading[2])));
  else if (RULE.test(line)) root.append(h("hr"));
  else if (ITEM.test(line)) return takeList(root, lines, at);
  else if (QUOTE.test(line)) return takeQuote(root, lines, at);
  else if (TABLE_RULE.test(lines[at + 1] ?? "") && line.includes("|")) return takeTable(root, lines, at);
  else return takeParagraph(root, lines, at);
  return at + 1;
}

function takeFence(root, lines, at) {
  const end = lines.findIndex((line, place) => place > at && FENCE.test(line));
  const last = end < 0 ? lines.length : end;
  root.append(h("pre", lines.slice(at + 1, last).join("\n")));
  return last + 1;
}

function takeWhile(lines, at, holds) {
  let end = at;
  while (end < lines.length && holds(lines[end])) end += 1;
  return end;
}

function takeQuote(root, lines, at) {
  const end = takeWhile(lines, at, (line) => QUOTE.test(line));
  root.append(h("blockquote", broken(lines.slice(at, end).map((line) => line.replace(QUOTE, "")))));
  return end;
}

function takeParagraph(root, lines, at) {
  const plain = (line) => line.trim() && ![FENCE, HEADING, RULE, ITEM, QUOTE].some((kind) => kind.test(line));
  const end = Math.max(at + 1, takeWhile(lines, at, plain));
  root.append(h("p", broken(lines.slice(at, end))));
  return end;
}

const broken = (lines) => lines.flatMap((line, place) => [place ? h("br") : null, inline(line)]);

function takeList(root, lines, at) {
  const end = takeWhile(lines, at, (line) => ITEM.test(line));
  const open = [];
  for (const line of lines.slice(at, end)) {
    const [, space, bullet, words] = ITEM.exec(line);
    const depth = space.replaceAll("\t", "    ").length;
    while (open.length && open.at(-1).depth > depth) open.pop();
    if (!open.length || open.at(-1).depth < depth) {
      const list = h(/\d/.test(bullet) ? "ol" : "ul", /\d/.test(bullet) ? { start: Number.parseInt(bullet, 10) } : {});
      (open.at(-1)?.list.lastElementChild ?? root).append(list);
      open.push({ depth, list });
    }
    open.at(-1).list.append(listItem(words));
  }
  return end;
}

function listItem(words) {
  const task = /^\[([ xX])\] +(.*)$/.exec(words);
  if (!task) return h("li", inline(words));
  const box = h("input", { type: "checkbox", disabled: true, checked: task[1] !== " " });
  return h("li.task", box, " ", inline(task[2]));
}

function takeTable(root, lines, at) {
  const end = takeWhile(lines, at, (line) => line.includes("|"));
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim()));
  const row = (line, tag) => h("tr", cells(line).map((cell) => h(tag, {}, cell)));
  const body = lines.slice(at + 2, end).map((line) => row(line, "td"));
  root.append(h("div.table-scroll", h("table", h("thead", row(lines[at], "th")), h("tbody", body))));
  return end;
}

const SPANS = [
  [/`([^`]+)`/, (found) => h("code", found[1])],
  [/\\([!-/:-@[-`{-~])/, (found) => found[1]],
  [/!\[\]\(@(\w+)\)/, (found) => userMention(found[1])],
  [/!\[\]\(#(\w+)\)/, (found) => channelMention(found[1])],
  [/!?\[((?:\\.|[^\]\\])+)\]\(([^)\s]+)\)/, (found) => safeLink(found[2], inline(found[1]))],
  [/\*\*(?=\S)([^\n]+?)\*\*/, (found) => h("strong", inline(found[1]))],
  [/__(?=\S)([^\n]+?)__/, (found) => h("strong", inline(found[1]))],
  [/~~(?=\S)([^\n]+?)~~/, (found) => h("del", inline(found[1]))],
  [/(?<![\w*])[*](?=\S)([^*\n]+?)[*](?!\w)/, (found) => h("em", inline(found[1]))],
  [/(?<![\w_])_(?=\S)([^_\n]+?)_(?!\w)/, (found) => h("em", inline(found[1]))],
  [/https?:\/\/[^\s<>)]*[^\s<>).,:;!?]/, (found) => safeLink(found[0], found[0])],
];

/** The earliest span is drawn, then the rest of the line. */
function inline(text) {
  let first = null;
  for (const [pattern, draw] of SPANS) {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.found.index)) first = { found, draw };
  }
  if (!first) return text ? [withEmoji(text)] : [];
  const { found, draw } = first;
  return [withEmoji(text.slice(0, found.index)), draw(found), ...inline(text.slice(found.index + found[0].length))];
}
