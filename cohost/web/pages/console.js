// The console: live questions, drafts, what went out; pin, price, stop.

import { SoundButton, Voice } from "./audio.js";
import { drawAll, drawDrafts, drawHeld, drawPosted, drawQuestions, editDraft, select } from "./cards.js";
import { $, KEEP, LEVELS, approve, busy, desk, may, reject, show, theirs, who } from "./desk.js";
import { drawFloor, floor } from "./floor.js";
import { el, icon, number, page, sheets, speak, t } from "./parts.js";
import { Room, keep, kept, randomId } from "./room.js";
import { remember } from "./translated.js";

const query = new URLSearchParams(location.search);
const token = query.get("token") || kept(sessionStorage, "cohost.token") || "";

const room = new Room({ params: {}, onframe: take, onstate: connection });
desk.send = (frame) => {
  acted.add(frame.reply_id);
  return room.send(frame);
};
const acted = new Set(); // replies that I decided on
const decided = new Map(); // reply id → its reply.state, with the form that was open on it
const SETTLES_MS = 700; // a key meant for a draft that somebody just took does not hit the next one
let settles = 0;
const voice = new Voice(room);
let mic = null; // where the room has microphones
let sound = null;
let greeted;
const greeting = new Promise((done) => (greeted = done)); // what the sheets are filled from has come

// ── frames ──
function take(frame) {
  voice.take(frame);
  if (floor(frame, toast)) return undefined;
  switch (frame.type) {
    case "hello": return hello(frame);
    case "snapshot": return snapshot(frame);
    case "chat.messages": return lines(frame.items);
    case "translation": return translated(frame);
    case "question.state": return question(frame.question);
    case "reply.drafted": return drafted(frame);
    case "reply.state": return replyState(frame);
    case "reply.posted": return posted(frame);
    case "reply.retracted": return retracted(frame);
    case "product.pinned": return pinned(frame.product);
    case "rundown": return planned(frame.items, true);
    case "host.claim": return claim(frame);
    case "autonomy": return autonomy(frame.level, frame.rules, frame);
    case "platform.state": return lights([frame.platform], toast);
    case "evidence.released": return released(frame);
    case "health": return health(frame);
    case "operator.stopped": return toast(signed(t("stopped"), frame));
    case "fact.changed": return factChanged(frame);
    case "fault": return toast(`${t("fault")}: ${frame.where}: ${frame.message}`);
    case "mic.state": return mic?.take(frame);
    case "error": return problem(frame);
    default: return /^(game|poll|collection|review)\./.test(frame.type) ? plays(frame) : undefined;
  }
}

/** Games, polls and the like: their script comes with the first of them. */
const plays = async (frame) => (await import("./playdesk.js")).take(frame);

async function hello(frame) {
  show.hello = frame;
  $("sound").hidden = !frame.sound;
  $("floor").hidden = !frame.microphones && !frame.sound;
  if (frame.microphones) listen();
  page.zero = Date.now() - frame.at_ms;
  const wanted = query.get("lang") || frame.host_lang || "en";
  if (wanted !== show.lang) {
    show.lang = wanted;
    await words(wanted);
  }
  document.title = `${frame.brand.name || frame.room} · ${t("console")}`;
  $("brand").textContent = frame.brand.name || frame.room;
  sits(frame.person);
  fill();
  connection("open");
  if (show.health) health(show.health);
  drawAll();
  greeted();
}

/** Only what this person may use is there, and whom they sign as. */
function sits(person) {
  for (const node of document.querySelectorAll("[data-may]")) node.hidden = !may(node.dataset.may);
  $("columns").classList.toggle("two", !may("drafts.read"));
  $("me").hidden = !person?.signed;
  $("me").textContent = t("signed_as", { who: who({ signed: person }) });
}

/** What was done and, where signed, by whom. */
const signed = (words, frame) => [words, frame.signed && who(frame)].filter(Boolean).join(" · ");

/** The host's microphone: its script comes with the first room that hears. */
async function listen() {
  const { Microphone } = await import("./mic.js");
  mic ??= new Microphone($("mic"), room, (how, fault) => (fault || how === "queued") && toast(fault ? t(fault) : mic.words()));
  $("mic").hidden = false;
  mic.hello();
}

function snapshot(frame) {
  const before = show.questions;
  show.questions = new Map((frame.questions ?? []).map((one) => [one.question_id, one]));
  show.drafts = new Map((frame.drafts ?? []).map((one) => [one.reply_id, one]));
  show.posted = new Map(frame.replies.map((one) => [one.reply_id, one]));
  show.held = new Map((frame.held ?? []).map((one) => [one.id, one]));
  show.lines.clear();
  lines(frame.messages);
  if (frame.autonomy) autonomy(frame.autonomy, frame.autonomy_rules);
  if (frame.platforms) lights(frame.platforms);
  pinned(frame.product ?? null);
  planned(frame.rundown ?? []);
  if (frame.play || $("play-sheet")) plays(frame);
  drawAll();
  for (const [id, open] of busy) if (open.kind === "edit" && !show.drafts.has(id)) busy.delete(id) && wasFirst({}, open, before); // decided while we were away
}

