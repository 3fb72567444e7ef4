// The console: live questions, drafts to decide, what went out; pin, price, stop.

import { chip, clock, country, el, icon, langTag, number, page, said, sheets, showProof, speak, t } from "./parts.js";
import { Room, kept, keep, randomId } from "./room.js";

const LEVELS = ["watch", "suggest", "post", "full"];
const KEEP = 150;
const RANK = { escalated: 0, failed: 1, drafted: 2, open: 3, declined: 4, answered: 5, expired: 6, ignored: 7 };
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

const token = query.get("token") || kept(sessionStorage, "cohost.token") || "";
const show = { hello: null, level: "", pinned: null, questions: new Map(), drafts: new Map(), posted: new Map(), held: new Map(), current: null, lang: "" };
const busy = new Map(); // reply or question id → an open form on its card: {kind, text, reason, warning}

const room = new Room({ params: {}, onframe: take, onstate: connection });

// ── frames ───────────────────────────────────────────────────────────────────────────────────────
function take(frame) {
  switch (frame.type) {
    case "hello": return hello(frame);
    case "snapshot": return snapshot(frame);
    case "question.state": return question(frame.question);
    case "reply.drafted": return drafted(frame);
    case "reply.state": return replyState(frame);
    case "reply.posted": return posted(frame);
    case "reply.retracted": return retracted(frame);
    case "product.pinned": return pinned(frame.product);
    case "autonomy": return autonomy(frame.level);
    case "evidence.released": return released(frame);
    case "health": return health(frame);
    case "operator.stopped": return toast(t("stopped"));
    case "fact.changed": return factChanged(frame);
    case "fault": return toast(`${t("fault")}: ${frame.where}: ${frame.message}`);
    case "error": return problem(frame);
    default: return undefined; // chat lines and frames of a later protocol
  }
}

async function hello(frame) {
  show.hello = frame;
  page.zero = Date.now() - frame.at_ms;
  const wanted = query.get("lang") || frame.host_lang || "en";
  if (wanted !== show.lang) {
    show.lang = wanted;
    await words(wanted);
  }
  document.title = `${frame.brand.name || frame.room} · ${t("console")}`;
  $("brand").textContent = frame.brand.name || frame.room;
  fill();
  connection("open");
  drawAll();
}

function snapshot(frame) {
  show.questions = new Map((frame.questions ?? []).map((one) => [one.question_id, one]));
  show.drafts = new Map((frame.drafts ?? []).map((one) => [one.reply_id, one]));
  show.posted = new Map(frame.replies.map((one) => [one.reply_id, one]));
  show.held = new Map((frame.held ?? []).map((one) => [one.id, one]));
  if (frame.autonomy) autonomy(frame.autonomy);
  pinned(frame.product ?? null);
  drawAll();
}

function question(one) {
  if (!one) return;
  show.questions.delete(one.question_id); // the newest last
  show.questions.set(one.question_id, one);
  if (show.questions.size > KEEP) show.questions.delete(show.questions.keys().next().value);
  drawQuestions();
}

function drafted(frame) {
  if (frame.draft.needs_approval && frame.draft.state === "drafted") show.drafts.set(frame.draft.reply_id, frame.draft);
  question(frame.question);
  drawDrafts();
}

function replyState(frame) {
  const draft = show.drafts.get(frame.reply_id);
  if (draft && (frame.state === "withheld" || frame.state === "unknown")) show.drafts.set(frame.reply_id, { ...draft, state: frame.state, rule: frame.rule });
  else if (draft) forget(frame.reply_id);
  if (frame.state === "failed") toast(`${t("state_failed")}: ${frame.message ?? ""}`);
  question(frame.question);
  drawDrafts();
}

function forget(replyId) {
  const ids = [...show.drafts.keys()];
  const next = ids[ids.indexOf(replyId) + 1] ?? ids[ids.indexOf(replyId) - 1] ?? null;
  show.drafts.delete(replyId);
  busy.delete(replyId);
  if (show.current === replyId) show.current = next;
}

function posted(frame) {
  forget(frame.reply_id);
  show.posted.set(frame.reply_id, frame);
  if (frame.corrects && show.posted.has(frame.corrects)) show.posted.get(frame.corrects).retracted = true;
  if (show.posted.size > KEEP) show.posted.delete(show.posted.keys().next().value);
  const asked = show.questions.get(frame.question_id);
  if (asked && frame.question_state) question({ ...asked, state: frame.question_state });
  drawDrafts();
  drawPosted();
}

