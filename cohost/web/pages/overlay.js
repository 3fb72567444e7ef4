// The overlay: last answer, product on show, and always the notice that an AI answers.

import { el, icon, langTag, money, page, place, said, speak, t } from "./parts.js";
import { Room } from "./room.js";

const SHOWN_MS = 14_000;
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const market = (query.get("market") || "").toUpperCase();
let brand = "";
let product = null;
let timers = [];

function take(frame) {
  switch (frame.type) {
    case "hello": return hello(frame);
    case "snapshot": return pin(frame.product ?? null);
    case "reply.posted": return reply(frame, frame.citations, frame.by === "operator" ? t("host_answer") : null);
    case "reply.retracted": return $("reply").dataset.reply === frame.reply_id ? hide() : undefined;
    case "product.pinned": return pin(frame.product ?? null);
    case "fact.changed": return frame.product_view ? pin(frame.product_view) : undefined;
    default: return undefined; // a broadcast shows nothing it does not know
  }
}

function hello(frame) {
  brand = frame.brand.name || "cohost";
  $("notice").replaceChildren(icon("spark"), frame.ai_disclosure);
  $("notice").className = "notice glass";
  $("notice").hidden = false;
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
const room = new Room({ params: { room: query.get("room"), role: "viewer", lang: page.lang, market, token: query.get("token") }, onframe: take, onstate: () => {} });
room.connect();
