// The sheet that puts a price, a stock level or another fact on air.

import { $, desk, show } from "./desk.js";
import { el, t } from "./parts.js";

let ready = false;

export function open() {
  if (!ready) {
    $("fact-form").addEventListener("submit", put);
    $("fact-attribute").addEventListener("change", unit);
    $("fact-market").addEventListener("change", unit);
    ready = true;
  }
  fill();
  $("fact").showModal();
}

function fill() {
  const { products, markets, attributes } = show.hello;
  const option = (value, label) => el("option", { value }, label);
  $("fact-product").replaceChildren(...products.map((one) => option(one.id, one.name)), option("", t("all_products")));
  if (show.pinned) $("fact-product").value = show.pinned.id;
  $("fact-market").replaceChildren(...markets.map((one) => option(one.code, `${one.code} · ${one.currency ?? ""}`)), option("", t("all_markets")));
  const ordered = [...attributes].sort((a, b) => Number(b.market ?? false) - Number(a.market ?? false));
  $("fact-attribute").replaceChildren(...ordered.map((one) => option(one.id, one.name)));
  $("fact-attribute").value = "price";
  $("fact-error").hidden = true;
  unit();
}

/** The unit that goes with the attribute and the market. */
function unit() {
  const attribute = show.hello.attributes.find((one) => one.id === $("fact-attribute").value);
  const market = show.hello.markets.find((one) => one.code === $("fact-market").value);
  $("fact-unit").value = attribute?.form === "money" ? market?.currency ?? "" : attribute?.units?.[0] ?? "";
  $("fact-unit").disabled = !(attribute?.form === "money" || attribute?.units?.length);
}

function put(event) {
  event.preventDefault();
  const attribute = show.hello.attributes.find((one) => one.id === $("fact-attribute").value);
  $("fact-error").hidden = true;
  desk.send({
    type: "fact.set",
    product: $("fact-product").value || null,
    market: $("fact-market").value || null,
    attribute: attribute.id,
    value: typedValue($("fact-value").value.trim(), attribute.form),
    unit: $("fact-unit").value.trim() || null,
    valid_until: $("fact-until").value || null,
  });
}

/** "59,90" is a number, "yes" a truth, everything else a phrase: the server checks it again. */
function typedValue(text, form) {
  const plain = text.replace(/\s/g, "").replace(/^(\d+),(\d{1,2})$/, "$1.$2");
  if (form === "bool") return /^(1|true|yes|ja|sí|si|oui|是|はい)$/i.test(text) ? true : /^(0|false|no|nein|non|否|いいえ)$/i.test(text) ? false : text;
  if (/^-?\d+(\.\d+)?$/.test(plain)) return Number(plain);
  const range = plain.match(/^(\d+(?:\.\d+)?)[-–](\d+(?:\.\d+)?)$/);
  return range ? [Number(range[1]), Number(range[2])] : text;
}
