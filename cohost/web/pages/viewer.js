// The viewer page: chat and talk, answers with their evidence, the product on show.

import { Aloud } from "./aloud.js";
import { SoundButton, Voice } from "./audio.js";
import { Ghosts, dress, sources } from "./live.js";
import { Microphone } from "./mic.js";
import { clock, country, el, icon, langTag, number, page, said, sheets, showProof, speak, t } from "./parts.js";
import { Room, keep, kept, randomId } from "./room.js";
import { productParts } from "./product.js";
import { REGIONS } from "./regions.js";
import { dressed, remember, translationOf } from "./translated.js";

const MAX_CHARS = 500;
const MAX_ENTRIES = 400;
const GIVE_UP_MS = 8000;
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

const me = kept(localStorage, "cohost.me", randomId);
const tab = kept(sessionStorage, "cohost.tab", randomId); // own lines are known by it, after a reload too
const chosen = {
  lang: query.get("lang") || kept(localStorage, "cohost.lang") || navigator.language || "en",
  market: (query.get("market") || kept(localStorage, "cohost.market") || "").toUpperCase(),
  name: query.get("name") || kept(localStorage, "cohost.name") || "",
};
const state = { hello: null, product: null, sent: 0, tab: "all" };
const entries = new Map(); // "m17" or a reply id → element
const pending = new Map(); // client_id → {text, node, sentAt}
const own = new Map(); // message seq → element of a line of mine
const fates = new Map(); // message seq → state of the question it asked

const params = () => ({ room: query.get("room"), role: "viewer", lang: page.lang, market: chosen.market, name: chosen.name, token: query.get("token"), me, audio: sound?.on ? "1" : "" });
const room = new Room({ params: {}, onframe: take, onstate: connection });
const isMe = (viewer) => viewer !== undefined && viewer === state.hello?.you.viewer;
const voice = new Voice(room);
const aloud = new Aloud(drawAloud);
const ghosts = new Ghosts($("feed"), isMe, (act) => {
  $("empty").hidden = true;
  follow(act);
});
let mic = null;
let sound = null;

// ── frames ──
function take(frame) {
  voice.take(frame);
  if (aloud.take(frame)) return undefined;
  switch (frame.type) {
    case "hello": return hello(frame);
    case "snapshot": return snapshot(frame);
    case "chat.messages": return batch(frame);
    case "chat.accepted": return accepted(frame);
    case "reply.posted": return answer(frame, true);
    case "reply.retracted": return withdraw(frame.reply_id);
    case "question.state": return questionState(frame);
    case "product.pinned": return pin(frame.product);
    case "fact.changed": return frame.product_view ? pin(frame.product_view) : undefined;
    case "mic.state": return mic.take(frame);
    case "translation": return translated(frame);
    case "transcript.partial": return ghosts.partial(frame);
    case "transcript.final": return ghosts.end(frame.utterance_id);
    case "error": return problem(frame);
    default: return /^(game|poll|collection|review)\./.test(frame.type) ? play(frame) : undefined; // or a type of a later protocol
  }
}

/** Games, polls and the like: their script comes with the first of them. */
async function play(frame) {
  state.plays = true;
  (await import("./play.js")).take(frame, room);
}

function hello(frame) {
  state.hello = frame;
  page.zero = Date.now() - frame.at_ms;
  const name = frame.brand.name || t("live");
  $("brand").textContent = name;
  $("mark").textContent = Array.from(name)[0].toUpperCase();
  document.title = name;
  $("notice").replaceChildren(icon("spark"), frame.ai_disclosure);
  fillChoices(frame);
  drawProduct();
  $("mic").hidden = !frame.microphones;
  $("sound").hidden = !frame.sound;
  mic.hello();
  ghosts.clear();
  for (const [id, line] of pending) send(id, line); // what the old connection may have lost
}

function snapshot(frame) {
  for (const node of entries.values()) node.remove();
  entries.clear();
  own.clear();
  ghosts.clear();
  aloud.now = null;
  const all = [
    ...frame.messages.map((item) => [item.seq, () => line(item)]),
    ...frame.replies.map((item) => [item.seq, () => answer(item, false)]),
  ];
  all.sort((a, b) => a[0] - b[0]).forEach(([, draw]) => draw());
  pin(frame.product ?? null);
  if (frame.play || state.plays) play(frame);
  toEnd();
}

function batch(frame) {
  if (frame.skipped) place(`s${frame.seq}`, frame.seq - 0.5, el("li", { class: "line skipped" }, t("skipped", { n: number(frame.skipped) })));
  for (const item of frame.items) line(item);
}

