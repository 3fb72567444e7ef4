// The evidence check in the room: decisions go to the room, and show when they come back from it.

import { Notebook, made, show, start } from "./evidence.js";
import { Room, keep, kept, randomId } from "./room.js";

const PACE_MS = 130; // a room takes ten frames a second of one page
const query = new URLSearchParams(location.search);
const token = query.get("token") || kept(sessionStorage, "cohost.token") || "";
const $ = (id) => document.getElementById(id);

/** Approve and Hold, one frame after the other; `owed` are those the room has not confirmed. */
class Desk {
  constructor() {
    this.owed = new Map(); // id → state wanted
    this.queue = [];
    this.sending = 0;
  }

  decide(item, state) {
    if (item.dataset.release === state || this.owed.get(item.id) === state) return;
    this.owed.set(item.id, state);
    this.queue.push(item.id);
    item.classList.add("decided");
    this.tell();
    this.send();
  }

  decideAll(block, items, state) {
    this.block = block;
    for (const item of items) this.decide(item, state);
    this.notebook.decideAll(block, items, state);
  }

  send() {
    if (this.sending || !this.queue.length) return;
    const id = this.queue[0];
    const state = this.owed.get(id);
    if (state && !room.send({ type: state === "approved" ? "evidence.approve" : "evidence.hold", id })) return; // again when the room is back
    this.queue.shift();
    this.sending = setTimeout(() => ((this.sending = 0), this.send()), PACE_MS);
  }

  /** All that the room has not confirmed. */
  again() {
    this.queue = [...this.owed.keys()];
    this.send();
  }

  came(id, state, by = "") {
    if (this.owed.get(id) === state) this.owed.delete(id);
    const item = $(id);
    if (item) {
      show(item, state, by);
      item.classList.toggle("decided", this.owed.has(id));
    }
    this.tell();
  }

  refused(id, message) {
    this.owed.delete(id);
    $(id)?.classList.remove("decided");
    this.tell(message);
  }

  tell(message) {
    const words = message ?? (this.owed.size ? `${this.owed.size} on their way to the room` : "");
    $("said").textContent = words;
    const beside = this.block?.querySelector("[data-said]");
    if (beside) beside.textContent = words;
  }
}

const desk = new Desk();
const room = new Room({ params: {}, onframe: take, onstate: connection });

function take(frame) {
  if (frame.type === "evidence.released") desk.came(frame.id, frame.state, who(frame));
  else if (frame.type === "error" && desk.owed.has(frame.ref)) desk.refused(frame.ref, frame.message);
  else if (frame.type === "error" && frame.code === "too_fast") setTimeout(() => desk.again(), 1500);
  else if (frame.type === "hello") {
    $("connection").textContent = `Room ${frame.room}`;
    document.title = `${frame.brand.name || frame.room}: evidence`;
    sits(frame.person);
  } else if (frame.type === "snapshot") {
    for (const one of frame.released ?? []) desk.came(one.id, "approved", who(one));
    for (const one of frame.held ?? []) desk.came(one.id, "held", who(one));
  }
}

/** Who did it: "Mei, product"; nothing where nobody is named. */
function who({ by, signed }) {
  const [role, name] = signed ? [signed.role, signed.name] : (by ?? "").split(/:(.*)/s);
  return name ? `${name}, ${role}` : "";
}

/** Whom this page signs as; the lines for kb.toml say it too. */
function sits(person) {
  if (!person?.signed) return;
  $("me").textContent = `Signed as ${person.name}, ${person.role}`;
  $("me").hidden = false;
  if (!$("approver") || $("approver").value) return;
  $("approver").value = `${person.name}, ${person.role}`;
  desk.notebook.write();
}

function connection(how) {
  $("live").classList.toggle("waiting", how !== "open");
  if (how !== "open") $("connection").textContent = "Connecting";
  $("banner").hidden = how !== "refused";
  if (how === "refused") $("banner").textContent = "This page can be read; to decide, open it from the console: its address carries the token.";
  if (how === "open") desk.again();
}

/** The quote on its own page, when somebody asks for it. */
function picture(button) {
  const held = document.activeElement === button; // the focus goes on to what it brings
  button.disabled = true;
  const image = made("img", { alt: "The quote on its page", src: `/evidence/${encodeURIComponent(button.dataset.crop)}/strip.jpg` });
  image.onload = () => {
    const figure = made("figure", { class: "crop", tabindex: "0" }, image); // wider than a phone: it scrolls
    button.replaceWith(figure);
    if (held) figure.focus({ preventScroll: true });
  };
  image.onerror = () => button.replaceWith(made("p", { class: "soft" }, "This page cannot be shown."));
}

function hideToken() {
  keep(sessionStorage, "cohost.token", token);
  if (!query.has("token")) return;
  query.delete("token");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : "") + location.hash);
}

hideToken();
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-crop]");
  if (button) picture(button);
});
if ($("check")) {
  desk.notebook = new Notebook(document);
  start(document, desk);
  room.params = { room: query.get("room"), role: "operator", token, name: query.get("name"), me: kept(localStorage, "cohost.me", randomId) };
  room.connect();
}
