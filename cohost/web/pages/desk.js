// What the console knows, who sits at it, and the forms that are open on its cards.

import { t } from "./parts.js";

export const LEVELS = ["watch", "suggest", "post", "full"];
export const KEEP = 150;
export const RANK = { escalated: 0, failed: 1, drafted: 2, open: 3, declined: 4, answered: 5, expired: 6, ignored: 7 };

export const show = { hello: null, level: "", rules: [], pinned: null, rundown: false, questions: new Map(), drafts: new Map(), posted: new Map(), held: new Map(), lines: new Map(), current: null, lang: "", health: null };
export const busy = new Map(); // reply or question id → an open form on its card: {kind, text, reason, warning}
export const desk = { send: () => false }; // the room's socket, set by the page

/** Whether who sits here may: a command of the wire, or a page. */
export const may = (command) => show.hello?.person?.rights.includes(command) ?? false;
export const posts = ["operator", "host", "moderator", "product", "compliance"];

/** Who did it, in words ("Mei, product"); nothing where no person did. */
export function who({ by, signed }) {
  const [role, ...name] = signed ? [signed.role, signed.name] : (by ?? "").replace(/^aloud:/, "").split(":");
  if (!posts.includes(role)) return "";
  return name.length ? t("person", { name: name.join(":"), role: t(`role_${role}`) }) : t(`role_${role}`);
}

/** True for what was signed by somebody else than who sits here. */
export const theirs = ({ signed }) => Boolean(signed) && !(show.hello?.person?.signed && show.hello.person.name === signed.name);

export const $ = (id) => document.getElementById(id);
export const approve = (draft) => desk.send({ type: "reply.approve", reply_id: draft.reply_id });
export const reject = (draft) => desk.send({ type: "reply.reject", reply_id: draft.reply_id });
