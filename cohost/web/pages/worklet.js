// Sound on the audio thread: the microphone → 16 kHz frames; cohost's 16 kHz → whatever the page plays at.

export const RATE = 16000;
const FRAME = 512; // samples of a microphone frame: 32 ms
const START = 960; // a speech begins (or goes on after a gap) with this much in hand: 60 ms
const REPORT_MS = 200;
const SOFT = 0.25;
const PHASES = 256;

/** Windowed sinc to read a signal between its samples. `cut`: the band that passes, 1 = all of it. */
function kernel(cut) {
  const half = Math.ceil(8 / cut);
  const table = new Float32Array((PHASES + 1) * 2 * half);
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0;
    const row = table.subarray(phase * 2 * half, (phase + 1) * 2 * half);
    for (let k = 0; k < row.length; k++) {
      const x = k - half + 1 - phase / PHASES;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * cut * x) / (Math.PI * cut * x);
      row[k] = Math.abs(x) < half ? sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / half)) : 0;
      sum += row[k];
    }
    for (let k = 0; k < row.length; k++) row[k] /= sum;
  }
  return { half, table };
}

/** A ring of samples, `size` a power of two, read at any place that it still holds. */
class Ring {
  constructor(size, cut) {
    this.data = new Float32Array(size);
    this.mask = size - 1;
    this.written = 0;
    Object.assign(this, kernel(cut));
  }

  write(samples, scale) {
    for (let i = 0; i < samples.length; i++) this.data[this.written++ & this.mask] = samples[i] * scale;
    for (let i = 0; i < this.half; i++) this.data[(this.written + i) & this.mask] = 0; // what comes after is silence
  }

  at(place) {
    const whole = Math.floor(place);
    const row = Math.round((place - whole) * PHASES) * 2 * this.half;
    let sum = 0;
    for (let k = 0; k < 2 * this.half; k++) sum += this.data[(whole + k - this.half + 1) & this.mask] * this.table[row + k];
    return sum;
  }
}

/** Samples at `rate` in, `give(Int16Array of 512, level 0..1)` at 16 kHz out. */
export class Hearing {
  constructor(rate, give) {
    this.step = rate / RATE;
    this.ring = new Ring(1 << 14, Math.min(1, RATE / rate) * 0.94);
    this.give = give;
    this.place = 0;
    this.clear();
  }

  clear() {
    this.frame = new Int16Array(FRAME);
    this.size = 0;
    this.power = 0;
  }

  take(samples) {
    this.ring.write(samples, 1);
    for (; this.place + this.ring.half < this.ring.written; this.place += this.step) {
      const value = Math.max(-1, Math.min(1, this.ring.at(this.place)));
      this.power += value * value;
      this.frame[this.size++] = Math.round(value * 32767);
      if (this.size < FRAME) continue;
      this.give(this.frame, Math.sqrt(this.power / FRAME));
      this.clear();
    }
  }
}

/** cohost's voice: speeches one after another, softer, silent, going on or cut as the room says.
 *  `tell({id, ms, at})`: how much of a speech was played, every 200 ms and when it falls silent. */
export class Playing {
  constructor(rate, tell) {
    this.rate = rate;
    this.tell = tell;
    this.step = RATE / rate;
    this.ring = new Ring(1 << 15, Math.min(0.97, rate / RATE));
    this.place = 0;
    this.speeches = []; // {id, from, ended}: the one that plays, and what follows it
    this.going = false;
    this.held = false;
    this.cutting = null;
    this.since = 0; // output samples since the last report
    this.level(1, 0);
    this.gain = 1;
  }

  get ahead() {
    return this.ring.written - this.place;
  }

  level(target, ms) {
    this.target = target;
    this.slope = ms ? Math.abs(target - this.gain) / ((ms / 1000) * this.rate) : 1;
  }

