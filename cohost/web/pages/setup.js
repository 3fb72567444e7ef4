// The set-up: files go into the folder, what was understood comes back while it is watched.

import { country, date, el, languageName, number, page, said, speak, t } from "./parts.js";

const LANGS = ["en", "es", "pt", "fr", "de", "it", "nl", "pl", "ru", "tr", "ar", "hi", "th", "vi", "id", "ja", "ko", "zh"];
const MARKETS = ["DE", "FR", "ES", "IT", "NL", "PL", "PT", "GB", "US", "CA", "MX", "BR", "AU", "JP", "KR", "CN", "TW", "SG", "MY", "TH", "VN", "ID", "PH", "IN", "AE", "SA", "TR", "RU"];
const KINDS = ["fact", "certificate", "test_report", "market_fact", "policy", "review", "passage"];
const AGAIN_MS = 3000;
const query = new URLSearchParams(location.search);
const $ = (id) => document.getElementById(id);
let seen = "";
let filled = false;

async function watch() {
  for (;;) {
    const quiet = setTimeout(() => ($("status").textContent = t("setup_reading")), seen ? 20000 : 0);
    try {
      const answer = await fetch(`/setup/state?seen=${seen}`);
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.error.message);
      $("banner").hidden = true;
      if (told.mark !== seen) draw(told);
      else $("status").textContent = $("papers").children.length ? "" : t("setup_empty");
      seen = told.mark;
    } catch (failed) {
      banner(failed instanceof TypeError ? t("reconnecting") : failed.message);
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    } finally {
      clearTimeout(quiet);
    }
  }
}

function banner(words) {
  $("banner").textContent = words;
  $("banner").hidden = !words;
}

function draw({ folder, writable, found, brand }) {
  $("forms").hidden = brand === false;
  $("folder").textContent = folder;
  $("choose").disabled = !writable;
  $("status").textContent = found.papers.length ? "" : t("setup_empty");
  banner(found.error || found.problems.filter((words) => !words.startsWith("kb.toml: no ")).join(" · "));
  if (found.error) return;
  $("papers").replaceChildren(...found.papers.map(paper));
  const chips = (list, words) => list.map((one) => el("li", { class: "tag" }, words(one)));
  $("products").replaceChildren(...chips(found.products, (one) => [one.name, ...(one.models ?? [])].join(" · ")));
  $("markets").replaceChildren(...chips(found.markets, (one) => `${country(one.code)} ${one.currency ?? ""}`));
  $("models").replaceChildren(...found.models.map((name) => el("button", { type: "button", class: "chip", onclick: () => pick(name) }, name)));
  $("market").product.replaceChildren(...found.products.map((one) => el("option", { value: one.id }, one.name)));
  if (!filled) {
    const form = $("brand");
    for (const name of ["name", "legal_name", "support"]) form.elements[name].value = found.brand[name] ?? "";
    form.elements.host_lang.value = found.brand.host_lang ?? (found.brand.name ? "en" : page.lang);
    filled = true;
  }
}

function paper(one) {
  const tags = Object.entries(one.found).map(([kind, n]) => `${KINDS.includes(kind) ? t(`kind_${kind}`) : kind}: ${number(n)}`);
  if (one.lang !== "und") tags.unshift(languageName(one.lang));
  tags.push(...(one.product ? [one.product] : []), ...one.models, ...one.dates.map(date));
  return el(
    "li", { "data-paper": one.name },
    el("h3", {}, el("bdi", {}, one.name)),
    el("ul", { class: "chips" }, ...tags.map((words) => el("li", { class: "tag" }, words))),
    ...one.quotes.map((quote) => said("blockquote", quote.text, one.lang)),
    ...(tags.length || one.problems.length ? [] : [el("p", { class: "soft" }, t("setup_nothing"))]),
    ...one.problems.map((words) => el("p", { class: "problem", lang: "en", dir: "ltr" }, words)),
  );
}

function pick(name) {
  const field = $("product").elements.models;
  const had = field.value.split(",").map((one) => one.trim()).filter(Boolean);
  if (!had.includes(name)) field.value = [...had, name].join(", ");
  if (!$("product").elements.name.value) $("product").elements.name.focus();
}

async function upload(files) {
  $("refused").replaceChildren();
  for (const file of files) {
    $("status").textContent = t("setup_reading");
    try {
      const answer = await fetch(`/setup/files/${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
      if (!answer.ok) throw new Error((await answer.json()).error.message);
    } catch (failed) {
      $("refused").append(el("p", { lang: "en", dir: "ltr" }, `${file.name}: ${failed.message}`));
    }
  }
}

async function write(form, wanted) {
  const answer = await fetch("/setup/brand", { method: "POST", body: JSON.stringify(wanted) });
  const told = await answer.json();
  $("said").textContent = answer.ok ? t(told.written ? "setup_saved" : "setup_read_only") : told.error.message;
  $("toml").hidden = !answer.ok || told.written;
  $("toml").textContent = told.toml ?? "";
  if (answer.ok && told.written && form.id !== "brand") form.reset();
}

const FORMS = {
  brand: (f) => ({ brand: { name: f.name.value, legal_name: f.legal_name.value, support: f.support.value, host_lang: f.host_lang.value } }),
  product: (f) => ({ product: { name: f.name.value, models: f.models.value.split(/[,，、]/).map((one) => one.trim()).filter(Boolean), pinned: f.pinned.checked } }),
  market: (f) => ({ market: { market: f.market.value, lang: f.lang.value, currency: f.currency.value, product: f.product.value, price: f.price.value === "" ? null : Number(f.price.value) } }),
};

function wire() {
  $("choose").onclick = () => $("files").click();
  $("files").onchange = async () => (await upload([...$("files").files]), ($("files").value = ""));
  const over = (on) => (event) => (event.preventDefault(), $("drop").classList.toggle("over", on));
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => (over(false)(event), upload([...event.dataTransfer.files])));
  for (const [name, read] of Object.entries(FORMS)) {
    $(name).onsubmit = (event) => {
      event.preventDefault();
      write($(name), read($(name).elements)).catch((failed) => ($("said").textContent = failed.message));
    };
  }
}

async function start() {
  const lang = query.get("lang") || navigator.language;
  if (query.has("token")) {
    query.delete("token");
    const rest = query.toString();
    history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
  }
  await speak(lang, "console");
  document.title = t("setup");
  for (const select of [$("brand").elements.host_lang, $("market").elements.lang]) select.replaceChildren(...LANGS.map((tag) => el("option", { value: tag }, languageName(tag))));
  $("market").elements.market.replaceChildren(...MARKETS.map((code) => el("option", { value: code }, country(code))));
  $("brand").elements.host_lang.value = page.lang;
  wire();
  $("app").hidden = false;
  await watch();
}

start();
