// The file input of modals: files are chosen or dropped, go up at once, and stand in a list until the form is sent.

import { button, h, icon, iconButton } from "./dom.js";
import { fileWords, sizeWords } from "./files.js";
import { world } from "./world.js";

const LARGEST = 10 * 1024 * 1024;
const MOST = 10;

const TROUBLE = {
  account_inactive: "you are deactivated",
  file_upload_size_restricted: "it is too large",
};

/** Its value is a list of file objects; while one goes up, {name, size, uploading: true} holds its place. */
export function fileInput(data, at) {
  const { focus, ...ids } = at.hooks.data;
  const list = h("ul.chosen-files");
  const kinds = (data.filetypes ?? []).map((kind) => kind.toLowerCase().replace(/^\./, ""));
  const most = data.max_files ?? MOST;
  const accept = kinds.map((kind) => `.${kind}`).join(",") || null;
  const picker = h("input", { type: "file", hidden: true, multiple: most > 1, accept, tabindex: "-1" });
  const words = [icon("plus", 16), h("span", most > 1 ? "Add files" : "Add a file")];
  const opener = button("button", () => picker.click(), words, { data: { ...ids, focus } });
  const adding = h("div.file-adding", opener, h("small", limits(kinds, most)));
  const trouble = h("p.failure", { role: "alert", hidden: true });
  const props = { role: "group", "aria-label": at.label, data: { fileInput: `${ids.blockId} ${ids.actionId}` } };
  const node = h("div.file-input", props, list, adding, picker, trouble);
  const input = { ...at, data, node, list, adding, opener, trouble, kinds, most };
  picker.addEventListener("change", () => {
    take(input, [...picker.files]);
    picker.value = "";
  });
  node.addEventListener("redraw", () => draw(input));
  takeDropped(input);
  draw(input);
  return node;
}

function limits(kinds, most) {
  const size = most > 1 ? `up to ${most} files, 10 MB each` : "up to 10 MB";
  return kinds.length ? `${kindWords(kinds)} · ${size}` : `U${size.slice(1)}`;
}

const kindWords = (kinds) => kinds.map((one) => one.toUpperCase()).join(", ").replace(/, (?=[^,]*$)/, " or ");

const entries = ({ surface, block, data }) => surface.value(block.block_id, data.action_id) ?? [];

/** The keyboard stays where it was; where that went away, it goes on from what is nearest. */
function draw(input) {
  const { list, adding, most, opener } = input;
  const files = entries(input);
  const held = [...list.children].findIndex((one) => one.contains(document.activeElement));
  list.replaceChildren(...files.map((file) => row(input, file)));
  list.hidden = !files.length;
  const adds = document.activeElement === opener;
  adding.hidden = files.length >= most;
  if (held >= 0 || (adds && adding.hidden)) focusOn(input, Math.min(held < 0 ? files.length : held, files.length - 1));
}

function focusOn({ list, opener }, place) {
  (list.children[place]?.querySelector("button") ?? opener).focus();
}

function row(input, file) {
  const drop = iconButton(`Remove ${file.name}`, "close", () => remove(input, file), "round remove");
  const sign = file.uploading ? h("span.file-sign.uploading") : preview(file);
  const about = file.uploading ? "Uploading …" : [file.pretty_type, sizeWords(file.size)].join(" · ");
  return h("li.file", { "aria-busy": String(Boolean(file.uploading)) }, sign, fileWords(file.name, about), drop);
}

function preview(file) {
  if (!file.thumb_64) return h("span.file-sign", icon("file", 22));
  return h("img.file-sign", { src: file.thumb_64, alt: "" });
}

function say({ trouble }, sentences) {
  trouble.hidden = !sentences.length;
  trouble.textContent = sentences.join(" ");
}

/** Takes what may be taken of these files, and says why not the rest. */
async function take(input, files) {
  const said = [];
  const taken = [];
  for (const file of files) {
    const reason = reasonAgainst(input, file, entries(input).length + taken.length);
    if (reason) said.push(reason);
    else taken.push(file);
  }
  say(input, said);
  await Promise.all(taken.map((file) => upload(input, file)));
}

function reasonAgainst({ kinds, most }, { name, size }, before) {
  const kind = name.includes(".") ? name.split(".").at(-1).toLowerCase() : "";
  if (kinds.length && !kinds.includes(kind)) return `${name} was left out: only ${kindWords(kinds)} is taken here.`;
  if (size > LARGEST) return `${name} is larger than 10 MB.`;
  if (!size) return `${name} is empty.`;
  if (before < most) return null;
  return `${name} was left out: ${most === 1 ? "one file is" : `${most} files are`} the most here.`;
}

async function upload(input, file) {
  const place = { name: file.name, size: file.size, uploading: true };
  put(input, [...entries(input), place]);
  const answer = await sent(file);
  const files = entries(input);
  if (!files.includes(place)) return; // removed meanwhile
  const now = files.flatMap((one) => (one === place ? (answer.ok ? [answer.file] : []) : [one]));
  put(input, now);
  if (answer.ok) await input.changed(input.node, now);
  else say(input, [`${file.name} could not be uploaded: ${TROUBLE[answer.error] ?? answer.error}.`]);
}

async function sent(file) {
  const query = new URLSearchParams({ as: world.me, name: file.name });
  try {
    return await (await fetch(`/sandbox/upload?${query}`, { method: "POST", body: file })).json();
  } catch (trouble) {
    return { ok: false, error: trouble.message };
  }
}

/** The app may have drawn the view anew since the input was drawn: what stands there now shows the files. */
function put(input, files) {
  input.remember(files);
  const here = document.querySelectorAll(`[data-file-input="${CSS.escape(input.node.dataset.fileInput)}"]`);
  for (const node of new Set([input.node, ...here])) node.dispatchEvent(new Event("redraw"));
}

function remove(input, file) {
  const left = entries(input).filter((one) => one !== file);
  say(input, []);
  put(input, left);
  if (!file.uploading) input.changed(input.node, left);
}

function takeDropped(input) {
  const { node } = input;
  const over = (is) => (event) => {
    event.preventDefault();
    node.classList.toggle("over", is);
  };
  node.addEventListener("dragover", over(true));
  node.addEventListener("dragleave", over(false));
  node.addEventListener("drop", (event) => {
    over(false)(event);
    take(input, [...event.dataTransfer.files]);
  });
}
