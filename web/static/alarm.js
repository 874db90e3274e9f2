// A short sound, once for each new alarm. The title says how many there are, whether the sound is on or not.
"use strict";

(() => {
  const live = document.getElementById("live");
  const button = document.getElementById("mute");
  if (!document.getElementById("alarms")) return;
  const title = document.title;
  const MUTED = "ringback-muted";
  const HEARD = "ringback-heard";
  const MOST = 300;
  let context = null;

  // A browser may refuse to keep anything; then a reload sounds again, which is better than silence.
  function stored(name) {
    try { return localStorage.getItem(name); } catch { return null; }
  }
  function store(name, value) {
    try { localStorage.setItem(name, value); } catch { /* as above */ }
  }

  let fallback = [];
  const heard = () => (stored(HEARD) ?? fallback.join(" ")).split(" ").filter(Boolean);
  const muted = () => stored(MUTED) === "yes";
  // Before the first click or key of a page most browsers allow no sound.
  const allowed = () => navigator.userActivation?.hasBeenActive ?? true;

  function remember(ids) {
    fallback = [...heard(), ...ids].slice(-MOST);
    store(HEARD, fallback.join(" "));
  }

  function beep() {
    context ??= new AudioContext();
    context.resume();
    for (const [tone, start] of [[880, 0], [660, 0.22], [880, 0.44]]) {
      const voice = context.createOscillator();
      const level = context.createGain();
      const at = context.currentTime + start;
      voice.frequency.value = tone;
      level.gain.setValueAtTime(0.0001, at);
      level.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
      level.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
      voice.connect(level).connect(context.destination);
      voice.start(at);
      voice.stop(at + 0.22);
    }
  }

  function say() {
    button.textContent = muted() ? button.dataset.unmute : allowed() ? button.dataset.mute : button.dataset.allow;
  }

  function look() {
    const all = [...document.querySelectorAll("#alarms [data-alarm]")];
    const marked = all.length ? `(${all.length}) ${title}` : title;
    if (document.title !== marked) document.title = marked;
    const known = heard();
    const fresh = all.filter((each) => "sound" in each.dataset).map((each) => each.dataset.alarm).filter((id) => !known.includes(id));
    if (fresh.length === 0 || !(muted() || allowed())) return;
    remember(fresh);
    if (!muted() && window.AudioContext) beep();
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    // The very click that allows the sound wants it.
    if (button.textContent !== button.dataset.allow) store(MUTED, muted() ? "no" : "yes");
    say();
    look();
  });
  for (const gesture of ["pointerup", "keyup"]) document.addEventListener(gesture, () => { if (button !== document.activeElement) say(); look(); });
  window.addEventListener("storage", say);
  new MutationObserver(look).observe(live, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-alarm", "data-sound"] });
  say();
  look();
})();
