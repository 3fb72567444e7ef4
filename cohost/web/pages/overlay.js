// The overlay: last answer, product on show, what cohost says, and always the notice that an AI answers.
// `?audio=1`: cohost's voice and the taken caller's go into the broadcast.

import { Aloud, wave } from "./aloud.js";
import { Player, Voice, context, onGesture } from "./audio.js";
import { el, icon, langTag, page, place, said, speak, t } from "./parts.js";
import { money } from "./product.js";
import { Room } from "./room.js";

const SHOWN_MS = 14_000;
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const market = (query.get("market") || "").toUpperCase();
let brand = "";
let product = null;
let timers = [];
let goes = 0;
let past = 0; // what was said before this page came

const common = () => ({ room: query.get("room"), role: "viewer", lang: page.lang, market, token: query.get("token") });
const room = new Room({ params: {}, onframe: take, onstate: () => {} });
const voice = new Voice(room);
const aloud = new Aloud(drawSaid);

function take(frame) {
  voice.take(frame);
  if (aloud.take(frame)) return undefined;
  switch (frame.type) {
    case "hello": return hello(frame);
    case "snapshot": return snapshot(frame);
    case "caption": return caption(frame);
    case "translation": return hostSays(frame);
    case "reply.posted": return reply(frame, frame.citations, frame.by === "operator" ? t("host_answer") : null);
    case "reply.retracted": return $("reply").dataset.reply === frame.reply_id ? hide() : undefined;
    case "product.pinned": return pin(frame.product ?? null);
    case "fact.changed": return frame.product_view ? pin(frame.product_view) : undefined;
    default: return /^(game|poll|collection|review)\./.test(frame.type) ? play(frame) : undefined; // nothing it does not know
  }
}

let plays = false;
async function play(frame) {
  plays = true;
  (await import("./play.js")).take(frame);
}

function hello(frame) {
  brand = frame.brand.name || "cohost";
  $("brand").textContent = brand;
  $("notice").replaceChildren(icon("spark"), frame.ai_disclosure);
  $("notice").className = "notice glass";
  $("notice").hidden = false;
}

function snapshot(frame) {
  past = frame.seq;
  aloud.now = null;
  unsaid();
  pin(frame.product ?? null);
  if (frame.play || plays) play(frame);
}

// ── what cohost says ──
/** A sentence at a time while it is said. */
function drawSaid(now) {
  if (now.state === "ended" || now.state === "cut") return leave(now.state === "cut" ? 0 : 900);
  if (now.sentence) write(now.sentence, now.lang, wave());
  $("said").classList.toggle("held", now.state === "held");
}

/** A speech that no voice is fit for is only shown, as long as it takes to read. */
function caption(frame) {
  write(frame.text, frame.lang, icon("spark"));
  leave(readingMs(frame.text));
}

/** The host's words in the broadcast's language, as a subtitle. cohost's own voice goes first. */
function hostSays(frame) {
  if (frame.reply_id || !frame.text || frame.message_seq <= past || $("said").querySelector(".wave")) return;
  const note = frame.state === "unchecked" ? el("small", {}, t("unchecked")) : "";
  write(frame.text, frame.lang, el("b", {}, t("host")), note);
  leave(readingMs(frame.text));
}

const readingMs = (text) => Math.min(14_000, 2500 + text.length * 60);

function write(text, lang, sign, note = "") {
  clearTimeout(goes);
  $("said").className = "said glass";
  $("said").replaceChildren(sign, said("span", text, lang), note);
  $("said").hidden = false;
  document.body.classList.add("speaking");
}

function leave(ms) {
  clearTimeout(goes);
  goes = setTimeout(() => {
    $("said").classList.add("leaving");
    goes = setTimeout(unsaid, 500);
  }, ms);
}

function unsaid() {
  clearTimeout(goes);
  $("said").hidden = true;
  document.body.classList.remove("speaking");
}

// ── sound ──
/** Two voices, each on a socket of its own: their frames say nothing of whose sound it is. */
async function listen() {
  const caller = new Player();
  const air = new Room({ params: { ...common(), audio: "caller" }, onframe: (frame) => frame.type === "hello" && caller.do("start", ""), onstate: () => {} });
  air.onsound = (pcm) => caller.sound(pcm);
  await Promise.all([voice.player.open(), caller.open()]);
  onGesture(() => context().audio.state === "running"); // a broadcast tool needs none, a browser one
  air.connect();
}

function reply(frame, citations, who) {
  const first = frame.asked?.[0];
  const card = $("reply");
  card.dataset.reply = frame.reply_id ?? "";
  card.className = "reply glass";
  card.replaceChildren(
    el("div", { class: "head" }, icon(who ? "hand" : "spark"), el("b", {}, who || brand), who ? null : el("span", { class: "tag ai" }, t("ai")), langTag(frame.lang)),
    first ? el("p", { class: "to" }, el("b", {}, first.name || t("guest")), " ", said("span", first.text, first.lang)) : "",
    said("p", frame.text, frame.lang, { class: "text" }),
    el("div", { class: "sources" }, ...citations.slice(0, 2).map(source)),
  );
  card.hidden = true;
  void card.offsetWidth; // a new answer comes in anew
  card.hidden = false;
  timers.forEach(clearTimeout);
  timers = [setTimeout(() => card.classList.add("leaving"), SHOWN_MS), setTimeout(hide, SHOWN_MS + 900)];
}

function source(one) {
  return el("span", { class: one.valid ? null : "no" }, icon("doc"), el("bdi", {}, [t(`kind_${one.kind}`), place(one)].filter(Boolean).join(" · ")));
}

function hide() {
  $("reply").hidden = true;
  $("reply").dataset.reply = "";
}

/** Price only for the broadcast's own market: a post is public, so is a picture. */
function pin(view) {
  product = view;
  $("product").hidden = !product;
  if (!product) return;
  const offer = product.offers?.find((one) => one.market === market);
  $("product").className = "product glass";
  $("product").replaceChildren(
    el("div", { class: "name", dir: "auto" }, product.name),
    offer?.price === undefined ? "" : el("div", { class: "price" }, money(offer.price, offer.currency)),
  );
}

await speak(query.get("lang") || navigator.language || "en", "viewer");
page.market = market || null;
if (query.get("audio") === "1") await listen();
room.params = { ...common(), audio: query.get("audio") === "1" ? "1" : "" };
room.connect();