// ── lines ──
function line(item) {
  const mine = item.client_id?.startsWith(tab) || isMe(item.viewer);
  if (item.spoken) ghosts.endOf(item.viewer);
  const waiting = item.client_id ? pending.get(item.client_id) : null;
  if (waiting) settle(item.client_id);
  const who = mine ? t("you") : item.name || (item.role === "viewer" ? t("guest") : t("host"));
  const role = item.role !== "viewer" && !mine ? el("span", { class: "tag warm" }, t("host")) : null;
  const node = el(
    "li",
    { class: mine ? "line mine" : "line" },
    el("div", { class: "from" }, item.spoken ? el("span", { class: "aloud", title: t("spoken") }, icon("mic"), el("span", { class: "hush" }, t("spoken"))) : null, el("b", { dir: "auto" }, who), role, langTag(item.lang), el("span", {}, clock(item.at_ms))),
    item.guess && !waiting ? el("div", { class: "bubble secret" }, t("guessed")) : said("div", waiting?.text ?? item.text, item.lang, { class: "bubble" }),
  );
  if (role) inMine(node, item);
  place(`m${item.seq}`, item.seq, node);
  if (mine) {
    own.set(item.seq, node);
    showFate(item.seq);
  }
}

// ── the host's words in the viewer's language ──
const foreign = new Map(); // "m17" or a reply id → the words as they were said

function inMine(node, item) {
  foreign.set(item.reply_id ?? `m${item.seq}`, item);
  if (foreign.size > MAX_ENTRIES) foreign.delete(foreign.keys().next().value);
  dressed(node, node.querySelector(".bubble, .text"), item.text, item.lang, translationOf(item.seq, page.lang));
}

function translated(frame) {
  remember(frame);
  const key = frame.reply_id ?? `m${frame.message_seq}`;
  const [node, item] = [entries.get(key), foreign.get(key)];
  if (node && item) follow(() => inMine(node, item));
}

function accepted(frame) {
  const waiting = pending.get(frame.client_id);
  if (!waiting) return;
  const known = entries.get(`m${frame.message_seq}`);
  if (known) return settle(frame.client_id); // it had come through before the connection broke
  waiting.node.classList.remove("pending");
  waiting.accepted = true;
  own.set(frame.message_seq, waiting.node); // its answer may come before it does
}

function settle(clientId) {
  pending.get(clientId)?.node.remove();
  pending.delete(clientId);
}

function questionState(frame) {
  for (const seq of frame.messages) {
    fates.set(seq, frame.state);
    showFate(seq);
  }
  if (fates.size > 2000) fates.delete(fates.keys().next().value);
}

/** Under a line of mine: what became of its question. */
function showFate(seq) {
  const node = own.get(seq);
  const fate = fates.get(seq);
  if (!node || !fate) return;
  node.querySelector(".fate")?.remove();
  if (fate === "open") node.append(el("div", { class: "fate" }, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), t("checking")));
  if (fate === "held") node.append(el("div", { class: "fate" }, t("kept_later")));
  if (fate === "escalated") node.append(el("div", { class: "fate" }, t("passed_on")));
}

// ── answers ──
function quoted(asked, total) {
  if (!asked?.length) return null;
  const first = asked.find((one) => own.has(one.seq)) ?? asked[0];
  const mine = own.has(first.seq);
  const name = mine ? t("you") : first.name || t("guest");
  const more = total > 1 ? el("span", { class: "tag" }, `+${number(total - 1)}`) : null;
  return el("div", { class: "to" }, el("b", { dir: "auto" }, name), " ", said("q", first.text, first.lang), " ", more);
}

const author = (item) => (item.by === "operator" ? t("host_answer") : state.hello?.brand.name || "cohost");

function card(item) {
  const mine = item.in_reply_to.some((seq) => own.has(seq));
  const person = item.by === "operator";
  return el(
    "li",
    { class: `answer${mine ? " yours" : ""}${person ? " host" : ""}`, "data-reply": item.reply_id },
    el(
      "div",
      { class: "head" },
      el("span", { class: "orb" }, icon(person ? "hand" : "spark")),
      el("b", {}, author(item)),
      person ? null : el("span", { class: "tag ai" }, t("ai")),
      langTag(item.lang),
      item.corrects ? el("span", { class: "tag warm" }, t("correction")) : null,
      el("time", {}, clock(item.at_ms)),
    ),
    quoted(item.asked, item.in_reply_to.length),
    said("p", item.text, item.lang, { class: "text" }),
    sources(item.citations, (one) => showProof($("proof"), one)),
  );
}

