// The panel behind a citation: what the document says, where, and whether it still holds.

import { date, el, fileName, langTag, number, t } from "./parts.js";

/** At once what the reply carried, then what the room knows of the item. */
export async function showProof(dialog, citation) {
  const body = dialog.querySelector("[data-body]");
  body.replaceChildren(proof(citation, null, false));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  try {
    const answer = await fetch(`/evidence/${encodeURIComponent(citation.id)}`);
    const item = answer.ok ? await answer.json() : null;
    body.replaceChildren(proof(citation, item, answer.status === 404));
  } catch {
    // offline: what the reply itself carried stays on show
  }
}

function proof(citation, item, gone) {
  const quote = item?.quote || citation.quote;
  const where = [citation.locator, citation.page ? t("page", { n: number(citation.page) }) : null];
  const facts = [
    el("span", { class: "tag" }, t(`kind_${citation.kind}`)),
    el("span", { class: citation.valid ? "tag good" : "tag bad" }, citation.valid ? `✓ ${t("valid")}` : `✕ ${t("not_valid")}`),
    item?.valid_until ? el("span", { class: item.valid ? "tag" : "tag bad" }, t("valid_until", { date: date(item.valid_until) })) : null,
    ...(item?.models ?? []).slice(0, 6).map((model) => el("bdi", { class: "tag" }, model)),
  ];
  const lang = item?.lang ?? citation.lang;
  const sure = item?.confidence ?? citation.confidence;
  const read = item?.ocr || citation.ocr ? t("ocr") + (sure ? ` (${Math.round(sure * 100)} %)` : "") : null;
  return el(
    "div",
    { class: "proof" },
    el("div", { class: "doc" }, el("b", { dir: "auto" }, fileName(citation.document)), el("span", { dir: "auto" }, where.filter(Boolean).join(" · "))),
    el("div", { class: "facts" }, ...facts),
    quote ? el("div", { class: "label" }, t("quote"), " ", langTag(lang)) : null,
    quote ? el("blockquote", { dir: "auto", lang: lang === "und" ? null : lang }, el("mark", {}, quote)) : null,
    read ? el("p", { class: "note" }, read) : null,
    gone ? el("p", { class: "note" }, t("not_shown")) : null,
    item?.picture ? el("figure", { class: "page" }, el("img", { src: item.picture, alt: t("page_picture"), loading: "lazy" })) : null,
  );
}
