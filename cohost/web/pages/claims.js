// What the host said that the papers do not bear out: a private card, one key posts the right sentence.

import { $, desk, may } from "./desk.js";
import { el, icon, place, said, t } from "./parts.js";

const MOST = 3;
const claims = new Map(); // message seq → its frame, the newest last

export function take(frame) {
  claims.delete(frame.message_seq);
  if (!frame.corrected) claims.set(frame.message_seq, frame);
  while (claims.size > MOST) claims.delete(claims.keys().next().value);
  draw();
}

export function forget() {
  claims.clear();
  draw();
}

/** Posts the right sentence to the newest claim that has one. */
export function correct() {
  const open = [...claims.values()].reverse().find((one) => one.right);
  if (open) desk.send({ type: "host.correct", message_seq: open.message_seq });
}

function draw() {
  $("claims").hidden = !claims.size;
  $("claims").replaceChildren(...[...claims.values()].reverse().map(card));
}

function card(one) {
  const drop = () => (claims.delete(one.message_seq), draw());
  return el(
    "article",
    { class: "claim", "data-claim": one.message_seq },
    el("b", {}, `${t("host_said")} (${t("guard_objects", { rule: one.rule })})`),
    said("p", one.text || one.words, null, { class: "soft" }),
    one.right ? said("p", one.right, one.lang, { class: "words" }) : el("p", { class: "words" }, t("no_answer_yet")),
    one.citations?.length ? el("p", { class: "soft" }, icon("doc"), " ", el("bdi", {}, [t(`kind_${one.citations[0].kind}`), place(one.citations[0])].filter(Boolean).join(" · "))) : null,
    el(
      "div",
      { class: "acts" },
      one.right && may("host.correct") ? el("button", { type: "button", class: "button small primary", onclick: () => desk.send({ type: "host.correct", message_seq: one.message_seq }) }, t("post_right"), el("kbd", {}, "C")) : null,
      el("button", { type: "button", class: "button small quiet", onclick: drop }, t("dismiss")),
    ),
  );
}
