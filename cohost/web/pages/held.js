// The console's list of evidence that a person took off the air.

import { count, redraw, signature } from "./cards.js";
import { $, desk, may, show } from "./desk.js";
import { el, number, t } from "./parts.js";

export function draw() {
  const all = [...show.held.values()];
  $("held-box").hidden = !all.length;
  count("n-held", all.length, false);
  redraw($("held"), all.map((one) => el(
    "li",
    { class: "card" },
    el("div", { class: "meta" }, el("bdi", {}, [one.document, one.page ? t("page", { n: number(one.page) }) : ""].filter(Boolean).join(" · ") || one.id)),
    one.quote ? el("p", { class: "soft", dir: "auto" }, one.quote) : null,
    signature("held_by", one),
    !may("evidence.approve") ? null : el("div", { class: "acts" }, el("button", { type: "button", class: "button small", onclick: () => desk.send({ type: "evidence.approve", id: one.id }) }, t("release"))),
  )), "no_held");
}