function retracted(frame) {
  const reply = show.posted.get(frame.reply_id);
  if (reply) reply.retracted = true;
  busy.delete(frame.reply_id);
  drawPosted();
}

function released(frame) {
  if (frame.state === "held") show.held.set(frame.id, frame);
  else show.held.delete(frame.id);
  drawHeld();
  drawDrafts();
  drawPosted();
}

function factChanged(frame) {
  if (frame.product_view) show.pinned = frame.product_view;
  const { attribute, market, value, unit } = frame.fact;
  const name = show.hello?.attributes?.find((one) => one.id === attribute)?.name ?? attribute;
  $("fact").close();
  toast(`${t("fact_done")}: ${[name, market, value ?? "–", unit].filter((x) => x !== undefined && x !== null).join(" ")}`);
}

function problem(frame) {
  const open = frame.ref ? busy.get(frame.ref) : null;
  if (open) {
    open.warning = frame;
    open.waiting = false;
    drawAll();
  } else if (frame.code === "bad_fact") {
    $("fact-error").textContent = frame.message;
    $("fact-error").hidden = false;
    if (!$("fact").open) toast(frame.message);
  } else toast(frame.message);
}

// ── cards ────────────────────────────────────────────────────────────────────────────────────────
function drawAll() {
  drawQuestions();
  drawDrafts();
  drawPosted();
  drawHeld();
}

/** Redraw a list; an open form keeps its words (they live in `busy`) and the place of the cursor. */
function redraw(list, cards, emptyKey) {
  const focus = document.activeElement;
  const key = list.contains(focus) ? focus.dataset.key : null;
  const [start, end] = key && "selectionStart" in focus ? [focus.selectionStart, focus.selectionEnd] : [null, null];
  const top = list.scrollTop;
  list.replaceChildren(...(cards.length ? cards : [el("li", { class: "none" }, t(emptyKey))]));
  list.scrollTop = top;
  const again = key ? list.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  if (!again) return;
  again.focus({ preventScroll: true });
  if (start !== null && again.setSelectionRange) again.setSelectionRange(start, end);
}

const STATE_TAG = { escalated: "warm", failed: "bad", drafted: "warm", declined: "warm", answered: "good" };

function drawQuestions() {
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
    said("p", one.text ?? "", one.lang, { class: one.gloss ? "soft" : "words" }),
    closed ? null : answerForm(one),
  );
}

function answerForm(one) {
  const open = busy.get(one.question_id);
  if (!open) {
    const start = () => begin(one.question_id, { kind: "answer", text: "" });
    return el("div", { class: "acts" }, el("button", { type: "button", class: "button small", onclick: start }, t("answer")));
  }
  const send = (override) => room.send({ type: "question.answer", question_id: one.question_id, text: open.text, override });
  return form(one.question_id, open, ["text"], t("send"), send);
}

/** A form on a card: text areas bound to `open`, a warning of the guard, send and cancel. */
function form(id, open, fields, label, send) {
  const areas = fields.map((name) =>
    el("label", { class: "field" }, fields.length > 1 ? el("span", {}, t(name)) : null, area(id, open, name)),
  );
  const go = (override) => {
    open.warning = null;
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

function drawDrafts() {
  const all = [...show.drafts.values()];
  if (!show.drafts.has(show.current)) show.current = all[0]?.reply_id ?? null;
  count("n-drafts", all.length, all.length > 0);
  redraw($("drafts"), all.map(draftCard), "no_drafts");
}

function draftCard(draft) {
  const asked = show.questions.get(draft.question_id);
  const open = busy.get(draft.reply_id);
  const edit = (override) => room.send({ type: "reply.edit", reply_id: draft.reply_id, text: open.text, override });
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
    asked ? said("p", asked.text ?? "", asked.lang, { class: "soft" }) : null,
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
    button("primary", "approve", () => approve(draft)),
    button("", "edit", () => editDraft(draft)),
    button("", "reject", () => reject(draft)),
  );
}

const approve = (draft) => room.send({ type: "reply.approve", reply_id: draft.reply_id });
const reject = (draft) => room.send({ type: "reply.reject", reply_id: draft.reply_id });
const editDraft = (draft) => begin(draft.reply_id, { kind: "edit", text: draft.text });

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
  const act = () => room.send({ type: held ? "evidence.approve" : "evidence.hold", id: one.id });
  return el(
    "div",
    { class: held ? "cite held" : "cite" },
    chip(one, (c) => showProof($("proof"), c)),
    el("button", { type: "button", class: "button small quiet", onclick: act }, t(held ? "release" : "hold")),
    one.quote ? el("blockquote", { dir: "auto", lang: one.lang ?? null }, one.quote) : null,
  );
}

