// Where the show is carried: a light each. Loaded by the console when the first platform is told of.

import { $ } from "./desk.js";
import { el, t } from "./parts.js";

const known = new Map();

/** Takes platforms' states and draws them all; what a person has to do is said by `toast` when it is news. */
export function lights(list, toast) {
  for (const one of list) known.set(one.platform, one);
  $("platforms").replaceChildren(...[...known.values()].map(item));
  $("platforms").hidden = false;
  if (toast && list[0].state === "refused") toast(`${list[0].platform}: ${list[0].message}`);
}

function item(it) {
  const words = it.message || t(it.state === "live" ? "live" : "reconnecting");
  return el("li", { class: `live ${it.state}`, "data-platform": it.platform, title: words }, el("i", { "aria-hidden": "true" }), it.platform, el("span", { class: "hush" }, words));
}