  take({ act, id, pcm }) {
    if (act === "pcm") {
      this.ring.write(new Int16Array(pcm), 1 / 32768);
      const most = this.ring.mask + 1 - FRAME;
      if (this.ahead > most) this.place = this.ring.written - most; // the oldest is lost
    } else if (act === "start") {
      this.speeches.push({ id, from: this.ring.written, ended: false });
      this.held = false;
      this.level(1, 8);
    } else if (act === "duck") this.level(SOFT, 40);
    else if (act === "hold") {
      this.held = true;
      this.level(0, 8);
      if (!this.going) this.silent();
    } else if (act === "resume") {
      this.level(1, this.held ? 8 : 40);
      this.held = false;
    } else if (act === "cut") this.cut(id);
    else if (act === "end") for (const one of this.speeches) one.ended ||= one.id === id;
  }

  report(at) {
    const one = this.speeches[0];
    this.since = 0;
    if (one) this.tell({ id: one.id, ms: (Math.min(this.place, this.ring.written) - one.from) / (RATE / 1000), at });
  }

  silent() {
    this.gain = 0;
    this.report("held");
  }

  /** Whether there is a sample to play at this moment. */
  flows() {
    if (this.held && this.gain === 0) return false;
    while (this.speeches[1] && this.place >= this.speeches[1].from) this.over();
    if (this.ahead <= 0) {
      this.going = false;
      if (this.speeches[0]?.ended) this.over();
      return false;
    }
    if (!this.going && (this.ahead >= START || this.speeches[0]?.ended)) {
      this.going = true;
      this.gain = 0;
      if (!this.held) this.level(this.target, 8);
    }
    return this.going;
  }

  over() {
    this.report("ended");
    this.speeches.shift();
  }

  fill(out) {
    if (this.cutting) return this.fade(out);
    for (let i = 0; i < out.length; i++) {
      if (!this.flows()) {
        out[i] = 0;
        continue;
      }
      out[i] = this.ring.at(this.place) * this.gain * Math.min(1, this.ahead / 64);
      this.place += this.step;
      this.since += 1;
      if (this.gain !== this.target) this.turn();
    }
    if (this.since >= (this.rate * REPORT_MS) / 1000) this.report("");
  }

  turn() {
    const way = this.target - this.gain;
    this.gain = Math.abs(way) <= this.slope ? this.target : this.gain + Math.sign(way) * this.slope;
    if (this.held && this.gain === 0) this.silent();
  }

  /** What came so far is over; what comes from now on is another speech. */
  cut(id) {
    if (this.cutting) this.drop();
    const sounds = this.going && !(this.held && this.gain === 0);
    this.cutting = { id, at: this.ring.written, gain: sounds ? this.gain : 0, speeches: this.speeches };
    this.speeches = [];
    this.going = this.held = false;
    this.level(1, 0);
  }

  /** The block in which a speech that was cut falls silent. */
  fade(out) {
    const { at, gain } = this.cutting;
    out.fill(0);
    for (let i = 0; gain && i < out.length && this.place < at; i++, this.place += this.step) {
      out[i] = this.ring.at(this.place) * gain * (1 - (i + 1) / out.length);
    }
    this.drop();
  }

  drop() {
    const { id, at, speeches } = this.cutting;
    const one = speeches.find((speech) => speech.id === id);
    if (one) this.tell({ id, ms: (Math.min(this.place, at) - one.from) / (RATE / 1000), at: "cut" });
    this.place = at;
    this.cutting = null;
    this.since = 0;
  }
}

if (globalThis.registerProcessor) {
  registerProcessor("ear", class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.core = new Hearing(sampleRate, (frame, level) => this.port.postMessage({ frame: frame.buffer, level }, [frame.buffer]));
    }

    process([input]) {
      if (input[0]) this.core.take(input[0]);
      return true;
    }
  });
  registerProcessor("player", class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.core = new Playing(sampleRate, (report) => this.port.postMessage({ ...report, time: currentTime }));
      this.port.onmessage = ({ data }) => this.core.take(data);
    }

    process(inputs, [output]) {
      this.core.fill(output[0]);
      for (const other of output.slice(1)) other.set(output[0]);
      return true;
    }
  });
}