function drawPosted() {
  const all = [...show.posted.values()].sort((a, b) => b.seq - a.seq);
  count("n-posted", all.length, false);
  redraw($("posted"), all.map(postedCard), "no_posted");
}

function postedCard(reply) {
  const open = busy.get(reply.reply_id);
  const first = reply.asked?.[0];
  const retract = (override) => room.send({ type: "reply.retract", reply_id: reply.reply_id, reason: open.reason ?? "", correction: open.correction ?? "", override });
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
    open ? el("p", { class: "soft" }, t("retract_hint")) : el("div", { class: "acts" }, ...(reply.citations ?? []).map((one) => chip(one, (c) => showProof($("proof"), c)))),
    open ? form(reply.reply_id, open, ["reason", "correction"], t("retract"), retract) : null,
    open || reply.retracted ? null : el("div", { class: "acts" }, el("button", { type: "button", class: "button small", onclick: begins }, t("retract"))),
  );
}

function drawHeld() {
  const all = [...show.held.values()];
  $("held-box").hidden = !all.length;
  count("n-held", all.length, false);
  redraw($("held"), all.map((one) => el(
    "li",
    { class: "card" },
    el("div", { class: "meta" }, el("bdi", {}, [one.document, one.page ? t("page", { n: number(one.page) }) : ""].filter(Boolean).join(" · ") || one.id)),
    one.quote ? el("p", { class: "soft", dir: "auto" }, one.quote) : null,
    el("div", { class: "acts" }, el("button", { type: "button", class: "button small", onclick: () => room.send({ type: "evidence.approve", id: one.id }) }, t("release"))),
  )), "no_held");
}

function count(id, value, hot) {
  $(id).textContent = number(value);
  $(id).classList.toggle("hot", hot);
}

// ── the bar ──────────────────────────────────────────────────────────────────────────────────────
function autonomy(level) {
  show.level = level;
  for (const button of $("levels").children) button.setAttribute("aria-pressed", button.dataset.level === level);
}

function pinned(product) {
  show.pinned = product;
  $("pin").value = product?.id ?? "";
}

function health(frame) {
  const one = (key, value, slow) => el("div", {}, el("dt", {}, t(key)), el("dd", { class: slow ? "slow" : null }, value));
  const ms = (value) => (value === undefined || value === null ? "–" : `${number(Math.round(value))} ms`);
  $("health").replaceChildren(
    one("viewers", number(frame.viewers)),
    one("latency", ms(frame.latency_ms_p50), frame.latency_ms_p50 > 1000),
    one("lateness", ms(frame.loop_late_ms_p99), frame.loop_late_ms_p99 > 100),
  );
}

function fill() {
  const { products, markets, attributes } = show.hello;
  const option = (value, label) => el("option", { value }, label);
  $("pin").replaceChildren(option("", t("none_pinned")), ...products.map((one) => option(one.id, one.name)));
  pinned(show.pinned);
  $("fact-product").replaceChildren(...products.map((one) => option(one.id, one.name)), option("", t("all_products")));
  $("fact-market").replaceChildren(...markets.map((one) => option(one.code, `${one.code} · ${one.currency ?? ""}`)), option("", t("all_markets")));
  const ordered = [...attributes].sort((a, b) => Number(b.market ?? false) - Number(a.market ?? false));
  $("fact-attribute").replaceChildren(...ordered.map((one) => option(one.id, one.name)));
  $("fact-attribute").value = "price";
  factUnit();
}

