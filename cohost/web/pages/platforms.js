// Where the show is carried, and who writes for it: a light each. Loaded by the console when the first one is
// told of.

import { $ } from "./desk.js";
import { el, number, page, t } from "./parts.js";

const known = new Map();

/** Takes platforms' or writers' states and draws them all; what a person has to do is said by `toast` when it is news. */
export function lights(list, toast) {
  for (const one of list) known.set(one.platform ?? `writer ${one.writer}`, one);
  $("platforms").replaceChildren(...[...known.values()].map((one) => (one.writer ? writer(one) : platform(one))));
  $("platforms").hidden = false;
  if (toast && list[0].state === "refused") toast(`${list[0].platform}: ${list[0].message}`);
}

function platform(it) {
  const words = it.message || t(it.state === "live" ? "live" : "reconnecting");
  return light(it.platform, it.state, words, { "data-platform": it.platform }, "hush");
}

/** What is wrong stands there to be read; while all is well the figures are a tip. */
function writer(it) {
  const price = new Intl.NumberFormat(page.lang, { maximumSignificantDigits: 3 }).format(it.cost ?? 0);
  const cost = `${it.estimated ? "≈ " : ""}${price} ${it.currency ?? ""}`;
  const well = t("writer_live", { ms: it.first_ms == null ? "–" : number(it.first_ms), tokens: number(it.tokens ?? 0), cost });
  const again = it.rests_ms && it.fault !== "spent" ? ` ${t("writer_again", { n: number(Math.ceil(it.rests_ms / 1000)) })}` : "";
  const words = it.fault ? t(`writer_${it.fault}`) + again : well;
  return light(it.writer, it.state, words, { "data-writer": it.writer }, it.fault ? null : "hush");
}

function light(name, state, words, data, shown) {
  return el("li", { class: `live ${state}`, title: words, ...data }, el("i", { "aria-hidden": "true" }), name, el("span", { class: shown }, words));
}
