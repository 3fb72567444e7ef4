// What the room plays along the show: a poll, a game, questions gathered for later, a customer's review.
// Used by the viewer page and the overlay (which only shows).

import { chip, date, el, fileName, icon, langTag, number, page, said, showProof, t } from "./parts.js";
import { note } from "./translated.js";

const box = document.getElementById("play");
const now = { poll: null, mine: null, pollTold: null, game: null, guessed: null, collection: null, review: null, reviewTold: null };
const gone = new Set(); // what the viewer closed
let room = null;
let timer = 0;

/** One frame. `socket`: where votes go; null where nobody votes. */
export function take(frame, socket = null) {
  room = socket;
  switch (frame.type) {
    case "snapshot": return all(frame.play ?? {});
    case "game.state": return set({ game: frame.game });
    case "game.tally": return now.game?.game_id === frame.game_id && set({ game: { ...now.game, guesses: frame.guesses } });
    case "game.guess": return set({ guessed: frame.game_id });
    case "poll.state": return set({ poll: frame.poll });
    case "poll.tally": return now.poll?.poll_id === frame.poll_id && set({ poll: { ...now.poll, counts: frame.counts } });
    case "poll.voted": return set({ mine: frame });
    case "poll.translation": return set({ pollTold: frame });
    case "collection.state": return set({ collection: frame.collection });
    case "review.state": return set({ review: frame.review });
    case "review.translation": return set({ reviewTold: frame });
    default: return undefined;
  }
}

const all = ({ game = null, poll: one = null, collection = null, review = null }) => set({ game, poll: one, collection, review });

function set(part) {
  Object.assign(now, part);
  draw();
}

function draw() {
  const key = document.activeElement?.dataset?.key;
  const [game, one] = [now.game, now.poll];
  // a new poll takes the place of a game that is over, and the other way round
  const newest = game && one ? (Number(game.game_id.slice(1)) > Number(one.poll_id.slice(1)) ? [game, null] : [null, one]) : [game, one];
  const cards = [newest[0] && gameCard(newest[0]), newest[1] && pollCard(newest[1]), now.collection && collecting(), now.review && review(now.review)].filter(Boolean);
  box.replaceChildren(...cards);
  box.hidden = !cards.length;
  if (key) box.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
  clearInterval(timer);
  if (game?.state === "running" && game.ends_at_ms !== undefined) timer = setInterval(tick, 500);
  tick();
}

function card(kind, id, sign, title, side, ...parts) {
  if (gone.has(id)) return null;
  const close = room && id ? el("button", { type: "button", class: "button quiet small", "data-key": `close-${kind}`, "aria-label": t("close"), onclick: () => (gone.add(id), draw()) }, icon("close")) : null;
  return el("section", { class: `play-card ${kind}`, "aria-label": title }, el("div", { class: "head" }, icon(sign), el("b", {}, title), el("span", { class: "side" }, ...side), close), ...parts);
}

