// Around htmx's polling of #live: when not to ask, what not to show, and how old what is shown has become.
// It takes away what was said of the last button: the page stays open all day, and that would soon be wrong.
"use strict";

const live = document.getElementById("live");
const updated = document.getElementById("updated");
const stale = document.getElementById("stale");
const pause = document.getElementById("pause");
let paused = false;
let shown = null;

const wrong = new Map();
const SAID_MS = 10000;

// Says what is wrong with this page; `text` is empty where that is over. Another thing may be wrong all the same.
function warn(what, text) {
  wrong.set(what, text);
  const told = [...wrong.values()].filter(Boolean).join(" ");
  // Written only when it changes: each writing of a role=alert is read aloud.
  if (stale.textContent !== told) stale.textContent = told;
  stale.hidden = !told;
}

const fails = () => warn("poll", `${stale.dataset.text} ${updated.textContent}`);

live.addEventListener("htmx:before:request", (event) => {
  if (paused || document.hidden) event.preventDefault();
});

live.addEventListener("htmx:before:response", (event) => {
  const response = event.detail.ctx.response;
  if (response.headers.get("HX-Redirect")) return; // signed out meanwhile
  const good = response.status === 200 || response.status === 304;
  if (good) updated.textContent = response.headers.get("Ringback-Time") ?? updated.textContent;
  if (good) warn("poll", "");
  else fails();
  // After a 304 the browser hands over its stored 200: the same page again, which needs no drawing.
  const tag = response.headers.get("ETag");
  if (!good || tag === shown) event.preventDefault();
  else shown = tag;
});

live.addEventListener("htmx:error", fails);

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) htmx.trigger(live, "refresh");
});

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause;
  if (!paused) htmx.trigger(live, "refresh");
});

// What was refused stays, until the next page: somebody has to read it.
setTimeout(() => document.querySelectorAll("main > .banner.good").forEach((said) => said.remove()), SAID_MS);
