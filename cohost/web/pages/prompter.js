// The host's prompter: the next question in the host's language, and the words to read from.

import { Aloud } from "./aloud.js";
import { $, RANK, desk, show } from "./desk.js";
import { el, icon, langTag, number, page, place, said, speak, t } from "./parts.js";
import { Room, keep, kept, randomId } from "./room.js";
import { remember, translationOf } from "./translated.js";

const READ_ALOUD = 6; // answers already posted that the host may still read out
const query = new URLSearchParams(location.search);
const token = query.get("token") || kept(sessionStorage, "cohost.token") || "";
const prompts = new Map(); // question id → its words, as they came; null while they are made
const read = new Set((kept(sessionStorage, "cohost.read") || "").split(" ")); // posted answers that were read out
let plan = [];
let current = null;
let shown = ""; // what the card shows: drawn anew only when that changes

const room = new Room({ params: {}, onframe: take, onstate: connection });
const aloud = new Aloud(drawVoice);
desk.send = (frame) => room.send(frame);

function take(frame) {
  if (aloud.take(frame)) return undefined;
  switch (frame.type) {
    case "hello": return hello(frame);
    case "snapshot": return snapshot(frame);
    case "question.state":
    case "reply.state": return question(frame.question);
    case "reply.posted": return posted(frame);
    case "prompt": return prompt(frame);
    case "host.claim": return import("./claims.js").then((claims) => claims.take(frame));
    case "translation": return (remember(frame), draw());
    case "product.pinned": return pinned(frame.product ?? null);
    case "rundown": return planned(frame.items);
    case "fact.changed":
    case "evidence.released": return anew();
    default: return undefined;
  }
}

async function hello(frame) {
  show.hello = frame;
  page.zero = Date.now() - frame.at_ms;
  const wanted = query.get("lang") || frame.host_lang || "en";
  if (wanted !== show.lang) {
    show.lang = wanted;
    await speak(wanted, "console");
  }
  document.title = $("title").textContent = `${frame.brand.name || frame.room} · ${t("prompter")}`;
  connection("open");
  shown = "";
  draw();
}

function snapshot(frame) {
  show.questions = new Map((frame.questions ?? []).map((one) => [one.question_id, one]));
  prompts.clear();
  plan = frame.rundown ?? [];
  pinned(frame.product ?? null);
}

function question(one) {
  if (!one) return;
  show.questions.set(one.question_id, one);
  draw();
}

function posted(frame) {
  const asked = show.questions.get(frame.question_id);
  if (asked && frame.question_state) question({ ...asked, state: frame.question_state });
}

function prompt(frame) {
  prompts.set(frame.question_id, frame);
  draw();
}

function pinned(product) {
  show.pinned = product;
  draw();
}

function planned(items) {
  plan = items;
  draw();
}

/** A price or a paper changed: what was to be read may be wrong now. */
function anew() {
  prompts.clear();
  draw();
}

// ── what waits ──
/** Questions that need the host first, then what may be read out; the oldest first. */
function waiting() {
  const all = [...show.questions.values()].sort((a, b) => RANK[a.state] - RANK[b.state] || a.at_ms - b.at_ms);
  const owed = all.filter((one) => ["escalated", "failed", "declined", "drafted"].includes(one.state) && !read.has(one.question_id));
  const told = all.filter((one) => one.state === "answered" && !read.has(one.question_id)).slice(-READ_ALOUD);
  return [...owed, ...told];
}

