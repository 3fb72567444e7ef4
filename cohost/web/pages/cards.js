// The console's cards: questions, drafts with evidence, what went out, what is held.

import { $, RANK, approve, busy, desk, may, reject, show, who } from "./desk.js";
import { chip, clock, country, el, langTag, number, said, showProof, t } from "./parts.js";
import { note, translationOf } from "./translated.js";

export function drawAll() {
  drawQuestions();
  drawDrafts();
  drawPosted();
  drawHeld();
}

/** Redraw a list; an open form keeps its words (they live in `busy`) and the place of the cursor. */
export function redraw(list, cards, emptyKey) {
  const focus = document.activeElement;
  const key = list.contains(focus) ? focus.dataset.key : null;
  const [start, end] = key && "selectionStart" in focus ? [focus.selectionStart, focus.selectionEnd] : [null, null];
  const top = list.scrollTop;
  list.replaceChildren(...(cards.length ? cards : [el("li", { class: "none" }, t(emptyKey))]));
  if (list.querySelector("button")) list.removeAttribute("tabindex");
  else list.tabIndex = 0; // scrolls by key
  list.scrollTop = top;
  const again = key ? list.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  if (!again) return;
  again.focus({ preventScroll: true });
  if (start !== null && again.setSelectionRange) again.setSelectionRange(start, end);
}

const STATE_TAG = { escalated: "warm", failed: "bad", drafted: "warm", declined: "warm", answered: "good" };

export function drawQuestions() {
  const all = [...show.questions.values()].sort((a, b) => RANK[a.state] - RANK[b.state] || (b.at_ms ?? 0) - (a.at_ms ?? 0));
  const live = all.filter((one) => RANK[one.state] < RANK.answered).length;
  count("n-questions", live, live > 0);
  redraw($("questions"), all.map(questionCard), "no_questions");
}

function questionCard(one) {
  const closed = RANK[one.state] >= RANK.answered;
  const call = one.state === "escalated" || one.state === "failed" || one.state === "declined";
  const languages = (one.languages?.length ? one.languages : [one.lang]).map(langTag);
  return el(
    "li",
    { class: `card${closed ? " done" : ""}${call ? " call" : ""}`, "data-question": one.question_id },
    el(
      "div",
      { class: "meta" },
      el("span", { class: `tag ${STATE_TAG[one.state] ?? ""}` }, t(`state_${one.state}`)),
      (one.count ?? 1) > 1 ? el("span", { class: "tag" }, `×${number(one.count)}`) : null,
      ...languages,
      one.market ? el("span", { class: "where" }, country(one.market)) : null,
      el("time", {}, clock(one.at_ms ?? 0)),
    ),
    one.gloss ? el("p", { class: "gloss", dir: "auto" }, one.gloss) : null,
    ...asking(one),
    closed && !busy.get(one.question_id)?.text ? null : answerForm(one),
  );
}

/** The question as it was asked, and before it in the host's language. */
function asking(one) {
  const made = translationOf(one.messages?.[0], show.hello.host_lang);
  return [
    made?.text ? said("p", made.text, made.lang, { class: "words" }) : null,
    said("p", one.text ?? "", one.lang, { class: one.gloss || made?.text ? "soft" : "words" }),
    made && made.state !== "checked" ? el("p", { class: "from-lang" }, note(made, one.lang)) : null,
  ].filter(Boolean);
}

function answerForm(one) {
  const open = busy.get(one.question_id);
  if (!open) {
    const start = () => begin(one.question_id, { kind: "answer", text: "" });
    const act = (type, key, look, does = () => desk.send({ type, question_id: one.question_id })) => may(type) && el("button", { type: "button", class: `button small ${look}`, onclick: does }, t(key));
    const acts = [act("question.answer", "answer", "", start), act("question.close", "answered_aloud", "quiet"), act("question.hide", "hide", "quiet")].filter(Boolean);
    return acts.length ? el("div", { class: "acts" }, ...acts) : null;
  }
  const send = (override) => desk.send({ type: "question.answer", question_id: one.question_id, text: open.text, override });
  return form(one.question_id, open, ["text"], t("send"), send);
}

