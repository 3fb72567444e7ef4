// The speech that is on, as the frames of a room tell it.

import { el } from "./parts.js";

/** Bars that move while somebody speaks. */
export const wave = () => el("span", { class: "wave", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i"));

/** The speech that is on: which words are being said, whether it is softer, silent, cut. */
export class Aloud {
  constructor(ondraw) {
    this.ondraw = ondraw; // after every change
    this.now = null; // {speech_id, reply_id, text, lang, state, sentence, heard}
  }

  take(frame) {
    const { now } = this;
    if (frame.type === "hello") return this.forget();
    if (frame.type === "speech.started") this.now = { ...frame, state: "speaking", sentence: "" };
    else if (!now || now.speech_id !== frame.speech_id) return false;
    else if (frame.type === "caption") now.sentence = frame.text;
    else if (frame.type === "speech.ducked") now.state = "ducked";
    else if (frame.type === "speech.held") now.state = "held";
    else if (frame.type === "speech.resumed") now.state = "speaking";
    else if (frame.type === "speech.cut") Object.assign(now, { state: "cut", heard: frame.heard });
    else if (frame.type === "speech.ended") now.state = "ended";
    this.ondraw(this.now);
    if (now && (now.state === "cut" || now.state === "ended")) this.now = null;
    return true;
  }

  /** A new connection: whether the speech is still on is told next. */
  forget() {
    if (this.now) this.ondraw({ ...this.now, state: "ended" });
    this.now = null;
    return false;
  }
}
