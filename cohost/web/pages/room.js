// The socket of a page: joins, resumes after its last frame, comes back by itself.

const MOST_WAITING = 64_000; // bytes: two seconds of sound
const RETRY_MS = [400, 800, 1600, 3200, 6400];

/** A random id; `crypto.randomUUID` exists on secure pages only, a LAN address is none. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A value that stays with this browser (`localStorage`) or this tab (`sessionStorage`). */
export function kept(store, key, make) {
  try {
    let value = store.getItem(key);
    if (value === null && make) {
      value = make();
      store.setItem(key, value);
    }
    return value;
  } catch {
    return make ? make() : null; // storage is off: the value lives as long as the page
  }
}

export function keep(store, key, value) {
  try {
    if (value) store.setItem(key, value);
    else store.removeItem(key);
  } catch {
    // storage is off: nothing to keep
  }
}

export class Room {
  /** `params`: query of the address; `onframe(frame)`; `onstate("open" | "waiting" | "refused")`. */
  constructor({ params, onframe, onstate }) {
    this.params = params;
    this.onframe = onframe;
    this.onstate = onstate;
    this.last = null; // seq of the newest frame: where to resume
    this.tries = 0;
    this.everOpen = false;
    this.onsound = () => {}; // an ArrayBuffer of the voice that the page asked for
    this.socket = null;
    this.timer = 0;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  connect() {
    clearTimeout(this.timer);
    const url = new URL("/ws", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    for (const [name, value] of Object.entries(this.params)) if (value) url.searchParams.set(name, value);
    if (this.last !== null) url.searchParams.set("since", this.last);
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      if (typeof event.data !== "string") return this.onsound(event.data);
      const frame = JSON.parse(event.data);
      if (frame.type === "hello") this.opened();
      if (frame.type === "snapshot") this.last = frame.seq;
      else if (this.last === null || frame.seq > this.last) this.last = frame.seq;
      this.onframe(frame);
    };
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
  }

  /** Join again with other parameters (language, market), from where we are. */
  rejoin(params) {
    this.params = params;
    const old = this.socket;
    this.socket = null;
    old?.close(1000);
    this.connect();
  }

  send(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Sound of the microphone; a connection that cannot keep up loses some. */
  sendSound(pcm) {
    if (this.socket?.readyState === WebSocket.OPEN && this.socket.bufferedAmount < MOST_WAITING) this.socket.send(pcm);
  }

  opened() {
    this.tries = 0;
    this.everOpen = true;
    this.onstate("open");
  }

  closed(code) {
    const wait = code === 1008 ? 5000 : RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    this.onstate(!this.everOpen && this.tries > 1 ? "refused" : "waiting");
    this.timer = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2));
  }

  hurry() {
    if (this.socket?.readyState === WebSocket.CLOSED) this.connect();
  }
}
