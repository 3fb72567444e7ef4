// A person's words in the reader's language: the translation first, their own words below, and how far it is sure.

import { el, languageName, page, said, t } from "./parts.js";

const KEEP = 600;
const known = new Map(); // "seq/lang" → frame

/** Keep a frame; the older ones go. */
export function remember(frame) {
  known.set(`${frame.message_seq}/${frame.lang}`, frame);
  if (known.size > KEEP) known.delete(known.keys().next().value);
}

export const translationOf = (seq, lang) => known.get(`${seq}/${lang?.split("-")[0]}`);
export const translationsOf = (seq) => [...known.values()].filter((one) => one.message_seq === seq).sort((a, b) => a.lang.localeCompare(b.lang));

const REASONS = { busy: "late", qualifier: "failed", same: "failed" };

/** Why a line stays as it was said. */
export const why = (reason) => t(`why_${REASONS[reason] ?? reason}`);

/** "Translated from Chinese · not checked", "In Chinese. Not translated: a number was lost." */
export function note(frame, lang) {
  const from = { lang: languageName(frame?.source ?? lang) };
  if (!frame) return t("said_in", from);
  if (frame.state === "original") return `${t("said_in", from)} · ${t("not_translated", { why: why(frame.reason) })}`;
  return t("translated_from", from) + (frame.state === "unchecked" ? ` · ${t("unchecked")}` : "");
}

const foreign = (lang) => lang && lang !== "und" && lang.split("-")[0] !== page.lang;

/** Put the translation of `text` into a node's words, and say where it comes from. Nothing where the words are
    the reader's own language. */
export function dressed(node, words, text, lang, frame) {
  node.querySelector(".from-lang")?.remove();
  if (!foreign(lang)) return;
  const told = frame?.text;
  words.replaceChildren(...(told ? [said("span", told, frame.lang), said("span", text, lang, { class: "own" })] : [text]));
  words.lang = told ? frame.lang : lang;
  words.after(el("p", { class: frame && frame.state !== "checked" ? "from-lang warm" : "from-lang" }, note(frame, lang)));
}