function lines(items) {
  for (const item of items) show.lines.set(item.seq, item);
  while (show.lines.size > KEEP) show.lines.delete(show.lines.keys().next().value);
  comments();
}

/** Their sheet, once it was opened. */
async function comments() {
  if ($("comments-sheet")) (await import("./comments.js")).draw();
}

function translated(frame) {
  remember(frame);
  comments();
  if ([...show.questions.values()].some((one) => one.messages?.[0] === frame.message_seq)) {
    drawQuestions();
    drawDrafts();
  }
}

function question(one) {
  if (!one) return;
  show.questions.delete(one.question_id);
  show.questions.set(one.question_id, one);
  if (show.questions.size > KEEP) show.questions.delete(show.questions.keys().next().value);
  drawQuestions();
  if ($("play-sheet")) plays({ type: "question.state" });
}

function drafted(frame) {
  if (frame.draft.needs_approval && frame.draft.state === "drafted") show.drafts.set(frame.draft.reply_id, frame.draft);
  question(frame.question);
  drawDrafts();
}

function replyState(frame) {
  const draft = show.drafts.get(frame.reply_id);
  if (draft && (frame.state === "withheld" || frame.state === "unknown")) show.drafts.set(frame.reply_id, { ...draft, state: frame.state, rule: frame.rule });
  else if (draft) left(frame);
  if (frame.state === "failed") toast(`${t("state_failed")}: ${frame.message ?? ""}`);
  question(frame.question);
  drawDrafts();
}

/** A draft is decided: by me, or by somebody who was first. */
function left(frame) {
  const open = busy.get(frame.reply_id);
  decided.set(frame.reply_id, { frame, open });
  if (decided.size > KEEP) decided.delete(decided.keys().next().value);
  const current = show.current === frame.reply_id;
  forget(frame.reply_id);
  if (acted.has(frame.reply_id) || !(current || open)) return;
  settles = Date.now() + SETTLES_MS;
  wasFirst(frame, open);
}

async function wasFirst(...how) {
  const words = (await import("./first.js")).told(...how);
  if (words) toast(words);
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
  if (busy.get(frame.question_id)?.sent) busy.delete(frame.question_id); // my own answer; one that I still write stays
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
  if (reply) Object.assign(reply, { retracted: true, retraction: frame });
  const open = busy.get(frame.reply_id);
  busy.delete(frame.reply_id);
  if (open && !acted.has(frame.reply_id)) wasFirst(frame, { ...open, question_id: reply?.question_id });
  drawPosted();
}

function released(frame) {
  if (frame.state === "held") show.held.set(frame.id, frame);
  else show.held.delete(frame.id);
  if (theirs(frame)) toast([t(frame.state === "held" ? "held_by" : "released_by", { who: who(frame) }), frame.document].filter(Boolean).join(": "));
  drawHeld();
  drawDrafts();
  drawPosted();
}

function factChanged(frame) {
  if (frame.product_view) show.pinned = frame.product_view;
  const { attribute, market, value, unit } = frame.fact;
  const name = show.hello?.attributes?.find((one) => one.id === attribute)?.name ?? attribute;
  $("fact").close();
  toast(signed(`${t("fact_done")}: ${[name, market, value ?? "–", unit].filter((x) => x != null).join(" ")}`, frame));
}

function problem(frame) {
  const open = frame.ref ? busy.get(frame.ref) : null;
  const other = frame.code === "wrong_state" ? decided.get(frame.ref) : null;
  acted.delete(frame.ref);
  if (other) wasFirst(other.frame, other.open);
  else if (open) {
    open.warning = frame;
    open.sent = false;
    drawAll();
  } else if (frame.code === "bad_fact") {
    $("fact-error").textContent = frame.message;
    $("fact-error").hidden = false;
    if (!$("fact").open) toast(frame.message);
  } else if ($("play-sheet")?.open && /^(bad_poll|guard_)/.test(frame.code)) import("./playdesk.js").then((desk) => desk.problem(frame));
  else if ($("rundown-sheet")?.open) rundown().then((strip) => strip.problem(frame.message));
  else toast(frame.message);
}

// ── the bar ──
async function autonomy(level, rules = [], frame = {}) {
  if (theirs(frame)) toast(signed(`${t("autonomy")}: ${t(`level_${level}`)}`, frame));
  show.level = level;
  show.rules = rules;
  $("n-rules").textContent = rules.length ? number(rules.length) : "";
  drawLevels();
  if ($("rules-sheet")) (await import("./rules.js")).draw();
}

