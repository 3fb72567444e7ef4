// What the console knows, and the forms that are open on its cards.

export const LEVELS = ["watch", "suggest", "post", "full"];
export const KEEP = 150;
export const RANK = { escalated: 0, failed: 1, drafted: 2, open: 3, declined: 4, answered: 5, expired: 6, ignored: 7 };

export const show = { hello: null, level: "", rules: [], pinned: null, rundown: false, questions: new Map(), drafts: new Map(), posted: new Map(), held: new Map(), lines: new Map(), current: null, lang: "", health: null };
export const busy = new Map(); // reply or question id → an open form on its card: {kind, text, reason, warning}
export const desk = { send: () => false }; // the room's socket, set by the page

export const $ = (id) => document.getElementById(id);
export const approve = (draft) => desk.send({ type: "reply.approve", reply_id: draft.reply_id });
export const reject = (draft) => desk.send({ type: "reply.reject", reply_id: draft.reply_id });
