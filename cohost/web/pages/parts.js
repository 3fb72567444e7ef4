// Elements, words, numbers, citations. Text is always text, never markup.

const ICONS = {
  spark: "M12 3l1.8 5.2L19 10l-5.2 1.8L12 17l-1.8-5.2L5 10l5.2-1.8zM19 16l.8 2.2L22 19l-2.2.8L19 22l-.8-2.2L16 19l2.2-.8z",
  doc: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M9 13h6M9 17h4",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 9h17M3.5 15h17M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3z",
  send: "M12 19V6M6 11.5L12 5l6 6.5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v13M6 12.5l6 6 6-6",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6",
  hand: "M7 11V6.5a1.5 1.5 0 0 1 3 0V11m0-5.5v-1a1.5 1.5 0 0 1 3 0V11m0-4.5a1.5 1.5 0 0 1 3 0V12m0-2.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1.5a6 6 0 0 1-4.6-2.2L4 14.5a1.5 1.5 0 0 1 2.3-1.9L7.5 14",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8z",
  mic: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18.2 6.3a8 8 0 0 1 0 11.4",
  muted: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1",
  read: "M4 5h16v11H4zM9 20h6M7.5 9h9M7.5 12h6",
  chat: "M4 5h16v11H10l-4.5 4V16H4z",
  tag: "M3 12V4h8l9.5 9.5-7.5 7.5zM7.5 8.2v.1",
};

/** `el("p", {class: "x", lang: "es", onclick: f}, "text", child)`; null children are left out. */
export function el(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A person's words: their own language and direction. */
export function said(name, text, lang, props = {}) {
  return el(name, { dir: "auto", lang: lang && lang !== "und" ? lang : null, ...props }, text);
}

// ── words ──
export const page = { lang: "en", words: {}, market: null, zero: 0 };

/** Fetch a language's words and turn the page to it. `part`: "viewer" or "console". */
export async function speak(tag, part) {
  const answer = await fetch(`/api/languages/${encodeURIComponent(tag)}`);
  const words = await answer.json();
  page.lang = words.tag;
  page.words = part === "console" ? { ...words.viewer, ...words.console } : words.viewer;
  document.documentElement.lang = words.tag;
  document.documentElement.dir = words.dir;
  const each = (kind, act) => document.querySelectorAll(`[data-${kind}]`).forEach((node) => act(node, t(node.dataset[kind])));
  each("t", (node, words) => (node.textContent = words));
  each("label", (node, words) => node.setAttribute("aria-label", words));
  each("tip", (node, words) => (node.title = words));
  each("hint", (node, words) => (node.placeholder = words));
}

export function t(key, vars = {}) {
  const words = page.words[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in vars ? String(vars[name]) : whole));
}

// ── numbers, names, times ──
export const locale = () => (page.market && /^[A-Z]{2}$/.test(page.market) ? `${page.lang}-${page.market}` : page.lang);

const named = (type) => (code) => {
  try {
    return new Intl.DisplayNames([page.lang], { type }).of(code);
  } catch {
    return code; // no such one: as it came
  }
};
export const country = named("region");
export const languageName = named("language");

export const date = (iso) => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
export const clock = (atMs) => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(page.zero + atMs));
export const number = (value) => new Intl.NumberFormat(page.lang).format(value);

/** Two letters for a line's language; nothing where it is undecided. */
export function langTag(lang) {
  if (!lang || lang === "und") return null;
  return el("span", { class: "tag", title: languageName(lang) }, lang.split("-")[0].toUpperCase());
}

// ── citations ──
export const fileName = (path) => path.split("/").pop();

/** A number or a cell range names its paper; a heading ("2 Results") does not, the file's name does. */
const PAPER_NUMBER = /!|\d{3}|[A-Z]-?\d|\d-\d/;
const SHOPS_OWN = ["kb.toml", "show log"]; // what the shop says itself: no paper to name

/** The paper's number or name, and its page. */
export function place(citation) {
  const { locator } = citation;
  if (SHOPS_OWN.includes(citation.document)) return "";
  const parts = [locator && PAPER_NUMBER.test(locator) ? locator : fileName(citation.document).replace(/\.\w+$/, "")];
  if (citation.page) parts.push(t("page", { n: number(citation.page) }));
  return parts.join(" · ");
}

export function chip(citation, open) {
  const valid = citation.valid ? el("span", { class: "ok" }, `✓ ${t("valid")}`) : el("span", { class: "no" }, `✕ ${t("not_valid")}`);
  return el(
    "button",
    { type: "button", class: "chip", "data-evidence": citation.id, onclick: () => open(citation) },
    icon("doc"),
    el("span", {}, el("span", { class: "what" }, t(`kind_${citation.kind}`)), " ", el("bdi", { class: "where" }, place(citation)), valid),
  );
}

/** The panel behind a citation; its script comes when it is first wanted. */
export const showProof = async (dialog, citation) => (await import("./proof.js")).showProof(dialog, citation);

/** Close buttons and a click beside the sheet close it. */
export function sheets() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
}
