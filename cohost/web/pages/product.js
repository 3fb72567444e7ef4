// The product on show, with its price where the viewer is.

import { el, locale, number, t } from "./parts.js";

export function money(value, currency) {
  const one = (number) => {
    if (typeof number !== "number" || !/^[A-Z]{3}$/.test(currency || "")) return `${number} ${currency ?? ""}`.trim();
    return new Intl.NumberFormat(locale(), { style: "currency", currency }).format(number);
  };
  return Array.isArray(value) ? value.map(one).join(" – ") : one(value);
}

/** Tile, name and offer of a product in a market ("" = not chosen: `ask` opens the choice). */
export function productParts(product, market, ask) {
  const offer = product.offers?.find((one) => one.market === market);
  return [
    el("span", { class: "tile", "aria-hidden": "true" }, Array.from(product.name)[0].toUpperCase()),
    el(
      "div",
      { class: "about" },
      el("div", { class: "over" }, [t("on_show"), ...(product.links ?? []).map((n) => t("link_n", { n: number(n) }))].join(" · ")),
      el("div", { class: "name", dir: "auto" }, product.name),
      offer?.model ? el("div", { class: "sub" }, t("model", { model: offer.model })) : null,
    ),
    el("div", { class: "offer" }, ...offerParts(offer, market, ask)),
  ];
}

function offerParts(offer, market, ask) {
  if (!market) return [el("button", { type: "button", class: "button small", onclick: ask }, t("choose_country"))];
  if (offer?.ships === false) return [el("div", { class: "terms" }, el("span", { class: "no" }, t("not_sold")))];
  if (!offer || offer.price === undefined) return [el("div", { class: "terms" }, t("no_price"))];
  const out = offer.stock === 0 || offer.stock === false;
  const stock = offer.stock === undefined ? null : el("span", { class: out ? "no" : "yes" }, out ? t("sold_out") : t("in_stock"));
  const tax = offer.tax_included === undefined ? null : t(offer.tax_included ? "tax_included" : "tax_excluded");
  return [el("div", { class: "price" }, money(offer.price, offer.currency)), el("div", { class: "terms" }, stock, stock && tax ? " · " : null, tax)];
}
