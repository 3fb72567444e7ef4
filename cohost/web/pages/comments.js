// The console's comments: what viewers say, in the host's language; what the host said, and who could read it.

import { $, desk, show } from "./desk.js";
import { clock, country, el, icon, langTag, page, said, t } from "./parts.js";
import { sheet } from "./sheet.js";
import { note, translationOf, translationsOf, why } from "./translated.js";

const SHOWN = 120;
const MARKS = { checked: "✓", unchecked: "?", original: "✕" };

export function open() {
  const dialog = sheet("comments-sheet", "comments", (body) => {
    const words = el("textarea", { class: "input", rows: "2", maxlength: "500", dir: "auto", id: "comments-words", "aria-label": t("say_to_room") });
    const say = (event) => {
      event.preventDefault();
      const text = words.value.trim();
      if (text && desk.send({ type: "chat.message", text, client_id: `${Date.now()}` }) !== false) words.value = "";
    };
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) say(event);
    });
    body.classList.add("comments");
    body.append(
      el("ol", { class: "lines", id: "comments", tabindex: "0", "aria-label": t("comments") }),
      el("form", { class: "say-it", onsubmit: say }, el("label", { class: "field" }, el("span", {}, t("say_to_room")), words), el("button", { class: "button primary" }, t("send"))),
    );
  });
  if (!dialog.open) dialog.show(); // beside the desk, whose keys go on working
  draw();
  $("comments").scrollTop = $("comments").scrollHeight;
}

export function draw() {
  const list = $("comments");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const all = [...show.lines.values()].slice(-SHOWN);
  list.replaceChildren(...(all.length ? all.map(line) : [el("li", { class: "none" }, t("no_comments"))]));
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function line(item) {
  const house = item.role !== "viewer";
  const made = translationOf(item.seq, show.hello.host_lang);
  const mine = made?.text || item.translation;
  return el(
    "li",
    { class: house ? "line house" : "line", "data-seq": item.seq },
    el(
      "div",
      { class: "meta" },
      item.spoken ? icon("mic") : null,
      el("b", { dir: "auto" }, item.name || t(house ? "host" : "guest")),
      langTag(item.lang),
      item.market ? el("span", { class: "where" }, country(item.market)) : null,
      el("time", {}, clock(item.at_ms)),
    ),
    mine ? said("p", mine, made?.lang ?? page.lang, { class: "words" }) : null,
    said("p", item.text, item.lang, { class: mine ? "soft" : "words" }),
    made && made.state !== "checked" ? el("p", { class: "from-lang" }, note(made, item.lang)) : null,
    house ? el("div", { class: "facts" }, ...translationsOf(item.seq).map(reached)) : null,
  );
}

/** One language in which the host's words were shown, or why they were not. */
function reached(frame) {
  const look = { checked: "tag good", unchecked: "tag warm", original: "tag bad" }[frame.state];
  const words = frame.state === "original" ? why(frame.reason) : frame.state === "unchecked" ? t("unchecked") : "";
  const title = [frame.text, frame.words].filter(Boolean).join(" · ");
  return el("span", { class: look, title: title || null }, `${frame.lang.toUpperCase()} ${MARKS[frame.state]} ${words}`.trim());
}
