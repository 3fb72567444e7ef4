// Exceptions from the room's autonomy: a level of its own for a kind of question, a language, or both.

import { $, LEVELS, desk, show } from "./desk.js";
import { el, languageName, t } from "./parts.js";
import { button, choice, sheet } from "./sheet.js";

const KINDS = ["purchase", "order", "complaint", "demo_request"];

const kinds = () => [
  ["question", t("all_questions")],
  ...show.hello.attributes.map((one) => [`question.${one.id}`, one.name]),
  ...KINDS.map((one) => [one, t(`kind_${one}`)]),
];
const levels = () => LEVELS.map((one) => [one, t(`level_${one}`)]);
const send = (level, intent, lang) => desk.send({ type: "autonomy.set", level, intent: intent || null, lang: lang || null });

export function open() {
  const dialog = sheet("rules-sheet", "rules", (body) => {
    const kind = choice(t("kind"), [["", t("any_kind")], ...kinds()], "question");
    const lang = choice(t("language"), [["", t("any_lang")], ...show.hello.languages.map((one) => [one.tag, languageName(one.tag)])]);
    const level = choice(t("level"), levels(), "suggest");
    const field = (label, input) => el("label", { class: "field" }, el("span", {}, label), input);
    const put = button("primary", t("add"), () => send(level.value, kind.value, lang.value), { id: "rule-add" });
    const whole = () => (put.disabled = !kind.value && !lang.value);
    for (const input of [kind, lang]) input.addEventListener("change", whole);
    body.append(el("p", { class: "soft" }, t("rules_hint")), el("ul", { class: "rows", id: "rules" }), field(t("kind"), kind), field(t("language"), lang), field(t("level"), level), el("div", { class: "acts" }, put));
  });
  draw();
  dialog.showModal();
}

export function draw() {
  if (!$("rules")) return;
  const known = new Map(kinds());
  const rows = show.rules.map((one) => el(
    "li",
    {},
    el("span", {}, el("b", {}, t(`level_${one.level}`)), " ", [one.intent ? known.get(one.intent) ?? one.intent : "", one.lang ? languageName(one.lang) : ""].filter(Boolean).join(" · ")),
    show.hello.person?.lowers ? null : button("quiet", "✕", () => send(null, one.intent, one.lang), { "aria-label": t("remove"), title: t("remove") }),
  ));
  $("rules").replaceChildren(...(rows.length ? rows : [el("li", { class: "soft" }, t("no_rules"))]));
}
