// The console's audience sheet: a poll, a game, questions gathered for later, a customer's review.

import { $, desk, show } from "./desk.js";
import { el, langTag, number, said, t } from "./parts.js";
import { bars } from "./play.js";
import { button, choice, sheet } from "./sheet.js";

const MOST_OPTIONS = 6;
const now = { game: null, poll: null, collection: null, review: null, facts: null, reviews: null };
let warning = null; // what the room said of the poll that was sent
let options = 2; // of the poll that is being written

const products = () => show.hello.products.map((one) => [one.id, one.name]);
const pinned = () => show.pinned?.id ?? show.hello.products[0]?.id ?? "";
const field = (label, input) => el("label", { class: "field" }, el("span", {}, label), input);

export function open() {
  const dialog = sheet("play-sheet", "play", (body) => {
    body.classList.add("playdesk");
    for (const part of ["poll", "game", "collect", "review"]) body.append(el("section", { id: `play-${part}` }));
  });
  if (!dialog.open) dialog.show(); // beside the desk, whose keys go on working
  ask();
  draw();
}

const ask = () => {
  const product = $("game-product")?.value || pinned();
  if (product) desk.send({ type: "game.facts", product });
  desk.send({ type: "review.list", product: product || null });
};

export function take(frame) {
  switch (frame.type) {
    case "snapshot": Object.assign(now, { game: null, poll: null, collection: null, review: null }, frame.play ?? {}); break;
    case "game.state": now.game = frame.game; break;
    case "game.tally": if (now.game?.game_id === frame.game_id) Object.assign(now.game, { guesses: frame.guesses, right: frame.right }); break;
    case "game.facts": now.facts = frame; return drawGame();
    case "poll.state": now.poll = frame.poll; warning = null; break;
    case "poll.tally": if (now.poll?.poll_id === frame.poll_id) now.poll.counts = frame.counts; break;
    case "collection.state": now.collection = frame.collection; break;
    case "question.state": return count();
    case "review.list": now.reviews = frame; return drawReviews();
    case "review.state": now.review = frame.review; break;
    default: return undefined;
  }
  return draw();
}

/** The server's word on what was sent; a poll may be sent all the same. */
export function problem(frame) {
  warning = frame;
  drawPoll();
}

function count() {
  if (!now.collection) return;
  now.collection.held = [...show.questions.values()].filter((one) => one.state === "held").length;
  drawCollect();
}

function draw() {
  $("n-play").textContent = now.poll?.state === "open" || now.game?.state === "running" || now.collection || now.review ? "●" : "";
  if (!$("play-sheet")) return;
  drawPoll();
  drawGame();
  drawCollect();
  drawReviews();
}

/** Put a part anew where `key`, which names all that it shows, has changed; what is typed in it stays. */
function put(id, key, make) {
  const place = $(id);
  if (!place || place.dataset.key === key) return;
  const typed = [...place.querySelectorAll("input, select")].map((one) => [one.id, one.value]);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.dataset.key = key;
  place.replaceChildren(...make().filter(Boolean));
  for (const [name, value] of typed) {
    const field = $(name);
    if (field && (field.matches("input") || [...field.options].some((one) => one.value === value))) field.value = value;
  }
  if (focused) $(focused)?.focus({ preventScroll: true });
}

// ── polls ──
function drawPoll() {
  const one = now.poll;
  if (one?.state === "open") {
    options = 2;
    return put("play-poll", `${one.poll_id} ${one.counts}`, () => [el("h3", {}, t("poll")), said("p", one.question, one.lang, { class: "words" }), bars(one.counts, one.options, one.lang),
      el("div", { class: "acts" }, el("span", { class: "soft" }, t("votes_n", { n: number(sum(one.counts)) })), button("primary", t("poll_close"), () => desk.send({ type: "poll.close", poll_id: one.poll_id }), { id: "poll-close" }))]);
  }
  return put("play-poll", `new ${one?.poll_id} ${one?.counts} ${warning?.message}`, () => pollForm(one));
}

function pollForm(one) {
  const question = el("input", { class: "input", id: "poll-question", maxlength: "160", required: true, dir: "auto", autocomplete: "off" });
  const list = el("div", { class: "options" }, ...Array.from({ length: options }, (_, n) => option(n)));
  const add = button("", t("add"), () => {
    if (options < MOST_OPTIONS) list.append(option(options++));
    add.disabled = options >= MOST_OPTIONS;
    list.lastElementChild.querySelector("input").focus();
  }, { id: "poll-add" });
  const over = warning?.code === "guard_warning" ? button("danger", t("send_anyway"), () => send(true), { id: "poll-anyway" }) : null;
  const told = warning ? el("p", { class: "warning", role: "alert" }, warning.message) : null;
  const last = one ? el("div", { class: "last" }, said("p", one.question, one.lang, { class: "words" }), bars(one.counts, one.options, one.lang, { closed: true }), el("p", { class: "soft" }, `${t("poll_closed")} · ${t("votes_n", { n: number(sum(one.counts)) })}`)) : null;
  const form = el("form", { class: "form", id: "poll-form", onsubmit: (event) => (event.preventDefault(), send(false)) },
    field(t("poll_question"), question), list, told, el("div", { class: "acts" }, add, over, el("button", { class: "button small primary", id: "poll-open" }, t("poll_open"))));
  return [el("h3", {}, t("poll_new")), form, last];
}

