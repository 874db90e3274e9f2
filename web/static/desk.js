// Beside live.js: says that the desk is open, so that its agent gets time to prepare, and lets its clocks tick.
"use strict";
(() => {
  const HERE_MS = 5000;
  const TICK_MS = 250;
  const { here, outdated } = document.currentScript.dataset;
  const hand = document.getElementById("hand");
  const begun = new WeakMap();

  function say() {
    // Nobody prepares by a page he does not see, or one that he has paused (`paused` is that of live.js).
    if (document.hidden || paused) return;
    const token = new FormData(hand).get("csrf_token");
    // Who signed in again in another tab has another token: this one is refused for ever, and so are all buttons here.
    // What fails on its way is said again in five seconds; that the desk cannot be reached is said by the poll.
    fetch(here, { method: "POST", body: new URLSearchParams({ csrf_token: token }) })
      .then((answer) => warn("token", answer.ok && !answer.redirected ? "" : outdated))
      .catch(() => {});
  }

  function tick(clock) {
    const { seconds, drawn, way } = clock.dataset;
    const told = `${drawn} ${seconds} ${way}`;
    if (begun.get(clock)?.told !== told) begun.set(clock, { told, at: performance.now() });
    const passed = Math.floor((performance.now() - begun.get(clock).at) / 1000);
    const now = Math.max(0, Number(seconds) + (way === "down" ? -passed : passed));
    const text = `${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`;
    if (clock.textContent !== text) clock.textContent = text;
  }

  say();
  setInterval(say, HERE_MS);
  document.addEventListener("visibilitychange", say);
  setInterval(() => document.querySelectorAll(".clock").forEach(tick), TICK_MS);
})();