function answer(item, fresh) {
  const node = card(item);
  if (item.by === "operator") inMine(node, item);
  place(item.reply_id, item.seq, node);
  if (aloud.now?.reply_id === item.reply_id) dress(node, aloud.now);
  if (item.corrects) withdraw(item.corrects);
  if (item.retracted) withdraw(item.reply_id);
  for (const seq of item.in_reply_to) {
    fates.set(seq, "answered");
    own.get(seq)?.querySelector(".fate")?.remove();
  }
  if (fresh && (node.classList.contains("yours") || state.tab === "answers")) {
    const person = item.by === "operator";
    $("announce").textContent = `${author(item)}${person ? "" : `, ${t("ai")}`}: ${item.text}`;
  }
}

/** What cohost says, on the card of its reply: one of its own until the reply is posted. */
function drawAloud(now) {
  let node = entries.get(now.reply_id);
  if (!node) {
    if (now.state === "ended" || now.state === "cut") return;
    node = card(now);
    node.classList.add("speech");
    place(now.reply_id, now.seq, node);
  }
  follow(() => dress(node, now));
}

function withdraw(replyId) {
  const card = entries.get(replyId);
  if (!card || card.classList.contains("withdrawn")) return;
  card.classList.add("withdrawn");
  card.querySelector(".text").after(el("p", { class: "gone" }, t("withdrawn")));
}

// ── the feed ──
/** Put an entry where its seq belongs; the same key again replaces the old one. */
function place(key, seq, node) {
  const atEnd = nearEnd();
  entries.get(key)?.remove();
  node.dataset.seq = seq;
  const feed = $("feed");
  let after = feed.lastElementChild;
  while (after && Number(after.dataset.seq) > seq) after = after.previousElementSibling;
  if (after) after.after(node);
  else feed.prepend(node);
  entries.set(key, node);
  $("empty").hidden = true;
  while (entries.size > MAX_ENTRIES) {
    const [oldest, old] = entries.entries().next().value;
    old.remove();
    entries.delete(oldest);
    own.delete(Number(oldest.slice(1)));
  }
  if (atEnd || node.classList.contains("mine")) toEnd();
  else $("below").hidden = false;
}

const nearEnd = () => $("scroller").scrollHeight - $("scroller").scrollTop - $("scroller").clientHeight < 80;
/** Change the feed; who reads its end goes on reading its end. */
function follow(act) {
  const atEnd = nearEnd();
  act();
  if (atEnd) toEnd();
}

function toEnd() {
  $("scroller").scrollTop = $("scroller").scrollHeight;
  $("below").hidden = true;
}

// ── writing ──
function submit(event) {
  event?.preventDefault();
  const text = $("words").value.trim();
  if (!text || text.length > MAX_CHARS) return;
  state.sent += 1;
  const id = `${tab}-${Date.now().toString(36)}-${state.sent}`;
  const node = el(
    "li",
    { class: "line mine pending" },
    el("div", { class: "from" }, el("b", {}, t("you"))),
    said("div", text, null, { class: "bubble" }),
    el("div", { class: "fate" }, t("sending")),
  );
  const waiting = { text, node };
  pending.set(id, waiting);
  node.dataset.seq = Number.MAX_SAFE_INTEGER;
  $("feed").append(node);
  $("empty").hidden = true;
  $("words").value = "";
  typed();
  toEnd();
  send(id, waiting);
}

function send(id, waiting) {
  waiting.sentAt = Date.now();
  room.send({ type: "chat.message", text: waiting.text, client_id: id });
  setTimeout(() => {
    if (pending.has(id) && !waiting.accepted && Date.now() - waiting.sentAt >= GIVE_UP_MS) failed(id, t("not_sent"));
  }, GIVE_UP_MS);
}

function failed(id, why) {
  const waiting = pending.get(id);
  if (!waiting) return;
  const again = el("button", { type: "button", onclick: () => retry(id) }, t("retry"));
  waiting.node.querySelector(".fate").replaceChildren(why, " ", again);
  waiting.node.querySelector(".fate").classList.add("bad");
}

function retry(id) {
  const waiting = pending.get(id);
  const fate = waiting.node.querySelector(".fate");
  fate.classList.remove("bad");
  fate.textContent = t("sending");
  send(id, waiting);
}

function typed() {
  const box = $("words");
  const over = box.value.trim().length - MAX_CHARS;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
  $("send").disabled = !box.value.trim() || over > 0;
  tell(over > 0 ? t("too_long", { n: number(over) }) : "");
}