/** The unit that goes with the attribute and the market. */
function factUnit() {
  const attribute = show.hello.attributes.find((one) => one.id === $("fact-attribute").value);
  const market = show.hello.markets.find((one) => one.code === $("fact-market").value);
  $("fact-unit").value = attribute?.form === "money" ? market?.currency ?? "" : attribute?.units?.[0] ?? "";
  $("fact-unit").disabled = !(attribute?.form === "money" || attribute?.units?.length);
}

function setFact(event) {
  event.preventDefault();
  const attribute = show.hello.attributes.find((one) => one.id === $("fact-attribute").value);
  $("fact-error").hidden = true;
  room.send({
    type: "fact.set",
    product: $("fact-product").value || null,
    market: $("fact-market").value || null,
    attribute: attribute.id,
    value: typedValue($("fact-value").value.trim(), attribute.form),
    unit: $("fact-unit").value.trim() || null,
    valid_until: $("fact-until").value || null,
  });
  // closes when the room says fact.changed; stays with the reason when it does not
}

/** "59,90" is a number, "yes" a truth, everything else a phrase: the server checks it again. */
function typedValue(text, form) {
  const plain = text.replace(/\s/g, "").replace(/^(\d+),(\d{1,2})$/, "$1.$2");
  if (form === "bool") return /^(1|true|yes|ja|sí|si|oui|是|はい)$/i.test(text) ? true : /^(0|false|no|nein|non|否|いいえ)$/i.test(text) ? false : text;
  if (/^-?\d+(\.\d+)?$/.test(plain)) return Number(plain);
  const range = plain.match(/^(\d+(?:\.\d+)?)[-–](\d+(?:\.\d+)?)$/);
  return range ? [Number(range[1]), Number(range[2])] : text;
}

function connection(how) {
  $("live").classList.toggle("waiting", how !== "open");
  $("connection").textContent = how === "open" ? show.hello?.room ?? "" : t("reconnecting");
  $("banner").hidden = how !== "refused";
  $("app").classList.toggle("shut", how === "refused");
  if (how === "refused") $("banner").textContent = t(token ? "token_wrong" : "token_missing");
}

let toastTimer = 0;
function toast(words) {
  $("toast").textContent = words;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").hidden = true), 5000);
}

// ── keys ─────────────────────────────────────────────────────────────────────────────────────────
function select(replyId) {
  if (show.current === replyId) return;
  show.current = replyId;
  for (const card of $("drafts").children) card.classList.toggle("current", card.dataset.reply === replyId);
}

function step(by) {
  const ids = [...show.drafts.keys()];
  const next = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(show.current) + by))];
  if (next) select(next);
  $("drafts").querySelector(".current")?.scrollIntoView({ block: "nearest" });
}

function key(event) {
  const typing = event.target.closest("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (typing && event.key !== "Escape") return;
  const draft = show.drafts.get(show.current);
  const acts = {
    a: () => draft && approve(draft),
    e: () => draft && editDraft(draft),
    x: () => draft && reject(draft),
    j: () => step(1),
    k: () => step(-1),
    s: stop,
    Escape: stop,
  };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || event.repeat) return;
  event.preventDefault();
  act();
}

const stop = () => room.send({ type: "speech.stop" });

// ── start ────────────────────────────────────────────────────────────────────────────────────────
async function words(lang) {
  await speak(lang, "console");
  $("levels").replaceChildren(...LEVELS.map((level) =>
    el("button", { type: "button", "data-level": level, title: t(`level_${level}_hint`), "aria-pressed": String(level === show.level), onclick: () => room.send({ type: "autonomy.set", level }) }, t(`level_${level}`)),
  ));
}

function hideToken() {
  keep(sessionStorage, "cohost.token", token);
  if (!query.has("token")) return;
  query.delete("token");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
}

hideToken();
await words(query.get("lang") || navigator.language || "en");
for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
$("stop").addEventListener("click", stop);
$("pin").addEventListener("change", () => room.send({ type: "product.pin", product: $("pin").value || null }));
$("fact-open").addEventListener("click", () => $("fact").showModal());
$("fact-form").addEventListener("submit", setFact);
$("fact-attribute").addEventListener("change", factUnit);
$("fact-market").addEventListener("change", factUnit);
document.addEventListener("keydown", key);
sheets();
$("app").hidden = false;
room.params = { room: query.get("room"), role: "operator", token, name: query.get("name"), lang: query.get("lang"), me: kept(localStorage, "cohost.me", randomId) };
room.connect();