/** A form on a card: text areas bound to `open`, a warning of the guard, send and cancel. */
function form(id, open, fields, label, send) {
  const areas = fields.map((name) =>
    el("label", { class: "field" }, fields.length > 1 ? el("span", {}, t(name)) : null, area(id, open, name)),
  );
  const go = (override) => {
    open.warning = null;
    open.sent = true;
    send(override);
  };
  return el(
    "form",
    { class: "form", onsubmit: (event) => (event.preventDefault(), go(false)) },
    ...areas,
    open.warning ? warning(open.warning) : null,
    el(
      "div",
      { class: "acts" },
      el("button", { class: "button small primary" }, label),
      open.warning?.code === "guard_warning" ? el("button", { type: "button", class: "button small danger", onclick: () => go(true) }, t("send_anyway")) : null,
      el("button", { type: "button", class: "button small quiet", onclick: () => (busy.delete(id), drawAll()) }, t("cancel")),
    ),
  );
}

function area(id, open, name) {
  const box = el("textarea", { class: "input", dir: "auto", "data-key": `${id}/${name}`, "aria-label": t(name === "text" ? "answer_text" : name) });
  box.value = open[name] ?? "";
  box.addEventListener("input", () => (open[name] = box.value));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) box.form.requestSubmit();
    if (event.key === "Escape") {
      event.stopPropagation();
      busy.delete(id);
      drawAll();
    }
  });
  return box;
}

function warning(frame) {
  const head = frame.rule ? t("guard_objects", { rule: frame.rule }) : null;
  const never = frame.code === "guard_blocked" ? ` ${t("guard_never")}` : "";
  return el("p", { class: "warning", role: "alert" }, head ? el("b", {}, head) : null, frame.message + never);
}

function begin(id, open) {
  busy.set(id, open);
  drawAll();
  document.querySelector(`[data-key^="${CSS.escape(id)}/"]`)?.focus();
}

export function drawDrafts() {
  const all = [...show.drafts.values()];
  if (!show.drafts.has(show.current)) show.current = all[0]?.reply_id ?? null;
  count("n-drafts", all.length, all.length > 0);
  redraw($("drafts"), all.map(draftCard), "no_drafts");
}

function draftCard(draft) {
  const asked = show.questions.get(draft.question_id);
  const open = busy.get(draft.reply_id);
  const edit = (override) => desk.send({ type: "reply.edit", reply_id: draft.reply_id, text: open.text, override });
  return el(
    "li",
    { class: `card draft${draft.reply_id === show.current ? " current" : ""}`, "data-reply": draft.reply_id, onclick: () => select(draft.reply_id) },
    el(
      "div",
      { class: "meta" },
      langTag(draft.lang),
      draft.action === "answer" ? null : el("span", { class: "tag warm" }, t(`state_${{ decline: "declined", escalate: "escalated" }[draft.action] ?? "ignored"}`)),
      draft.by === "llm" ? el("span", { class: "tag warm" }, "LLM") : null,
      draft.state === "drafted" ? null : el("span", { class: "tag bad" }, t(`state_${draft.state}`)),
      (asked?.count ?? 1) > 1 ? el("span", { class: "tag" }, `×${number(asked.count)}`) : null,
      el("time", {}, clock(draft.at_ms)),
    ),
    asked?.gloss ? el("p", { class: "gloss", dir: "auto" }, asked.gloss) : null,
    ...(asked ? asking(asked) : []),
    open ? form(draft.reply_id, open, ["text"], t("send"), edit) : said("p", draft.text || "–", draft.lang, { class: "words" }),
    draft.host_note ? el("p", { class: "warning", dir: "auto" }, draft.host_note) : null,
    verdict(draft),
    citations(draft.citations ?? []),
    open ? null : draftActs(draft),
  );
}

function draftActs(draft) {
  const button = (look, key, act) => el("button", { type: "button", class: `button small ${look}`, onclick: act }, t(key), el("kbd", {}, { approve: "A", edit: "E", reject: "X" }[key]));
  return el(
    "div",
    { class: "acts" },
    may("reply.approve") ? button("primary", "approve", () => approve(draft)) : null,
    may("reply.edit") ? button("", "edit", () => editDraft(draft)) : null,
    may("reply.reject") ? button("", "reject", () => reject(draft)) : null,
  );
}