// ── polls ──
/** Whole per cent of each, together 100. */
export function shares(counts) {
  const total = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((one) => (total ? (one * 100) / total : 0));
  const whole = exact.map(Math.floor);
  const rest = exact.map((one, n) => [whole[n] - one, n]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (let n = 0, left = total ? 100 - whole.reduce((a, b) => a + b, 0) : 0; n < left; n += 1) whole[rest[n][1]] += 1;
  return whole;
}

/** The bars of a poll; `vote(n)` makes them buttons. */
export function bars(counts, names, lang, { mine = null, vote = null, closed = false } = {}) {
  const part = shares(counts);
  const most = Math.max(...counts);
  return el("ol", { class: "bars" }, ...names.map((name, n) => {
    const text = [el("span", { class: "n" }, number(n + 1)), said("span", name, lang, { class: "name" }), mine === n ? el("span", { class: "tag good" }, `✓ ${t("your_vote")}`) : null, el("span", { class: "share" }, new Intl.NumberFormat(page.lang, { style: "percent" }).format(part[n] / 100))];
    const look = `vote${closed && most && counts[n] === most ? " most" : ""}`;
    const node = vote ? el("button", { type: "button", class: look, "data-key": `vote-${n}`, "aria-pressed": String(mine === n), onclick: () => vote(n) }, ...text) : el("div", { class: look }, ...text);
    node.style.setProperty("--share", `${part[n]}%`);
    return el("li", {}, node);
  }));
}

function pollCard(one) {
  const closed = one.state === "closed";
  const told = now.pollTold?.poll_id === one.poll_id && now.pollTold.lang === page.lang ? now.pollTold : null;
  const own = told && told.state !== "original";
  const [question, names, lang] = own ? [told.question, told.options, told.lang] : [one.question, one.options, one.lang];
  const foreign = one.lang.split("-")[0] !== page.lang;
  const mine = now.mine?.poll_id === one.poll_id ? now.mine.option : null;
  const vote = room && !closed ? (option) => room.send({ type: "poll.vote", poll_id: one.poll_id, option }) : null;
  const side = [closed ? el("span", { class: "tag" }, t("poll_closed")) : null, t("votes_n", { n: number(one.counts.reduce((a, b) => a + b, 0)) })];
  return card(
    "poll", closed ? one.poll_id : "", "list", t("poll"), side.filter(Boolean),
    said("h2", question, lang),
    foreign ? el("p", { class: told?.state === "checked" ? "from-lang" : "from-lang warm" }, note(told, one.lang)) : null,
    bars(one.counts, names, lang, { mine, vote, closed }),
    vote ? el("p", { class: "soft" }, t("poll_hint")) : null,
  );
}

// ── games ──
function gameCard(one) {
  const over = one.state === "ended";
  const asked = one.asked[page.lang] ?? one.asked.en;
  const side = [el("span", {}, t("guesses_n", { n: number(one.guesses) }))];
  if (over) return card("game", one.game_id, "spark", t("game_over"), side, ...result(one, asked));
  const rules = [t("game_wanted", { n: number(one.wanted) }), one.ends_at_ms === undefined ? "" : el("span", { class: "left" })].filter(Boolean);
  return card(
    "game", "", "spark", t("game"), side,
    el("h2", {}, asked, " · ", el("bdi", {}, one.product)),
    now.guessed === one.game_id ? el("p", { class: "in" }, `✓ ${t("guess_in")}`) : el("p", {}, t("game_hint")),
    el("p", { class: "soft" }, ...rules.flatMap((rule, n) => (n ? [" · ", rule] : [rule]))),
  );
}

function result(one, asked) {
  const text = one.told?.[page.lang] ?? one.told?.en;
  const names = (one.winners ?? []).map((who) => el("bdi", { class: "tag good" }, who.name || t("guest")));
  const open = (citation) => showProof(document.getElementById("proof"), citation);
  const sources = (one.citations ?? []).map((citation) => (room ? chip(citation, open) : el("span", { class: "tag" }, `${t(`kind_${citation.kind}`)} · ${fileName(citation.document)}`)));
  return [
    el("h2", {}, text ?? asked),
    el("p", { class: "won" }, names.length ? `${t("game_won")} ` : t("game_nobody"), ...names),
    sources.length ? el("div", { class: "sources" }, ...sources) : null,
  ];
}

function tick() {
  const left = box.querySelector(".left");
  if (left) left.textContent = t("seconds_left", { n: number(Math.max(0, Math.ceil((page.zero + now.game.ends_at_ms - Date.now()) / 1000))) });
}

// ── gathered questions, a review ──
const collecting = () => card("collecting", "", "chat", t("collecting"), [], el("p", {}, t("collecting_hint")));

function review(one) {
  const told = now.reviewTold?.evidence_id === one.evidence_id && now.reviewTold.lang === page.lang ? now.reviewTold : null;
  const foreign = one.lang.split("-")[0] !== page.lang;
  const facts = [
    one.rating === undefined ? null : el("span", { class: "tag", "aria-label": t("stars_n", { n: number(one.rating) }), role: "img" }, `${"★".repeat(Math.round(one.rating))}`),
    one.verified ? el("span", { class: "tag good" }, `✓ ${t("review_bought")}`) : null,
    one.incentive ? el("span", { class: "tag warm" }, t("review_given", { what: one.incentive })) : null,
    langTag(one.lang),
  ];
  return card(
    "review", one.evidence_id, "chat", t("review"), [],
    el("blockquote", {}, told?.text ? said("p", told.text, told.lang) : null, said("p", one.text, one.lang, { class: told?.text ? "own" : "" })),
    foreign ? el("p", { class: told?.state === "checked" ? "from-lang" : "from-lang warm" }, note(told, one.lang)) : null,
    el("p", { class: "soft" }, el("bdi", {}, one.author), one.written ? ` · ${date(one.written)}` : "", " · ", el("bdi", {}, fileName(one.document))),
    el("div", { class: "sources" }, ...facts),
  );
}
