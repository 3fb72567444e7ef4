// The console's floor: what cohost says, who speaks, who waits, what the host said.

import { Aloud, wave } from "./aloud.js";
import { $, desk, may } from "./desk.js";
import { country, el, langTag, number, said, t } from "./parts.js";

const queued = new Map(); // speech id → its text, waiting for the floor
let callers = [];
let heard = null; // the newest words of the host

const aloud = new Aloud(drawSaid);

/** True for a frame that was about the floor. */
export function floor(frame, toast) {
  if (frame.type === "speech.started") queued.delete(frame.speech_id);
  if (frame.type === "snapshot" || frame.type === "hello") reset();
  if (aloud.take(frame)) return true;
  switch (frame.type) {
    case "callers": callers = frame.items; break;
    case "speech.queue": wait(frame, toast); break;
    case "transcript.partial":
    case "transcript.final": hear(frame); break;
    default: return false;
  }
  drawFloor();
  return true;
}

function reset() {
  aloud.now = heard = null;
  queued.clear();
  drawFloor();
}

function wait(frame, toast) {
  if (frame.state === "queued") queued.set(frame.speech_id, frame);
  else if (queued.delete(frame.speech_id)) toast(`${t("not_spoken")}: ${frame.reason}`);
}

function hear(frame) {
  if (frame.role === "viewer") return;
  if (frame.text) heard = { ...frame, open: frame.type === "transcript.partial" };
  else if (heard?.open) heard = null;
}

export function drawFloor() {
  drawSaid(aloud.now);
  $("host-said").hidden = !heard;
  if (heard) $("host-said").replaceChildren(el("b", {}, heard.name || t("host")), said("span", heard.text, heard.lang, { class: heard.open ? "open" : null }));
  $("n-callers").textContent = number(callers.length);
  $("callers").replaceChildren(...(callers.length ? callers.map(caller) : [el("li", { class: "nobody" }, t("no_callers"))]));
}

function drawSaid(now) {
  const state = { cut: "idle", ended: "idle" }[now?.state] ?? now?.state ?? "idle";
  $("floor").dataset.state = state;
  $("floor-state").replaceChildren(wave(), t(`floor_${state}`));
  const words = !now || now.state === "ended" ? "" : now.state === "cut" ? now.heard : now.sentence || now.text;
  $("floor-next").textContent = queued.size ? t("floor_waiting", { n: number(queued.size) }) : "";
  $("floor-text").replaceChildren(words ? said("span", words, now.lang) : "", now?.state === "cut" ? el("span", { class: "tag bad" }, t("interrupted")) : "");
}

function caller(one) {
  const give = () => desk.send({ type: "floor.give", viewer: one.viewer });
  const state = one.on_air ? el("span", { class: "tag good" }, t("on_air")) : one.state === "queued" ? el("span", { class: "tag warm" }, t("waiting")) : null;
  return el(
    "li",
    { class: one.speaking ? "caller speaking" : "caller", "data-viewer": one.viewer },
    one.speaking ? wave() : null,
    el("b", { dir: "auto" }, one.name || t(one.role === "viewer" ? "guest" : "host")),
    langTag(one.lang),
    one.market ? el("span", { class: "where" }, country(one.market)) : null,
    state,
    one.role === "viewer" && !one.on_air && may("floor.give") ? el("button", { type: "button", class: "button small", onclick: give }, t("take")) : null,
  );
}
