// The page's ears and voice: `Ear` hears the microphone, `Player` plays what the room sends.

import { icon } from "./parts.js";
import { keep, kept } from "./room.js";

const LINGER_MS = 10_000; // the microphone stays ready this long after it was used
const KEY = "cohost.sound";
let opened = null;

/** The page's one audio context; suspended until the browser has seen a gesture. */
export function context() {
  if (!opened) {
    const audio = new AudioContext({ latencyHint: "interactive" });
    // An insecure page has no audio threads: the page works out what it plays.
    const ready = audio.audioWorklet ? audio.audioWorklet.addModule("/pages/worklet.js") : Promise.resolve();
    opened = { audio, ready };
  }
  if (opened.audio.state !== "running") opened.audio.resume().catch(() => {});
  return opened;
}

/** Call `then` with every touch or key until it says true. */
export function onGesture(then) {
  const kinds = ["pointerup", "keydown", "click"];
  const act = () => {
    if (then()) for (const kind of kinds) removeEventListener(kind, act, true);
  };
  for (const kind of kinds) addEventListener(kind, act, true);
}

const REFUSED = ["NotAllowedError", "SecurityError"];

/** The microphone at 16 kHz: `onframe(ArrayBuffer of s16le, level 0..1)` while it is on. */
export class Ear {
  constructor(onframe) {
    this.onframe = onframe;
    this.on = false;
    this.stream = null;
    this.timer = 0;
  }

  /** Resolves when it hears; rejects with a word's key where it cannot. */
  async open() {
    clearTimeout(this.timer);
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) throw "mic_insecure";
    const { audio, ready } = context(); // now: it needs the gesture
    if (!this.stream?.active) {
      this.close();
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } });
        await ready;
      } catch (error) {
        throw REFUSED.includes(error.name) ? "mic_refused" : "mic_missing";
      }
      this.source = audio.createMediaStreamSource(this.stream);
      this.node = new AudioWorkletNode(audio, "ear", { numberOfOutputs: 0 });
      this.node.port.onmessage = ({ data }) => this.on && this.onframe(data.frame, data.level);
      this.source.connect(this.node);
    }
    this.on = true;
  }

  /** Deaf at once; the device is let go a little later, so that the next word is not lost. */
  rest() {
    this.on = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.close(), LINGER_MS);
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.source?.disconnect();
    this.stream = null;
  }
}

/** One voice: cohost's, or the caller's. `report({id, ms, at})` says how much of a speech was played. */
export class Player {
  constructor(report = () => {}) {
    this.report = report;
    this.send = null;
  }

  get live() {
    return this.send !== null && opened.audio.state === "running";
  }

  async open() {
    const { audio, ready } = context();
    await ready;
    if (this.send) return;
    if (audio.audioWorklet) {
      this.node = new AudioWorkletNode(audio, "player", { numberOfInputs: 0, outputChannelCount: [1] });
      // a busy page hears of it late: `ago` says how late
      this.node.port.onmessage = ({ data }) => this.report({ ...data, ago: Math.max(0, Math.round((audio.currentTime - data.time) * 1000)) });
      this.send = (message) => this.node.port.postMessage(message, message.pcm ? [message.pcm] : []);
    } else {
      const { Playing } = await import("./worklet.js");
      if (this.send) return;
      const core = new Playing(audio.sampleRate, (data) => this.report(data));
      this.node = audio.createScriptProcessor(256, 0, 1);
      this.node.onaudioprocess = (event) => core.fill(event.outputBuffer.getChannelData(0));
      this.send = (message) => core.take(message);
    }
    this.node.connect(audio.destination);
  }

  /** `act`: start, duck, hold, resume, cut, end. */
  do(act, id) {
    if (this.live) this.send({ act, id });
  }

  /** s16le of the speech that started last. Nothing is kept for a context that does not run. */
  sound(pcm) {
    if (this.live) this.send({ act: "pcm", pcm });
  }
}

const ACTS = { "speech.started": "start", "speech.ducked": "duck", "speech.held": "hold", "speech.resumed": "resume", "speech.cut": "cut", "speech.ended": "end" };

/** cohost's voice on a page: what frames of a room say, done to a player, and reported to the room. */
export class Voice {
  constructor(room) {
    this.late = ""; // a speech that this page hears from its middle: what it plays of it says nothing
    this.player = new Player(({ id, ms, at, ago }) => id === this.late || room.send({ type: "playout", speech_id: id, played_ms: ms, at, ago }));
    room.onsound = (pcm) => this.player.sound(pcm);
  }

  take(frame) {
    if (frame.type === "hello") this.player.do("cut", null); // how it ended on the old connection is not told again
    if (!(frame.type in ACTS)) return;
    if (frame.late || (frame.type === "speech.started" && !this.player.live)) this.late = frame.speech_id;
    this.player.do(ACTS[frame.type], frame.speech_id);
  }
}

/** The sound button: off at first, remembered; on needs a gesture. `onturn(on)`: join again with it. */
export class SoundButton {
  constructor(button, player, onturn, ask) {
    Object.assign(this, { button, player, onturn, ask });
    this.on = false;
    button.addEventListener("click", () => this.turn(!this.on));
    this.draw();
    if (kept(localStorage, KEY) === "on") this.remember();
  }

  async remember() {
    if (await this.runs()) return this.set(true);
    this.ask(true);
    onGesture(() => {
      if (!this.on) this.turn(true);
      return true;
    });
  }

  async runs() {
    await this.player.open();
    const { audio } = context();
    for (let tries = 0; tries < 20 && audio.state !== "running"; tries++) await new Promise((done) => setTimeout(done, 25));
    return audio.state === "running";
  }

  async turn(on) {
    keep(localStorage, KEY, on ? "on" : "off");
    this.set(on && (await this.runs()));
  }

  set(on) {
    this.ask(false);
    if (on === this.on) return;
    this.on = on;
    this.draw();
    this.onturn(on);
  }

  draw() {
    this.button.setAttribute("aria-pressed", this.on);
    this.button.replaceChildren(icon(this.on ? "sound" : "muted"));
  }
}
