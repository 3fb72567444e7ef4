// The evidence check in the room: decisions go to the room, and show when they come back from it.

import { Notebook, made, show, start } from "./evidence.js";
import { Room, keep, kept, randomId } from "./room.js";

const PACE_MS = 130; // a room takes ten frames a second of one page
const query = new URLSearchParams(location.search);
const token = query.get("token") || kept(sessionStorage, "cohost.token") || "";
const $ = (id) => document.getElementById(id);
const held = new Set(); // as the room says

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

  came(id, state) {
    if (this.owed.get(id) === state) this.owed.delete(id);
    state === "held" ? held.add(id) : held.delete(id);
    const item = $(id);
    if (item) {
      show(item, state);
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
let stop = () => {};
const room = new Room({ params: {}, onframe: take, onstate: connection });

function take(frame) {
  if (frame.type === "evidence.released") desk.came(frame.id, frame.state);
  else if (frame.type === "error" && desk.owed.has(frame.ref)) desk.refused(frame.ref, frame.message);
  else if (frame.type === "error" && frame.code === "too_fast") setTimeout(() => desk.send(), 1000);
  else if (frame.type === "hello") {
    $("connection").textContent = `Room ${frame.room}`;
    document.title = `${frame.brand.name || frame.room}: evidence`;
  } else if (frame.type === "snapshot") {
    for (const one of frame.held ?? []) desk.came(one.id, "held");
  }
}

function connection(how) {
  $("live").classList.toggle("waiting", how !== "open");
  if (how !== "open") $("connection").textContent = "Connecting";
  if (how === "open") {
    desk.queue = [...desk.owed.keys()];
    desk.send();
  }
}

async function check() {
  $("again").disabled = true;
  try {
    const answer = await fetch("/api/evidence", { headers: { Authorization: `Bearer ${token}` } });
    if (answer.status === 401 || answer.status === 403) return refuse(token ? "The room does not accept this token. Open the evidence from the console." : "Open the evidence from the console: its address carries the token.");
    if (!answer.ok) return refuse((await answer.json()).error.message);
    $("body").innerHTML = await answer.text(); // the check's own markup: every text in it is escaped
    $("banner").hidden = true;
    desk.notebook = new Notebook(document);
    stop();
    stop = start(document, desk);
    for (const id of held) if ($(id)) show($(id), "held");
    return undefined;
  } catch {
    return refuse("The room does not answer. Try again in a moment.");
  } finally {
    $("again").disabled = false;
  }
}

function refuse(words) {
  $("banner").textContent = words;
  $("banner").hidden = false;
  $("body").querySelector(".waiting-words")?.remove();
}

/** The quote on its own page, when somebody asks for it. */
async function picture(button) {
  button.disabled = true;
  const answer = await fetch(`/api/evidence/${encodeURIComponent(button.dataset.crop)}/strip.jpg`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) {
    button.replaceWith(made("p", { class: "soft" }, "This page cannot be shown."));
    return;
  }
  const image = made("img", { alt: "The quote on its page" });
  image.src = URL.createObjectURL(await answer.blob());
  image.onload = () => URL.revokeObjectURL(image.src);
  button.replaceWith(made("figure", { class: "crop" }, image));
}

function hideToken() {
  keep(sessionStorage, "cohost.token", token);
  if (!query.has("token")) return;
  query.delete("token");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : "") + location.hash);
}

hideToken();
$("again").addEventListener("click", check);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-crop]");
  if (button) picture(button);
});
await check();
if (token && $("banner").hidden) {
  room.params = { room: query.get("room"), role: "operator", token, name: query.get("name"), me: kept(localStorage, "cohost.me", randomId) };
  room.connect();
}