function problem(frame) {
  const why = frame.code === "too_fast" ? t("too_fast") : t("not_sent");
  if (frame.code.startsWith("vote_")) tell(t("vote_lost"));
  else if (frame.client_id && pending.has(frame.client_id)) failed(frame.client_id, why);
  else if (frame.code === "too_fast") {
    tell(why);
    for (const [id, waiting] of pending) if (!waiting.accepted) failed(id, why);
  }
}

function tell(words) {
  $("status").textContent = words;
  $("status").hidden = !words;
}

function connection(how) {
  $("live").classList.toggle("waiting", how !== "open");
  $("live").lastElementChild.textContent = how === "open" ? t("live") : t("reconnecting");
  if (how !== "open") tell(t("reconnecting"));
  else tell(state.asksSound ? t("sound_tap") : "");
}

// ── talking ──
let faultTimer = 0;
function talk(how, fault) {
  clearTimeout(faultTimer);
  const words = fault ? t(fault) : mic.words();
  $("talk").className = `talk ${fault ? "bad" : how}`;
  $("talk").hidden = !words;
  $("talk-words").textContent = words;
  $("talk-leave").hidden = how !== "queued";
  $("talk").firstElementChild.replaceChildren(how === "queued" ? icon("hand") : "");
  if (fault) faultTimer = setTimeout(() => ($("talk").hidden = true), 9000);
}

function askForSound(waits) {
  state.asksSound = waits;
  tell(waits ? t("sound_tap") : "");
}

// ── the product ──
function pin(product) {
  state.product = product;
  drawProduct();
}

function drawProduct() {
  const product = state.product;
  const box = $("product");
  box.hidden = !product;
  if (!product) return;
  box.replaceChildren(...productParts(product, chosen.market, openSettings));
}

// ── language, country, name ──
function fillChoices(frame) {
  const languages = frame.languages.map((one) => el("option", { value: one.tag, lang: one.tag, selected: one.tag === page.lang }, one.name));
  $("language").replaceChildren(...languages);
  const option = (code) => [country(code), el("option", { value: code, selected: code === chosen.market }, country(code))];
  const byName = (codes) => codes.map(option).sort((a, b) => a[0].localeCompare(b[0], page.lang)).map((pair) => pair[1]);
  const here = frame.markets.map((one) => one.code);
  $("market").replaceChildren(
    el("option", { value: "", selected: !chosen.market }, t("country_unknown")),
    el("optgroup", { label: t("sold_in") }, ...byName(here)),
    el("optgroup", { label: t("elsewhere") }, ...byName(REGIONS.filter((code) => !here.includes(code)))),
  );
  $("name").value = chosen.name;
  const now = [page.lang.toUpperCase(), chosen.market].filter(Boolean).join(" · ");
  $("settings-now").replaceChildren(icon("globe"), now);
}

function openSettings() {
  $("settings").showModal();
}

async function choose() {
  chosen.market = $("market").value;
  chosen.name = $("name").value.trim();
  keep(localStorage, "cohost.lang", $("language").value);
  keep(localStorage, "cohost.market", chosen.market);
  keep(localStorage, "cohost.name", chosen.name);
  await turn($("language").value);
  room.last = null; // a fresh snapshot, drawn in the new language
  room.rejoin(params());
}

async function turn(lang) {
  await speak(lang, "viewer");
  page.market = chosen.market;
}

// ── start ──
function show(which) {
  state.tab = which;
  $("feed").classList.toggle("answers", which === "answers");
  $("tab-all").setAttribute("aria-pressed", which === "all");
  $("tab-answers").setAttribute("aria-pressed", which === "answers");
  toEnd();
}

function listen() {
  $("composer").addEventListener("submit", submit);
  $("words").addEventListener("input", typed);
  $("words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  $("scroller").addEventListener("scroll", () => nearEnd() && ($("below").hidden = true), { passive: true });
  $("below").addEventListener("click", toEnd);
  $("tab-all").addEventListener("click", () => show("all"));
  $("tab-answers").addEventListener("click", () => show("answers"));
  $("settings-open").addEventListener("click", openSettings);
  $("choices").addEventListener("submit", choose);
  addEventListener("resize", () => nearEnd() && toEnd());
  sheets();
}

await turn(chosen.lang);
mic = new Microphone($("mic"), room, talk);
$("talk-leave").addEventListener("click", () => mic.stop());
for (const node of document.querySelectorAll("[data-icon]")) node.append(icon(node.dataset.icon));
$("send").append(icon("send"));
$("below").append(icon("down"));
listen();
$("app").hidden = false;
sound = new SoundButton($("sound"), voice.player, () => room.rejoin(params()), askForSound);
room.params = params();
room.connect();
