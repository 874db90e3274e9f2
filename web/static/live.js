// Around htmx's polling of #live: when not to ask, what not to show, and how old what is shown has become.
"use strict";

const live = document.getElementById("live");
const updated = document.getElementById("updated");
const stale = document.getElementById("stale");
const pause = document.getElementById("pause");
let paused = false;
let shown = null;

function warn(failed) {
  const text = failed ? `${stale.dataset.text} ${updated.textContent}` : "";
  // Written only when it changes: each writing of a role=alert is read aloud.
  if (stale.textContent !== text) stale.textContent = text;
  stale.hidden = !failed;
}

live.addEventListener("htmx:before:request", (event) => {
  if (paused || document.hidden) event.preventDefault();
});

live.addEventListener("htmx:before:response", (event) => {
  const response = event.detail.ctx.response;
  if (response.headers.get("HX-Redirect")) return; // signed out meanwhile
  const good = response.status === 200 || response.status === 304;
  if (good) updated.textContent = response.headers.get("Ringback-Time") ?? updated.textContent;
  warn(!good);
  // After a 304 the browser hands over its stored 200: the same page again, which needs no drawing.
  const tag = response.headers.get("ETag");
  if (!good || tag === shown) event.preventDefault();
  else shown = tag;
});

live.addEventListener("htmx:error", () => warn(true));

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) htmx.trigger(live, "refresh");
});

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause;
  if (!paused) htmx.trigger(live, "refresh");
});
