// Beside live.js: says that the desk is open, so that its agent gets time to prepare, lets its clocks tick, and takes
// away what was said of his last button: this page stays open all day, and it would soon be wrong.
"use strict";
(() => {
  const HERE_MS = 5000;
  const TICK_MS = 250;
  const SAID_MS = 10000;
  const here = document.currentScript.dataset.here;
  const hand = document.getElementById("hand");
  const begun = new WeakMap();

  function say() {
    // Nobody prepares by a page he does not see, or one that he has paused (`paused` is that of live.js).
    if (document.hidden || paused) return;
    const token = new FormData(hand).get("csrf_token");
    // What fails is said again in five seconds; that the desk cannot be reached is said by the poll.
    fetch(here, { method: "POST", body: new URLSearchParams({ csrf_token: token }) }).catch(() => {});
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

  function forget() {
    document.querySelectorAll("main > .banner[role]:not(#stale)").forEach((said) => said.remove());
  }

  say();
  setTimeout(forget, SAID_MS);
  setInterval(say, HERE_MS);
  document.addEventListener("visibilitychange", say);
  setInterval(() => document.querySelectorAll(".clock").forEach(tick), TICK_MS);
})();