function draw() {
  if (!show.hello) return;
  const all = waiting();
  if (!all.some((one) => one.question_id === current)) current = all[0]?.question_id ?? null;
  drawShow();
  drawCard(all.find((one) => one.question_id === current));
  const focused = document.activeElement?.dataset?.question;
  $("queue").replaceChildren(...all.map((one) => el("li", {}, el(
    "button",
    { type: "button", "data-question": one.question_id, class: one.state === "answered" ? "was" : null, "aria-current": String(one.question_id === current), onclick: () => choose(one.question_id) },
    el("bdi", {}, one.gloss || one.text),
  ))));
  if (focused) $("queue").querySelector(`[data-question="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function drawShow() {
  const name = (id) => show.hello.products.find((one) => one.id === id)?.name ?? id;
  const links = (list) => list.map((n) => el("span", { class: "tag" }, t("link_n", { n: number(n) })));
  const at = plan.findIndex((one) => one.product === show.pinned?.id);
  const after = plan.length ? plan[(at + 1) % plan.length] : null;
  const parts = (label, product, list) => [t(label), " ", el("b", { dir: "auto" }, product), " ", ...links(list)];
  $("now").replaceChildren(...(show.pinned ? parts("now", show.pinned.name, show.pinned.links ?? []) : []));
  $("next").replaceChildren(...(after && after.product !== show.pinned?.id ? parts("next", name(after.product), [after.number]) : []));
}

function drawCard(one) {
  const words = one && (prompts.get(one.question_id) ?? null);
  if (one && !prompts.has(one.question_id)) {
    prompts.set(one.question_id, null);
    if (!room.send({ type: "question.prompt", question_id: one.question_id })) prompts.delete(one.question_id);
  }
  const what = JSON.stringify([one ?? null, words, show.lang, one && inTheirs(one)]);
  if (what === shown) return;
  shown = what;
  $("card").replaceChildren(...(one ? card(one, words) : [el("p", { class: "empty" }, t("nothing_waits"))]));
}

const inTheirs = (one) => translationOf(one.messages?.[0], show.hello.host_lang)?.text;

function card(one, words) {
  const languages = one.languages?.length ? one.languages : [one.lang];
  const proofs = words?.citations ?? [];
  return [
    el("div", { class: "meta" }, el("span", { class: `tag ${one.state === "answered" ? "good" : "warm"}` }, t(`state_${one.state}`)), (one.count ?? 1) > 1 ? el("span", { class: "tag" }, `×${number(one.count)}`) : null, ...languages.map(langTag)),
    el("p", { class: "asked", dir: "auto" }, one.gloss || one.text),
    inTheirs(one) ? said("p", inTheirs(one), show.hello.host_lang, { class: "theirs told" }) : "",
    one.gloss ? said("p", one.text ?? "", one.lang, { class: "theirs" }) : "",
    words ? (proofs.length || one.state === "escalated" ? said("p", words.text, words.lang, { class: "read" }) : el("p", { class: "read none" }, t("no_answer_yet"))) : "",
    proofs.length ? el("p", { class: "proofs" }, ...proofs.slice(0, 3).map(proof)) : "",
    el("button", { type: "button", class: "done", onclick: () => close(one) }, t("answered_aloud")),
  ];
}

function proof(one) {
  return el("span", { class: one.valid ? null : "no" }, icon("doc"), el("bdi", {}, [t(`kind_${one.kind}`), place(one)].filter(Boolean).join(" · ")));
}

function choose(id) {
  current = id;
  draw();
  $("queue").querySelector(`[data-question="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Answered aloud: the room is told, unless the answer stands there already. */
function close(one) {
  if (one.state !== "answered" && !room.send({ type: "question.close", question_id: one.question_id })) return;
  read.add(one.question_id);
  keep(sessionStorage, "cohost.read", [...read].slice(-400).join(" "));
  draw();
}

function drawVoice(now) {
  const on = now && now.state !== "ended" && now.state !== "cut";
  $("voice").replaceChildren(on ? t(`floor_${now.state}`) : "");
}

function connection(how) {
  $("live").classList.toggle("waiting", how !== "open");
  $("connection").textContent = t(how === "open" ? "live" : "reconnecting");
  $("banner").hidden = how !== "refused";
  if (how === "refused") $("banner").textContent = t(token ? "token_wrong" : "token_missing");
}

function step(by) {
  const ids = waiting().map((one) => one.question_id);
  const next = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(current) + by))];
  if (next) choose(next);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const one = show.questions.get(current);
  const acts = {
    ArrowDown: () => step(1), ArrowRight: () => step(1), ArrowUp: () => step(-1), ArrowLeft: () => step(-1),
    Enter: () => one && event.target.tagName !== "BUTTON" && close(one),
    c: () => $("claims").hidden || import("./claims.js").then((claims) => claims.correct()),
    f: () => room.send({ type: "floor.give" }), s: () => room.send({ type: "speech.stop" }), Escape: () => room.send({ type: "speech.stop" }),
  };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (event.key === "Enter" && event.target.tagName === "BUTTON")) return;
  event.preventDefault();
  act();
});

keep(sessionStorage, "cohost.token", token);
if (query.has("token")) {
  query.delete("token");
  history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
}
await speak(query.get("lang") || navigator.language || "en", "console");
room.params = { room: query.get("room"), role: "host", token, name: query.get("name"), lang: query.get("lang"), me: kept(localStorage, "cohost.me", randomId) };
room.connect();