export const editDraft = (draft) => begin(draft.reply_id, { kind: "edit", text: draft.text, was: draft.text, question_id: draft.question_id });

/** What the guard said of the sentences; silence where nothing was drafted for it. */
function verdict(draft) {
  const objections = (draft.sentences ?? []).filter((one) => one.verdict !== "allow");
  const rules = [...new Set([draft.rule, ...objections.map((one) => one.rule)].filter(Boolean))];
  if (rules.length) return el("p", { class: "verdict off" }, `! ${t("guard_objects", { rule: rules.join(", ") })}`);
  return draft.sentences?.length || draft.citations?.length ? el("p", { class: "verdict" }, `✓ ${t("guard_passed")}`) : null;
}

function citations(all) {
  if (!all.length) return null;
  return el("div", { class: "cites" }, ...all.map(citation));
}

function citation(one) {
  const held = show.held.has(one.id);
  const act = () => desk.send({ type: held ? "evidence.approve" : "evidence.hold", id: one.id });
  return el(
    "div",
    { class: held ? "cite held" : "cite" },
    chip(one, (c) => showProof($("proof"), c)),
    may(held ? "evidence.approve" : "evidence.hold") ? el("button", { type: "button", class: "button small quiet", onclick: act }, t(held ? "release" : "hold")) : null,
    one.quote ? el("blockquote", { dir: "auto", lang: one.lang ?? null }, one.quote) : null,
  );
}

export function drawPosted() {
  const all = [...show.posted.values()].sort((a, b) => b.seq - a.seq);
  count("n-posted", all.length, false);
  redraw($("posted"), all.map(postedCard), "no_posted");
}

function postedCard(reply) {
  const open = busy.get(reply.reply_id);
  const first = reply.asked?.[0];
  const retract = (override) => desk.send({ type: "reply.retract", reply_id: reply.reply_id, reason: open.reason ?? "", correction: open.correction ?? "", override });
  const begins = () => begin(reply.reply_id, { kind: "retract", reason: "", correction: "" });
  return el(
    "li",
    { class: reply.retracted ? "card withdrawn" : "card", "data-reply": reply.reply_id },
    el(
      "div",
      { class: "meta" },
      langTag(reply.lang),
      reply.corrects ? el("span", { class: "tag warm" }, t("correction")) : null,
      reply.retracted ? el("span", { class: "tag bad" }, t("state_retracted")) : null,
      el("time", {}, clock(reply.at_ms)),
    ),
    first ? said("p", first.text, first.lang, { class: "soft" }) : null,
    said("p", reply.text, reply.lang, { class: "words" }),
    signature("approved_by", { by: reply.approved_by, signed: reply.signed }),
    reply.retracted ? signature("retracted_by", reply.retraction ?? {}) : null,
    open ? el("p", { class: "soft" }, t("retract_hint")) : el("div", { class: "acts" }, ...(reply.citations ?? []).map((one) => chip(one, (c) => showProof($("proof"), c)))),
    open ? form(reply.reply_id, open, ["reason", "correction"], t("retract"), retract) : null,
    open || reply.retracted || !may("reply.retract") ? null : el("div", { class: "acts" }, el("button", { type: "button", class: "button small", onclick: begins }, t("retract"))),
  );
}

/** "✓ approved by Mei, product"; no mark: by a shared token. */
export function signature(key, act) {
  const name = who(act);
  return name ? el("p", { class: act.signed ? "signed own" : "signed", dir: "auto" }, `${act.signed ? "✓ " : ""}${t(key, { who: name })}`) : null;
}

/** What is off the air; its script comes with the first item. */
export async function drawHeld() {
  if (show.held.size || !$("held-box").hidden) (await import("./held.js")).draw();
}

export function count(id, value, hot) {
  if ($(id).textContent !== number(value)) $(id).textContent = number(value);
  $(id).classList.toggle("hot", hot);
}

export function select(replyId) {
  if (show.current === replyId) return;
  show.current = replyId;
  for (const card of $("drafts").children) card.classList.toggle("current", card.dataset.reply === replyId);
}
