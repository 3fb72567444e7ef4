// Sheets that are made when they are first opened.

import { el, icon, t } from "./parts.js";

/** A drawer with a head and an empty body; `made` fills the body on the first call. */
export function sheet(id, title, made) {
  const known = document.getElementById(id);
  if (known) return known;
  const close = el("button", { type: "button", class: "button quiet small", "aria-label": t("close") }, icon("close"));
  const body = el("div", { class: "form" });
  const dialog = el("dialog", { class: "sheet", id, "aria-labelledby": `${id}-title` }, el("div", { class: "sheet-head" }, el("h2", { id: `${id}-title` }, t(title)), close), body);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  made(body);
  return dialog;
}

/** A select of [value, label] pairs. */
export function choice(label, pairs, value = "") {
  const select = el("select", { class: "input", "aria-label": label }, ...pairs.map(([key, name]) => el("option", { value: key, selected: key === value }, name)));
  return select;
}

export const button = (look, words, act, props = {}) => el("button", { type: "button", class: `button small ${look}`, onclick: act, ...props }, words);
