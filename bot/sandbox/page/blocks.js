// Draws the blocks of Block Kit, in messages, modals and the Home tab.

import { button, h, icon, safeLink } from "./dom.js";
import { element, picture, sourceOf } from "./elements.js";
import { openPicture } from "./files.js";
import { markdown } from "./markdown.js";
import { bareText, plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

export function drawBlocks(blocks, surface) {
  return (blocks ?? []).filter(Boolean).map((block) => drawBlock(block, surface));
}

function drawBlock(block, surface) {
  const draw = DRAWN[block.type];
  const unknown = () => h("p.unknown", `This page does not draw blocks of type “${block.type}”.`);
  const content = draw ? draw(block, surface) : unknown();
  return h(`div.block.block-${block.type.replaceAll("_", "-")}`, { data: { blockId: block.block_id } }, content);
}

function section(block, surface) {
  const accessory = block.accessory && h("div.accessory", element(block.accessory, block, surface));
  const fields = block.fields && h("div.fields", block.fields.map((one) => h("div.field", textObject(one))));
  return h("div.section", h("div.section-text", textObject(block.text), fields), accessory);
}

function context(block) {
  const draw = (one) => (one.type === "image" ? picture(one, "context-image") : h("span", textObject(one)));
  return (block.elements ?? []).map(draw);
}

function image(block) {
  const title = bareText(block.title?.text) || block.alt_text;
  const open = () => openPicture({ source: sourceOf(block), title, words: block.alt_text });
  const shown = button("picture-button", open, picture(block, "block-picture"), { "aria-label": `Open ${title} in full` });
  return h("figure", block.title && h("figcaption", textObject(block.title)), shown);
}

function input(block, surface) {
  const optional = block.optional ? h("span.optional", " (optional)") : null;
  const hint = block.hint && h("p.hint", textObject(block.hint));
  const label = h("div.input-label", textObject(block.label), optional);
  const error = h("p.input-error", { role: "alert", hidden: true });
  return [label, element(block.element, block, surface), error, hint];
}

function cell(data, settings, tag) {
  const align = settings?.align ?? (data?.type === "raw_number" ? "right" : null);
  const style = align ? { "text-align": align } : null;
  const props = { class: settings?.is_wrapped === false ? "nowrap" : null, style, dir: "auto" };
  if (!data) return h(tag, props);
  if (data.type === "rich_text") return h(tag, props, richText(data));
  if (data.type === "mrkdwn" || data.type === "plain_text") return h(tag, props, textObject(data));
  return h(tag, props, plainText(String(data.text ?? data.value ?? "")));
}

function table(block) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag) => h("tr", (cells.cells ?? cells).map((data, place) => cell(data, settings[place], tag)));
  const [head, ...body] = block.rows ?? [];
  const caption = block.caption && h("caption", textObject(block.caption));
  const rows = [h("thead", head && row(head, "th")), h("tbody", body.map((cells) => row(cells, "td")))];
  return h("div.table-scroll", { tabindex: "0", role: "region", "aria-label": "Table" }, h("table", caption, rows));
}

const strong = (text) => text && h("strong", textObject(text));
const small = (text) => text && h("small", textObject(text));

function card(block, surface) {
  const actions = (block.actions ?? []).map((one) => element(one, block, surface));
  const titles = [strong(block.title), small(block.subtitle)];
  return h(
    "div.card",
    block.hero_image && picture(block.hero_image, "card-hero"),
    h("div.card-head", block.icon && picture(block.icon, "card-icon"), h("div", titles)),
    block.body && h("div", textObject(block.body)),
    small(block.subtext),
    actions.length ? h("div.actions", actions) : null,
  );
}

function container(block, surface) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title);
  const head = [block.icon && picture(block.icon, "card-icon"), h("strong", title), small(block.subtitle)];
  const body = h("div.container-body", drawBlocks(block.child_blocks ?? block.blocks, surface));
  if (!block.is_collapsible) return h("div.container", h("div.container-head", head), body);
  return h("details.container", { open: !block.default_collapsed }, h("summary.container-head", head), body);
}

/** Rows of columns, each column a block or a list of blocks. */
function layout(block, surface) {
  const column = (data) => h("div.layout-column", drawBlocks([data.blocks ?? data.elements ?? data].flat(), surface));
  const columns = (row) => (row.columns ?? row.elements ?? row.blocks ?? []).map(column);
  const rows = (block.rows ?? []).map((row) => h("div.layout-row", columns(row)));
  return rows.length ? rows : drawBlocks(block.fallback, surface);
}

function video(block) {
  const { thumbnail_url, alt_text, title_url, video_url, title, description } = block;
  const thumbnail = thumbnail_url && picture({ image_url: thumbnail_url, alt_text }, "block-picture");
  return h("div.card", safeLink(title_url ?? video_url ?? "", strong(title)), small(description), thumbnail);
}

function alert(block) {
  const level = block.level ?? "default";
  return h("div", { class: `alert ${level}`, role: level === "error" ? "alert" : "note" }, textObject(block.text));
}

const TASK_MARKS = { complete: "✓", in_progress: "…", error: "!", pending: "○" };

function task(block) {
  const mark = h("span", { class: `task-mark ${block.status ?? "pending"}` }, TASK_MARKS[block.status] ?? "○");
  const details = [block.details, block.output].filter(Boolean).map((one) => richText(one));
  return h("div.task-card", mark, h("div", textObject(block.title), details));
}

function plan(block) {
  return h("div.card", h("strong", textObject(block.title)), (block.tasks ?? []).map(task));
}

function feedback(block, surface) {
  const buttons = (block.elements ?? []).flatMap((one) => {
    const { type, action_id, positive_button: up, negative_button: down } = one;
    if (type === "feedback_buttons") return [up, down].map((side) => ({ ...side, type: "button", action_id }));
    return [{ ...one, type: "button", text: one.text ?? { type: "plain_text", text: one.icon ?? "" } }];
  });
  return h("div.actions", buttons.map((one) => element(one, block, surface)));
}

const DRAWN = {
  header: (block) => h("h3.header-text", textObject(block.text)),
  section,
  context,
  divider: () => h("hr"),
  actions: (block, surface) => h("div.actions", block.elements.map((one) => element(one, block, surface))),
  context_actions: feedback,
  image,
  input,
  rich_text: richText,
  table,
  data_table: table,
  markdown: (block) => markdown(block.text),
  card,
  carousel: (block, surface) => h("div.carousel", (block.elements ?? []).map((one) => card(one, surface))),
  container,
  layout,
  video,
  alert,
  plan,
  task_card: task,
  file: (block) => h("p.file", icon("file"), block.external_id ?? "File"),
};
