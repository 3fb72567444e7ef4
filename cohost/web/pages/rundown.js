// What is on sale under which link number: a strip under the bar, the next product, a sheet to change it.

import { $, desk, may, show } from "./desk.js";
import { el, number, t } from "./parts.js";
import { button, choice, sheet } from "./sheet.js";

const MOST = 999;
let items = [];
let draft = [];

const name = (id) => show.hello?.products.find((one) => one.id === id)?.name ?? id;
const pin = (product) => desk.send({ type: "product.pin", product });

export function take(list) {
  items = list;
  draw();
}

export function draw() {
  $("rundown").hidden = !items.length;
  const now = show.pinned?.id;
  const key = document.activeElement?.dataset?.key;
  $("rundown").replaceChildren(...items.map((one) => el("li", {}, el(
    may("product.pin") ? "button" : "span",
    may("product.pin")
      ? { type: "button", class: "link", "data-key": `link/${one.number}`, "aria-pressed": String(one.product === now), title: t("link_n", { n: number(one.number) }), onclick: () => pin(one.product) }
      : { class: one.product === now ? "link now" : "link" },
    el("b", {}, number(one.number)), " ", el("bdi", {}, name(one.product)),
  ))));
  if (key?.startsWith("link/")) $("rundown").querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
}

/** The product after the one on show, in the order of the show; from the last to the first. */
export function next() {
  const at = items.findIndex((one) => one.product === show.pinned?.id);
  if (items.length) pin(items[(at + 1) % items.length].product);
}

export function edit() {
  draft = items.map((one) => ({ ...one }));
  const dialog = sheet("rundown-sheet", "rundown", (body) => body.append(
    el("ol", { class: "rows", id: "rundown-rows" }),
    el("div", { class: "acts" }, button("", t("add"), add, { id: "rundown-add" }), button("primary", t("save"), save, { id: "rundown-save" })),
    el("p", { class: "warning", role: "alert", id: "rundown-error", hidden: true }),
  ));
  rows();
  problem("");
  dialog.showModal();
}

function rows() {
  $("rundown-rows").replaceChildren(...draft.map((one, at) => {
    const link = el("input", { class: "input", type: "number", min: "1", max: String(MOST), required: true, "aria-label": t("link_n", { n: "" }).trim() });
    link.value = one.number;
    link.addEventListener("input", () => (one.number = Number(link.value)));
    const product = choice(t("product"), show.hello.products.map((each) => [each.id, each.name]), one.product);
    product.addEventListener("change", () => (one.product = product.value));
    return el("li", {}, link, product, button("quiet", "✕", () => (draft.splice(at, 1), rows()), { "aria-label": t("remove"), title: t("remove") }));
  }));
}

function add() {
  const used = new Set(draft.map((one) => one.product));
  const free = show.hello.products.find((one) => !used.has(one.id)) ?? show.hello.products[0];
  if (free) draft.push({ number: Math.max(0, ...draft.map((one) => one.number)) + 1, product: free.id });
  rows();
  $("rundown-rows").lastElementChild?.querySelector("input")?.focus();
}

function save() {
  if (desk.send({ type: "rundown.set", items: draft.map((one) => ({ number: one.number, product: one.product })) })) problem("");
  else problem(t("reconnecting"));
}

/** The server's word on what was sent; "" when there is none. */
export function problem(words) {
  const line = $("rundown-error");
  if (!line) return;
  line.textContent = words;
  line.hidden = !words;
}

/** The room took it: the sheet has done its work. */
export function taken(list) {
  take(list);
  $("rundown-sheet")?.close();
}
