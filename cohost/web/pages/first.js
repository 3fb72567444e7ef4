// Of two operators one is first: the other is told who, and what he was writing becomes an answer of his own.

import { drawAll } from "./cards.js";
import { busy, show, who as person } from "./desk.js";
import { t } from "./parts.js";

/** Who decided what, in words; nothing where no person did. */
function who(frame) {
  const words = person(frame);
  if (!words || !["approved", "rejected"].includes(frame.state)) return "";
  const name = frame.signed ? `${frame.signed.name} (${t(`role_${frame.signed.role}`)})` : frame.by.replace(/^aloud:/, "").split(":").slice(1).join(":");
  return t(`first_${frame.state}`, { name: name || t("somebody") });
}

/** What to tell; a text that was not sent goes to its question, whose card stays open for it. */
export function told(frame, open, questions = show.questions) {
  const words = who(frame);
  const text = open?.kind === "edit" && open.text.trim() !== open.was.trim() ? open.text : open?.correction?.trim();
  if (!text || !open.question_id) return words;
  const other = busy.get(open.question_id);
  const lost = questions.get(open.question_id);
  if (!show.questions.has(open.question_id) && lost) show.questions.set(open.question_id, lost);
  const message = [words, t("edit_kept")].filter(Boolean).join(" ");
  busy.set(open.question_id, { kind: "answer", text: [other?.text, text].filter(Boolean).join("\n"), warning: { message } });
  const away = document.activeElement === document.body; // he was writing in the card that is gone
  drawAll();
  if (away) document.querySelector(`[data-key^="${CSS.escape(open.question_id)}/"]`)?.focus();
  return message;
}
