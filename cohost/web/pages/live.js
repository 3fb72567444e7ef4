// What the viewer page shows of talk: people's words as they come, cohost's as it speaks them.

import { wave } from "./aloud.js";
import { chip, el, icon, langTag, said, t } from "./parts.js";

const GHOST_MS = 15_000;

/** Lines of people who still speak: under the feed until the line itself comes. */
export class Ghosts {
  constructor(feed, isMe, follow) {
    this.feed = feed;
    this.isMe = isMe;
    this.follow = follow; // do something to the feed and stay at its end
    this.nodes = new Map();
  }

  partial(frame) {
    this.end(frame.utterance_id);
    const mine = this.isMe(frame.viewer);
    const who = mine ? t("you") : frame.name || t(frame.role === "viewer" ? "guest" : "host");
    const node = el(
      "li",
      { class: mine ? "line ghost mine" : "line ghost", "aria-hidden": "true" },
      el("div", { class: "from" }, icon("mic"), el("b", { dir: "auto" }, who), langTag(frame.lang), wave()),
      said("div", frame.text, frame.lang, { class: "bubble" }),
    );
    node.dataset.seq = Number.MAX_SAFE_INTEGER;
    this.follow(() => this.feed.append(node));
    const timer = setTimeout(() => this.end(frame.utterance_id), GHOST_MS);
    this.nodes.set(frame.utterance_id, { node, timer, viewer: frame.viewer });
  }

  end(id) {
    const ghost = this.nodes.get(id);
    if (!ghost) return;
    clearTimeout(ghost.timer);
    ghost.node.remove();
    this.nodes.delete(id);
  }

  /** Their line has come. */
  endOf(viewer) {
    for (const [id, ghost] of [...this.nodes]) if (ghost.viewer === viewer) this.end(id);
  }

  clear() {
    for (const id of [...this.nodes.keys()]) this.end(id);
  }
}

/** Tag and words of a card whose reply is being said, or was cut. */
export function dress(card, now) {
  card.classList.toggle("speaking", now.state === "speaking" || now.state === "ducked");
  card.classList.toggle("held", now.state === "held");
  card.classList.toggle("cut", now.state === "cut");
  card.querySelector(".aloud")?.remove();
  if (now.state === "ended") return paint(card, now, "");
  const tag = now.state === "cut" ? el("span", { class: "aloud tag bad" }, t("interrupted")) : el("span", { class: "aloud tag on" }, wave(), t("speaking_now"));
  (card.querySelector(".head .ai") ?? card.querySelector(".head b")).after(tag);
  if (now.state !== "cut") paint(card, now, now.sentence);
  else if (card.classList.contains("speech")) paint(card, now, now.heard, "was");
}

/** Mark a part of the text: the sentence that is said now, or what was heard of it. */
function paint(card, now, part, kind = "now") {
  const text = card.querySelector(".text");
  if (text.querySelector(".own")) return undefined; // shown in another language than it is said in
  const whole = text.textContent;
  const at = part ? whole.indexOf(part) : -1;
  if (at < 0) return text.replaceChildren(whole);
  text.replaceChildren(whole.slice(0, at), el("span", { class: kind }, part), kind === "was" ? el("span", { class: "unheard" }, whole.slice(at + part.length)) : whole.slice(at + part.length));
}

/** Document chips of a reply. */
export const sources = (citations, open) => (citations?.length ? el("div", { class: "sources" }, ...citations.map((one) => chip(one, open))) : null);