const option = (n) => field(t("poll_option", { n: number(n + 1) }), el("input", { class: "input poll-option", id: `poll-option-${n}`, maxlength: "60", required: n < 2, dir: "auto", autocomplete: "off" }));

function send(override) {
  const names = [...document.querySelectorAll("#poll-form .poll-option")].map((input) => input.value.trim()).filter(Boolean);
  desk.send({ type: "poll.open", question: $("poll-question").value, options: names, override });
}

const sum = (counts) => counts.reduce((a, b) => a + b, 0);

// ── games ──
function drawGame() {
  const one = now.game;
  if (one?.state === "running") {
    return put("play-game", `${one.game_id} ${one.guesses} ${one.right}`, () => [el("h3", {}, t("game")), el("p", { class: "words" }, one.asked[show.lang] ?? one.asked.en, " · ", el("bdi", {}, one.product)), el("p", { class: "secret" }, t("game_answer", { answer: one.answer })), tally(one),
      el("div", { class: "acts" }, button("primary", t("game_end"), () => desk.send({ type: "game.end", game_id: one.game_id }), { id: "game-end" }))]);
  }
  return put("play-game", `new ${now.facts?.product} ${one?.game_id} ${one?.told?.en}`, () => gameForm(one));
}

function gameForm(one) {
  const product = choice(t("product"), products(), now.facts?.product ?? pinned());
  product.id = "game-product";
  product.addEventListener("change", () => (product.blur(), ask()));
  const facts = now.facts?.items ?? [];
  const fact = choice(t("game_fact"), facts.map((each) => [each.evidence_id, `${each.name}: ${each.answer}`]));
  fact.id = "game-fact";
  const most = el("input", { class: "input", id: "game-most", type: "number", min: "1", max: "20", value: "3", required: true });
  const seconds = el("input", { class: "input", id: "game-seconds", type: "number", min: "5", max: "3600" });
  const start = (event) => {
    event.preventDefault();
    desk.send({ type: "game.start", product: product.value, evidence_id: fact.value, winners: Number(most.value), seconds: Number(seconds.value) || null });
  };
  const last = one ? el("div", { class: "last" }, el("p", { class: "words" }, one.told?.[show.lang] ?? one.answer), tally(one)) : null;
  const body = facts.length
    ? [field(t("game_fact"), fact), el("div", { class: "pair" }, field(t("game_most"), most), field(t("game_seconds"), seconds)), el("div", { class: "acts" }, el("button", { class: "button small primary", id: "game-start" }, t("game_start")))]
    : [el("p", { class: "soft" }, t("no_game_facts"))];
  return [el("h3", {}, t("game_new")), el("form", { class: "form", id: "game-form", onsubmit: start }, field(t("product"), product), ...body), last];
}

function tally(one) {
  const names = (one.winners ?? []).map((who) => el("bdi", { class: "tag good" }, who.name || t("guest")));
  return el("p", { class: "soft tally" }, `${t("guesses_n", { n: number(one.guesses) })} · ${t("right_n", { n: number(one.right ?? 0) })} · ${t("game_wanted", { n: number(one.wanted) })} `, ...names);
}

// ── questions for later ──
function drawCollect() {
  const one = now.collection;
  if (one) {
    return put("play-collect", `${one.collection_id} ${one.held}`, () => [el("h3", {}, t("collect")), el("p", { class: "words" }, t("collect_n", { n: number(one.held ?? 0) })),
      el("div", { class: "acts" }, button("primary", t("collect_close"), () => desk.send({ type: "collection.close", collection_id: one.collection_id }), { id: "collect-close" }))]);
  }
  const product = choice(t("product"), [["", t("all_products")], ...products()]);
  product.id = "collect-product";
  return put("play-collect", "new", () => [el("h3", {}, t("collect")), field(t("product"), product),
    el("div", { class: "acts" }, button("primary", t("collect_open"), () => desk.send({ type: "collection.open", product: product.value || null }), { id: "collect-open" }))]);
}

// ── reviews ──
function drawReviews() {
  const shown = now.review?.evidence_id;
  const hide = () => desk.send({ type: "review.show", evidence_id: null });
  const rows = (now.reviews?.items ?? []).map((one) => el("li", { class: one.evidence_id === shown ? "on" : null },
    said("p", one.text, one.lang, { class: "words" }),
    el("div", { class: "acts" }, langTag(one.lang), el("bdi", { class: "soft" }, one.author), one.incentive ? el("span", { class: "tag warm" }, t("review_given", { what: one.incentive })) : null,
      one.evidence_id === shown ? button("", t("review_hide"), hide) : button("", t("review_show"), () => desk.send({ type: "review.show", evidence_id: one.evidence_id })))));
  put("play-review", `reviews ${now.reviews?.product} ${rows.length} ${shown}`, () => [el("h3", {}, t("reviews")), rows.length ? el("ol", { class: "reviews" }, ...rows) : el("p", { class: "soft" }, t("no_reviews"))]);
}
