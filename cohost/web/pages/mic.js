// The microphone button: hold to talk, tap to leave open; a lane or a place in the queue.

import { Ear } from "./audio.js";
import { number, t } from "./parts.js";

const TAP_MS = 350;
const TAIL_MS = 220; // the last sound of a word comes after the finger
const KEEP = 48; // frames heard before the room answered: 1.5 s

/** `state`: off, asking (for permission), starting, open, queued. `stays`: open without being held. */
export class Microphone {
  constructor(button, room, onchange) {
    this.button = button;
    this.room = room;
    this.onchange = onchange; // (state, fault: a word's key or "")
    this.ear = new Ear((pcm, level) => this.heard(pcm, level));
    this.state = "off";
    this.stays = false;
    this.place = null;
    this.kept = [];
    this.down = null; // when it was pressed
    this.listen();
  }

  listen() {
    const { button } = this;
    button.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (event.isTrusted) button.setPointerCapture(event.pointerId);
      this.press();
    });
    for (const kind of ["pointerup", "pointercancel"]) button.addEventListener(kind, () => this.release());
    button.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) this.press();
    });
    button.addEventListener("keyup", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault(); // no click of its own
      this.release();
    });
    button.addEventListener("click", (event) => event.detail === 0 && this.down === null && this.toggle()); // an assistive tool
    button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch
  }

  toggle() {
    this.press();
    this.release();
  }

  press() {
    this.down = performance.now();
    clearTimeout(this.tail);
    this.closing = this.state !== "off" && this.stays;
    this.leaving = false;
    if (this.state === "off") this.start();
  }

  release() {
    if (this.down === null) return;
    const tapped = performance.now() - this.down < TAP_MS;
    this.down = null;
    if (this.state === "off") return; // it could not start
    if (this.closing) return this.stop();
    if (tapped) {
      this.stays = true;
      this.change();
    } else if (this.state === "open") this.tail = setTimeout(() => this.stop(), TAIL_MS);
    else if (this.state !== "queued") this.leaving = true; // as soon as the room has heard it
  }

  async start() {
    this.stays = false;
    this.kept = [];
    this.change("asking");
    try {
      await this.ear.open();
    } catch (key) {
      this.stays = false;
      this.change("off", key);
      return;
    }
    if (this.state !== "asking") return this.ear.rest();
    if (this.leaving) return this.stop(); // the browser's question took the finger away
    this.ask();
  }

  ask() {
    this.change("starting");
    this.room.send({ type: "mic.start" });
  }

  stop() {
    if (this.state !== "off" && this.state !== "asking") this.room.send({ type: "mic.stop" });
    this.ear.rest();
    this.stays = false;
    this.change("off");
  }

  /** A new connection: the old one's lane is gone. */
  hello() {
    if (this.state !== "off" && this.state !== "asking") this.ask();
  }

  /** mic.state of the room. */
  take(frame) {
    if (this.state === "off" || this.state === "asking") return;
    this.place = frame.position ?? null;
    if (frame.state === "denied") {
      const asked = this.state === "starting";
      this.ear.rest();
      this.stays = false;
      this.change("off", frame.code === "in_writing" ? "mic_in_writing" : asked ? "mic_full" : "mic_closed");
      return;
    }
    if (frame.state === "queued") {
      this.kept = [];
      this.stays = true; // the hand stays up when the finger leaves
      return this.change("queued");
    }
    for (const pcm of this.kept.splice(0)) this.room.sendSound(pcm);
    this.change("open");
    if (this.leaving) this.tail = setTimeout(() => this.stop(), TAIL_MS);
  }

  heard(pcm, level) {
    this.button.style.setProperty("--level", Math.min(1, level * 6).toFixed(3));
    if (this.state === "open") this.room.sendSound(pcm);
    else if (this.state === "starting") {
      this.kept.push(pcm);
      if (this.kept.length > KEEP) this.kept.shift();
    }
  }

  change(state = this.state, fault = "") {
    this.state = state;
    const { button } = this;
    button.dataset.state = state;
    button.setAttribute("aria-pressed", state !== "off");
    if (state !== "open") button.style.setProperty("--level", "0");
    this.onchange(state, fault);
  }

  /** What to tell the person, in the page's language. */
  words() {
    if (this.state === "asking") return t("mic_asking");
    if (this.state === "queued") return t("mic_queued", { n: this.place === null ? "–" : number(this.place) });
    if (this.state === "off") return "";
    return t(this.stays ? "mic_open" : "listening");
  }
}