/** Which level holds; who may only lower it sees no higher one. */
function drawLevels() {
  for (const button of $("levels").children) {
    button.setAttribute("aria-pressed", button.dataset.level === show.level);
    button.hidden = Boolean(show.hello?.person?.lowers) && LEVELS.indexOf(button.dataset.level) > LEVELS.indexOf(show.level);
  }
}

const rundown = () => import("./rundown.js");

/** The run-down of the show; `told`: somebody just changed it. */
async function planned(items, told = false) {
  show.rundown = items.length > 0;
  if (!items.length && !told) return;
  const strip = await rundown();
  if (told) strip.taken(items);
  else strip.take(items);
}

const claim = async (frame) => (await import("./claims.js")).take(frame);
const lights = async (...told) => (await import("./platforms.js")).lights(...told);

function pinned(product) {
  show.pinned = product;
  $("pin").value = product?.id ?? "";
  $("pinned").textContent = product?.name ?? t("none_pinned");
  $("pinned").hidden = may("product.pin");
  if (show.rundown) rundown().then((strip) => strip.draw());
}

function health(frame) {
  show.health = frame;
  const one = (key, value, slow) => el("div", {}, el("dt", {}, t(key)), el("dd", { class: slow ? "slow" : null }, el("bdi", {}, value)));
  const ms = (value) => (value == null ? "–" : `${number(Math.round(value))} ms`);
  $("health").replaceChildren(
    one("viewers", number(frame.viewers)),
    one("latency", ms(frame.latency_ms_p50), frame.latency_ms_p50 > 1000),
    one("lateness", ms(frame.loop_late_ms_p99), frame.loop_late_ms_p99 > 100),
  );
  if (frame.writers) lights(frame.writers);
}

function fill() {
  const { products } = show.hello;
  const option = (value, label) => el("option", { value }, label);
  $("pin").replaceChildren(option("", t("none_pinned")), ...products.map((one) => option(one.id, one.name)));
  pinned(show.pinned);
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

// ── keys ──
function step(by) {
  const ids = [...show.drafts.keys()];
  const next = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(show.current) + by))];
  if (next) select(next);
  $("drafts").querySelector(".current")?.scrollIntoView({ block: "nearest" });
}

function key(event) {
  const typing = event.target.closest("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog:modal")) return;
  if (typing && event.key !== "Escape") return;
  const draft = Date.now() < settles ? null : show.drafts.get(show.current);
  const acts = {
    a: () => draft && may("reply.approve") && approve(draft),
    e: () => draft && may("reply.edit") && editDraft(draft),
    x: () => draft && may("reply.reject") && reject(draft),
    j: () => step(1),
    k: () => step(-1),
    f: () => may("floor.give") && give(),
    c: async () => may("host.correct") && !$("claims").hidden && (await import("./claims.js")).correct(),
    n: () => may("product.pin") && show.rundown && rundown().then((strip) => strip.next()),
    s: () => may("speech.stop") && stop(),
    Escape: () => may("speech.stop") && stop(),
  };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || event.repeat) return;
  event.preventDefault();
  act();
}

const stop = () => room.send({ type: "speech.stop" });
const give = () => room.send({ type: "floor.give" });
const params = () => ({ room: query.get("room"), role: "operator", token, name: query.get("name"), lang: query.get("lang"), me: kept(localStorage, "cohost.me", randomId), audio: sound?.on ? "1" : "" });

// ── start ──
async function words(lang) {
  await speak(lang, "console");
  drawFloor();
  $("levels").replaceChildren(...LEVELS.map((level) =>
    el("button", { type: "button", "data-level": level, title: t(`level_${level}_hint`), onclick: () => room.send({ type: "autonomy.set", level }) }, t(`level_${level}`)),
  ));
  drawLevels();
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
if (token) for (const place of ["evidence", "prompter", "report", "setup"]) $(place).href = `/${place}?${new URLSearchParams({ token })}`; // a new tab knows no token
$("stop").addEventListener("click", stop);
$("give").addEventListener("click", give);
$("pin").addEventListener("change", () => room.send({ type: "product.pin", product: $("pin").value || null }));
const opens = (id, act) => $(id).addEventListener("click", () => greeting.then(act));
opens("fact-open", async () => (await import("./fact.js")).open());
opens("rundown-open", async () => (await rundown()).edit());
opens("rules-open", async () => (await import("./rules.js")).open());
opens("play-open", async () => (await import("./playdesk.js")).open());
opens("comments-open", async () => (await import("./comments.js")).open());
document.addEventListener("keydown", key);
sheets();
$("app").hidden = false;
sound = new SoundButton($("sound"), voice.player, () => room.rejoin(params()), (waits) => waits && toast(t("sound_tap")));
room.params = params();
room.connect();
