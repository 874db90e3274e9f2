// The page of the telephones: handsets, clock, inbox, stories and the wire, all from what /console/… answers.
"use strict";

/**
 * @typedef {{verb: string, text: string, language?: string, digits?: string}} Line
 * @typedef {{sid: string, from: string, to: string, direction: string, status: string, transcript: Line[],
 *   keyed: {after: number, digits: string}[], gathering: ?{digits: string, numDigits: ?number}, recording: boolean,
 *   bridged: boolean, was_bridged: boolean, created: string, answered: ?string, ended: ?string}} Leg
 * @typedef {{number: string, name: string, about: string, side: string, language: string}} Telephone
 */

const FINAL = new Set(["completed", "busy", "failed", "no-answer", "canceled"]);
const KEYS = { 1: "", 2: "abc", 3: "def", 4: "ghi", 5: "jkl", 6: "mno", 7: "pqrs", 8: "tuv", 9: "wxyz", "*": "", 0: "+", "#": "" };
const MOST_EXCHANGES = 300;
/** The order of the buttons; other moments come after these. */
const MOMENTS = ["next_opening", "next_working_day", "lunch_break", "end_of_week"];
const POLL_MS = 500;
const HIDDEN_POLL_MS = 3000;
const LONGEST_POLL_MS = 8000;
/** A network that takes a question and never answers is as silent as one that is gone. */
const LONGEST_ANSWER_MS = 30_000;

// ---------------------------------------------------------------------------------------------------- small tools

const $ = (selector, root = document) => root.querySelector(selector);

/** An element with properties and children; strings become text, never markup. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const fromTemplate = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Write only what changed: untouched text keeps its selection, and is not announced anew. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

function mark(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

const remembered = {
  read(name) { try { return localStorage.getItem(`console.${name}`); } catch { return null; } },
  write(name, value) { try { localStorage.setItem(`console.${name}`, value); } catch { /* private window: not kept */ } },
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// ------------------------------------------------------------------------------------------------------- the network

/** Ask the console; throws an Error whose message can be shown. */
async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(LONGEST_ANSWER_MS), ...options });
  } catch {
    throw new Error("The network does not answer. Does the program still run?");
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const trouble = new Error(content.error ? `${capital(content.error)}.`.replace(/\.\.$/, ".") : `It answered ${answer.status}.`);
    throw Object.assign(trouble, { status: answer.status });
  }
  return content;
}

/** Asks for the state again and again, one request at a time; `tell` hears of a change, `lost` of silence. */
class Poll {
  constructor(tell, lost) {
    this.tell = tell;
    this.lost = lost;
    this.tag = null;
    this.fails = 0;
    this.timer = 0;
    this.asking = false;
    this.again = false;
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.now(); });
  }

  now() {
    clearTimeout(this.timer);
    if (this.asking) this.again = true;
    else this.once();
  }

  async once() {
    this.asking = true;
    let state = null;
    try {
      const answer = await fetch("state", { cache: "no-store", signal: AbortSignal.timeout(LONGEST_POLL_MS), headers: this.tag ? { "If-None-Match": this.tag } : {} });
      if (answer.status === 200) {
        state = await answer.json();
        this.tag = answer.headers.get("ETag");
      } else if (answer.status !== 304) throw new Error(String(answer.status));
      this.fails = 0;
    } catch {
      this.fails += 1;
    }
    // A mistake of this page is no silence of the network, and does not end the asking.
    try { if (state) this.tell(state); } catch (mistake) { console.error(mistake); }
    this.lost(this.fails > 1);
    this.asking = false;
    const rest = document.hidden ? HIDDEN_POLL_MS : Math.min(POLL_MS * 2 ** this.fails, LONGEST_POLL_MS);
    this.timer = setTimeout(() => this.once(), this.again ? 0 : rest);
    this.again = false;
  }
}

// ------------------------------------------------------------------------------------------------ numbers and moments

/** A number as people of its country write it: "03 460 35 35", "0470 12 34 56"; anything else as it is. */
function readable(number) {
  if (number === "anonymous") return "withheld number";
  const national = /^\+32(\d{8,9})$/.exec(number);
  if (!national) return number;
  const digits = `0${national[1]}`;
  if (digits.length === 10) return digits.replace(/(\d{4})(\d\d)(\d\d)(\d\d)/, "$1 $2 $3 $4");
  if (/^0[2349]/.test(digits)) return digits.replace(/(\d\d)(\d{3})(\d\d)(\d\d)/, "$1 $2 $3 $4");
  return digits.replace(/(\d{3})(\d\d)(\d\d)(\d\d)/, "$1 $2 $3 $4");
}

/** What was dialled as an international number; national forms take the country of the hotline. */
function international(dialled) {
  const digits = dialled.replace(/\(0\)/, "").replace(/[^\d+]/g, "");
  return digits.startsWith("+") ? digits : digits.startsWith("00") ? `+${digits.slice(2)}` : digits.replace(/^0/, "+32");
}

/** Moments in the scene's timezone. */
class Calendar {
  constructor(timeZone) {
    const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options });
    this.time = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.minute = format({ hour: "2-digit", minute: "2-digit" });
    this.date = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.near = format({ weekday: "short" });
    this.far = format({ weekday: "short", day: "numeric", month: "short" });
  }

  day(at) { return this.date.format(at).replace(",", ""); }

  short(at, now) {
    const days = Math.abs(at - now) / 86_400_000;
    return `${(days < 6 ? this.near : this.far).format(at).replace(",", "")} ${this.minute.format(at)}`;
  }
}

function stopwatch(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

// ------------------------------------------------------------------------------------------------------------- sounds

/** Key tones, the bell, recordings. Silent until a finger switched the sound on. */
class Sounds {
  constructor() {
    this.on = false;
    this.context = null;
    this.bell = 0;
  }

  /** Browsers let a page sound only after a gesture; this is called from one. */
  wake() {
    if (!this.on) return;
    this.context ??= new AudioContext();
    this.context.resume();
  }

  beep(frequencies, seconds, volume) {
    if (!this.on || this.context?.state !== "running") return;
    const now = this.context.currentTime;
    const gain = new GainNode(this.context, { gain: 0 });
    gain.gain.linearRampToValueAtTime(volume, now + 0.015);
    gain.gain.setValueAtTime(volume, now + seconds - 0.03);
    gain.gain.linearRampToValueAtTime(0, now + seconds);
    gain.connect(this.context.destination);
    for (const frequency of frequencies) {
      const tone = new OscillatorNode(this.context, { frequency });
      tone.connect(gain);
      tone.start(now);
      tone.stop(now + seconds);
    }
  }

  key(key) {
    const at = "123456789*0#".indexOf(key);
    this.beep([[697, 770, 852, 941][Math.floor(at / 3)], [1209, 1336, 1477][at % 3]], 0.14, 0.06);
  }

  ring(ringing) {
    if (ringing && !this.bell) {
      const once = () => { this.beep([440, 554], 0.4, 0.035); setTimeout(() => this.beep([440, 554], 0.4, 0.035), 550); };
      once();
      this.bell = setInterval(once, 2600);
    } else if (!ringing && this.bell) {
      clearInterval(this.bell);
      this.bell = 0;
    }
  }
}

/** Reads out what is said: with the browser's voice of that language, else with the network's, else not at all. */
class Voice {
  constructor(network, note) {
    this.network = network;
    this.note = note;
    this.on = false;
    this.queue = [];
    this.speaking = null;
    this.audio = null;
    // Voices come late, and only once somebody asked for them.
    window.speechSynthesis?.getVoices();
    window.speechSynthesis?.addEventListener?.("voiceschanged", () => { this.voices = null; });
  }

  /** The best voice of a language; never one of another language. */
  pick(language) {
    this.voices ??= window.speechSynthesis?.getVoices() ?? [];
    const wish = language.toLowerCase(), [family] = wish.split("-");
    const regions = { nl: ["nl-be"], fr: ["fr-be", "fr-fr"], en: ["en-gb"] }[family] ?? [];
    const order = [...regions, wish];
    const rank = (voice) => {
      const at = order.indexOf(voice.lang.toLowerCase().replace("_", "-"));
      return (at < 0 ? order.length : at) * 4 + (/espeak/i.test(voice.name) ? 2 : 0) + (/natural|premium/i.test(voice.name) ? 0 : 1);
    };
    return this.voices.filter((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === family)
      .sort((one, other) => rank(one) - rank(other))[0];
  }

  say(sid, text, language) {
    if (!this.on) return;
    // Sentence by sentence: some voices break off in a long text.
    for (const part of text.match(/[^.!?]+[.!?]*\s*/g) ?? [text]) this.queue.push({ sid, text: part.trim(), language });
    this.next();
  }

  next() {
    if (this.speaking || !this.queue.length) return;
    const part = this.speaking = this.queue.shift();
    const done = () => { if (this.speaking === part) { this.speaking = null; this.next(); } };
    const voice = this.pick(part.language);
    if (voice) {
      const words = Object.assign(new SpeechSynthesisUtterance(part.text), { voice, lang: voice.lang, onend: done, onerror: done });
      // A voice that was just stopped swallows what it is told at once.
      setTimeout(() => { if (this.speaking === part) speechSynthesis.speak(words); }, 60);
    } else if (this.network) {
      this.audio = new Audio(`speech?language=${encodeURIComponent(part.language)}&text=${encodeURIComponent(part.text)}`);
      Object.assign(this.audio, { onended: done, onerror: done });
      this.audio.play().catch(done);
    } else {
      this.note(`No voice for ${part.language} in this browser: read what is said.`);
      done();
    }
  }

  /** Stop what a call says; everything, without a call. */
  stop(sid) {
    this.queue = sid ? this.queue.filter((part) => part.sid !== sid) : [];
    if (!this.speaking || (sid && this.speaking.sid !== sid)) return;
    this.speaking = null;
    window.speechSynthesis?.cancel();
    this.audio?.pause();
    this.next();
  }
}

// ---------------------------------------------------------------------------------------------------------- transcript

/** What is heard and pressed in one call, line by line; a list that only grows. */
class Transcript {
  constructor(box) {
    this.box = box;
    this.list = $("ol", box);
    this.sid = null;
    this.lines = 0;
    this.keys = 0;
  }

  /** @param {?Leg} leg */
  follow(leg) {
    if ((leg?.sid ?? null) !== this.sid) {
      this.sid = leg?.sid ?? null;
      this.lines = this.keys = 0;
      this.list.replaceChildren();
    }
    if (!leg || (leg.transcript.length === this.lines && leg.keyed.length === this.keys)) return;
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 40;
    while (this.lines < leg.transcript.length || this.keys < leg.keyed.length) {
      const keyed = leg.keyed[this.keys];
      if (keyed && keyed.after <= this.lines) {
        this.pressed(keyed.digits);
        this.keys += 1;
      } else {
        const line = transcriptLine(leg.transcript[this.lines]);
        if (line) this.list.append(line);
        this.lines += 1;
      }
    }
    if (atEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  /** Keys in a row stand in one line. */
  pressed(digits) {
    const last = this.list.lastElementChild;
    if (last?.classList.contains("keyed")) last.lastElementChild.append(` ${digits}`);
    else this.list.append(make("li", { className: "quiet keyed" }, "pressed ", make("kbd", { textContent: digits })));
  }
}

/** @param {Line} line @returns {?HTMLElement} */
function transcriptLine(line) {
  const quiet = (...content) => make("li", { className: "quiet" }, ...content);
  switch (line.verb) {
    case "Say": return make("li", { className: "said", lang: line.language ?? "en", textContent: line.text });
    case "Spoken": return make("li", { className: "own", textContent: line.text });
    case "Error": return make("li", { className: "wrong", textContent: line.text, title: line.reason ?? "" });
    case "Play":
      if (line.sound) return quiet("a recording is played ", playButton(line.sound));
      return quiet(line.digits ? `tones: ${line.digits}` : "a sound is played");
    case "Record": return quiet("the tone: what is said now is recorded");
    case "Dial": return quiet(`${app.nameOf(line.text)} is rung`);
    case "Hangup": return quiet("the service hangs up");
    case "Reject": return quiet("the service does not take the call");
    case "Pause": return null;
    default: return quiet(`${line.verb} ${line.text ?? ""}`.trim());
  }
}

function playButton(sound) {
  const button = make("button", { className: "small play", textContent: "▶ Listen" });
  let audio = null;
  const rest = () => { audio = null; button.textContent = "▶ Listen"; };
  button.addEventListener("click", () => {
    if (audio) { audio.pause(); rest(); return; }
    audio = Object.assign(new Audio(`sounds/${sound}`), { onended: rest, onerror: rest });
    button.textContent = "■ Stop";
    audio.play().catch(rest);
  });
  return button;
}

// ------------------------------------------------------------------------------------------------------------ handsets

/** One telephone: display, keys, what is heard. */
class Handset {
  /** @param {Telephone} telephone */
  constructor(telephone, role) {
    this.telephone = telephone;
    this.role = role;
    /** @type {?Leg} */
    this.leg = null;
    this.fresh = true;
    this.presses = Promise.resolve();
    this.root = fromTemplate("handset-template");
    this.parts = Object.fromEntries(["name", "about", "note", "state", "timer", "other", "dial", "number", "rub", "heard", "message",
      "hint", "keys", "behaviour", "tap", "chooser", "people", "other-number", "kind", "ownnumber"].map((name) => [name, $(`.${name}`, this.root)]));
    this.buttons = Object.fromEntries([...this.root.querySelectorAll("[data-deed]")].map((each) => [each.dataset.deed, each]));
    this.transcript = new Transcript(this.parts.heard);
    this.parts.number.value = readable(app.scene.hotline);
    for (const [key, letters] of Object.entries(KEYS).sort(byPlace)) {
      const button = make("button", { type: "button" }, make("b", { textContent: key }), make("small", { textContent: letters, ariaHidden: "true" }));
      button.dataset.key = key;
      button.setAttribute("aria-label", { "*": "* star", "#": "# hash" }[key] ?? key);
      button.addEventListener("click", () => this.key(key));
      this.parts.keys.append(button);
    }
    this.parts.rub.addEventListener("click", () => this.rub());
    this.parts.number.addEventListener("focus", () => { if (this.fresh) this.parts.number.select(); });
    this.parts.number.addEventListener("input", () => { this.fresh = false; this.trouble = ""; this.render(); });
    this.root.addEventListener("keydown", (event) => this.typed(event));
    for (const [deed, button] of Object.entries(this.buttons)) button.addEventListener("click", () => this.does(deed));
    this.parts.message.addEventListener("submit", (event) => this.speaks(event));
    this.parts.behaviour.addEventListener("change", () => this.behaves());
    this.parts.tap.addEventListener("click", () => app.wire.open(this.leg?.sid ?? ""));
    this.rename();
  }

  get number() { return this.telephone.number; }
  get live() { return this.leg !== null && !FINAL.has(this.leg.status); }
  get ringing() { return this.live && this.leg.direction !== "inbound" && this.leg.status === "ringing"; }

  rename() {
    const { name, about, number } = this.telephone;
    put(this.parts.name, name);
    put(this.parts.kind, capital(this.role));
    put(this.parts.ownnumber, number === "anonymous" ? "" : readable(number));
    put(this.parts.about, about);
    this.parts.name.id = `name-${this.root.id}`;
    mark(this.root, "aria-labelledby", this.parts.name.id);
    mark(this.parts.heard, "aria-label", `What ${name} hears`);
    const label = $("label", this.parts.dial);
    this.parts.number.id = `number-${this.root.id}`;
    label.htmlFor = this.parts.number.id;
  }

  // -- fingers

  /** Keys of the real keyboard, while the focus is inside this handset. */
  typed(event) {
    // The # of a Belgian keyboard is AltGr+3, which some browsers tell as Ctrl+Alt.
    const shortcut = (event.ctrlKey || event.altKey || event.metaKey) && !(event.key in KEYS && event.altKey);
    if (shortcut || event.target.closest("select, input")) {
      if (event.key === "Enter" && event.target === this.parts.number) this.does("call");
      return;
    }
    if (event.key in KEYS) {
      event.preventDefault();
      this.key(event.key);
    } else if (event.key === "Backspace" && !this.live) this.rub();
  }

  key(key) {
    const button = $(`[data-key="${CSS.escape(key)}"]`, this.parts.keys);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 140);
    app.sounds.key(key);
    if (!this.live) {
      this.parts.number.value = this.fresh ? key : this.parts.number.value + key;
      this.fresh = false;
      this.trouble = "";
      this.render();
    } else if (this.leg.status === "in-progress") this.press(this.leg.sid, key);
  }

  rub() {
    this.parts.number.value = this.fresh ? "" : this.parts.number.value.trimEnd().slice(0, -1);
    this.fresh = false;
  }

  /** One key after the other, so that they arrive in the order of the fingers. */
  press(sid, key) {
    app.voice.stop(sid);
    this.presses = this.presses.then(async () => {
      try {
        await ask(`calls/${sid}/press?wait=1`, { digits: key });
        this.trouble = "";
      } catch (trouble) {
        this.trouble = trouble.status === 409 ? `Nobody listens for keys just now: ${key} was not heard.` : trouble.message;
      }
      this.soon();
    });
  }

  async does(deed) {
    app.sounds.wake();
    if (this.busy) return;
    const hotline = app.scene.hotline;
    if (deed === "call" && international(this.parts.number.value) !== hotline) {
      this.trouble = `This network knows only ${readable(hotline)}, the hotline. Dial that number.`;
      this.render();
      return;
    }
    if (deed !== "answer" && this.leg) app.voice.stop(this.leg.sid);
    this.busy = true;
    try {
      if (deed === "call") await ask("calls", { from: this.number, to: hotline });
      else if (this.leg) await ask(`calls/${this.leg.sid}/${deed}`, {});
      this.trouble = "";
    } catch (trouble) {
      this.trouble = trouble.message;
    }
    this.busy = false;
    if (deed === "call") { this.parts.number.value = readable(hotline); this.fresh = true; }
    this.soon();
  }

  async speaks(event) {
    event.preventDefault();
    const field = this.parts.message.elements.text, text = field.value.trim();
    if (!text || !this.leg) return;
    try {
      await ask(`calls/${this.leg.sid}/speak`, { text, seconds: Math.max(2, Math.round(text.length / 14)), language: this.telephone.language || "nl" });
      field.value = "";
      this.trouble = "";
      // The # that ends the message is a key of the telephone, not of the field.
      this.root.focus({ preventScroll: true });
    } catch (trouble) { this.trouble = trouble.message; }
    this.soon();
  }

  async behaves() {
    try {
      await ask(`phones/${encodeURIComponent(this.number)}`, { behaviour: this.parts.behaviour.value });
      this.trouble = "";
    } catch (trouble) { this.trouble = trouble.message; }
    this.soon();
  }

  soon() {
    this.render();
    app.poll.now();
  }

  // -- what is seen

  update(state) {
    const legs = app.legsOf(this.number);
    const before = this.leg;
    this.leg = legs.findLast((leg) => !FINAL.has(leg.status) && !waits(leg)) ?? legs.findLast((leg) => !waits(leg)) ?? null;
    const news = before?.status !== this.leg?.status || before?.transcript.length !== this.leg?.transcript.length;
    if (before?.sid !== this.leg?.sid || news) this.trouble = "";
    const behaviour = state.behaviours?.[this.number] ?? "manual", select = this.parts.behaviour;
    if (document.activeElement !== select && select.value !== behaviour) {
      if (![...select.options].some((each) => each.value === behaviour)) select.append(new Option(behaviour.replaceAll("_", " "), behaviour));
      select.value = behaviour;
    }
    this.transcript.follow(this.leg);
    this.render();
  }

  mood() {
    if (!this.live) return this.leg ? "ended" : "idle";
    if (this.ringing) return "ringing";
    if (this.leg.status !== "in-progress") return "calling";
    return this.leg.bridged ? "talking" : "connected";
  }

  render() {
    const { leg, parts } = this, mood = this.mood(), live = this.live;
    mark(this.root, "data-mood", mood);
    put(parts.state, stateOf(leg, mood));
    const other = leg ? (leg.direction === "inbound" ? leg.to : leg.from) : "";
    put(parts.other, live ? app.nameOf(other) : "");
    show(parts.other, live);
    const focused = document.activeElement;
    show(parts.dial, !live);
    show(parts.message, Boolean(live && leg.recording));
    show(this.buttons.call, !live);
    show(this.buttons.answer, mood === "ringing");
    show(this.buttons.decline, mood === "ringing");
    show(this.buttons["hang-up"], live && mood !== "ringing");
    // The button under the finger is gone: the keys of the keyboard still belong to this telephone.
    if (this.root.contains(focused) && focused.closest("[hidden]")) this.root.focus({ preventScroll: true });
    put(parts.hint, this.trouble || this.hint(mood));
    parts.hint.classList.toggle("wrong", Boolean(this.trouble));
    this.tick();
  }

  tick() {
    const { leg } = this;
    const seconds = leg?.answered ? Math.max(0, ((leg.ended ? new Date(leg.ended) : app.now()) - new Date(leg.answered)) / 1000) : null;
    put(this.parts.timer, seconds === null ? "" : stopwatch(seconds));
  }

  /** The next sensible thing to do, where there is one. */
  hint(mood) {
    if (mood === "ringing") return "Answer, then press 1 to accept.";
    if (mood === "talking") return "You talk with the customer. Hang up when you are done.";
    if (mood === "connected" && this.leg.gathering) return this.leg.was_bridged ? "How did it end? Press 1 for solved." : listens(this.leg);
    if (mood === "connected") return "Listen.";
    if (mood === "calling") return "It rings at the other end.";
    return app.isEmpty() ? "Rings when a customer is to be called back." : "";
  }
}

const byPlace = ([one], [other]) => "123456789*0#".indexOf(one) - "123456789*0#".indexOf(other);

/** A call that the network has not put through yet: its telephone is silent. */
const waits = (leg) => leg.direction !== "inbound" && (leg.status === "queued" || leg.status === "initiated");

/** @param {Leg} leg */
function listens(leg) {
  const keyed = leg.gathering.digits;
  if (keyed) return `Keyed so far: ${keyed}${leg.gathering.numDigits ? "" : "; # ends it"}`;
  return leg.gathering.numDigits === 1 ? "Listen, and press a key; you need not wait for the end." : "Key in the digits, then #.";
}

function stateOf(leg, mood) {
  if (!leg) return "Ready";
  if (mood === "ended") {
    const words = { completed: "Call ended", busy: "Busy", "no-answer": "Not answered", failed: "Not reached", canceled: "Missed call" };
    return words[leg.status] ?? leg.status;
  }
  if (mood === "connected") return leg.recording ? "Recording" : leg.gathering ? "Listens for keys" : "Connected";
  return { ringing: "Incoming call", calling: "Calling…", talking: "In conversation" }[mood];
}

/** The telephone in the customer's hand: whoever of them is rung. */
class CustomerHandset extends Handset {
  constructor(telephones) {
    super(telephones[0] ?? { number: "+32498765432", name: "An unknown number", about: "", side: "customer", language: "nl" }, "customer");
    this.telephones = telephones;
    /** Calls the user turned away from. */
    this.left = new Set();
    this.seen = new Set();
    const { people } = this.parts;
    people.append(...telephones.map((each) => new Option(each.name, each.number)), new Option("An unknown number", "other"),
      new Option("Withheld number", "anonymous"));
    if (!telephones.length) people.value = "other";
    people.addEventListener("change", () => this.chosen());
    this.unknown = $("input", this.parts["other-number"]);
    this.unknown.addEventListener("change", () => this.chosen());
    $("button", this.parts.note).addEventListener("click", () => this.take());
    show(this.parts.chooser, true);
    // The choice stands where the name would; readers of headings still find it.
    this.parts.name.classList.add("away");
    show(this.parts["other-number"], people.value === "other");
  }

  chosen() {
    const { value } = this.parts.people;
    for (const leg of app.state?.calls ?? []) this.left.add(leg.sid);
    if (value === "other") {
      const number = international(this.unknown.value);
      const right = /^\+[1-9]\d{6,14}$/.test(number);
      mark(this.unknown, "aria-invalid", !right);
      this.trouble = right ? "" : "Write the number as in 0498 76 54 32 or +32 498 76 54 32.";
      if (right) this.become({ number, name: "An unknown number", about: "", side: "customer", language: "nl" });
    } else this.become(this.person(value));
    show(this.parts["other-number"], value === "other");
    if (app.state) this.update(app.state);
  }

  person(number) {
    const unknown = { number, name: number === "anonymous" ? "Withheld number" : readable(number), about: "", language: "nl", side: "customer" };
    return this.telephones.find((each) => each.number === number) ?? unknown;
  }

  become(telephone) {
    this.telephone = telephone;
    this.rename();
  }

  /** Turn to another customer's telephone by itself. */
  turn(number) {
    const { people } = this.parts;
    if (international(this.unknown.value) === number && !this.telephones.some((each) => each.number === number)) {
      people.value = "other";
      this.become({ ...this.person(number), name: "An unknown number" });
    } else {
      if (![...people.options].some((each) => each.value === number)) people.append(new Option(readable(number), number));
      people.value = number;
      this.become(this.person(number));
    }
    show(this.parts["other-number"], people.value === "other");
    this.trouble = "";
  }

  take() {
    if (this.leg) this.left.add(this.leg.sid);
    if (this.elsewhere) this.turn(this.elsewhere);
    this.update(app.state);
    this.root.focus();
  }

  update(state) {
    const theirs = state.calls.filter((leg) => !FINAL.has(leg.status) && !waits(leg) && app.isCustomers(leg));
    const news = theirs.filter((leg) => phoneOf(leg) !== this.number && !this.left.has(leg.sid));
    if (news.length && !theirs.some((leg) => phoneOf(leg) === this.number)) this.turn(phoneOf(news.at(-1)));
    const elsewhere = theirs.filter((leg) => phoneOf(leg) !== this.number).at(-1);
    this.elsewhere = elsewhere ? phoneOf(elsewhere) : "";
    show(this.parts.note, Boolean(elsewhere));
    if (elsewhere) {
      const rings = elsewhere.direction !== "inbound" && elsewhere.status === "ringing";
      put($("span", this.parts.note), `The phone of ${app.nameOf(this.elsewhere)} ${rings ? "rings" : "is in a call"}.`);
    }
    super.update(state);
  }

  hint(mood) {
    if (mood === "idle") return "Press Call to dial the hotline.";
    if (mood === "ended" && this.leg.direction === "inbound" && this.leg.status === "completed") return "Wait to be called back, or press Call to dial again.";
    if (mood === "ended") return "Press Call to dial the hotline.";
    if (mood === "calling") return "The hotline is being dialled.";
    if (mood === "ringing") return `The phone of ${this.telephone.name} rings: answer it.`;
    if (mood === "talking") return "You talk with the agent. Hang up when you are done.";
    if (this.leg.recording) return "Say something, then press # to end the message.";
    return this.leg.gathering ? listens(this.leg) : "Listen.";
  }
}

const phoneOf = (leg) => (leg.direction === "inbound" ? leg.from : leg.to);

// --------------------------------------------------------------------------------------------------------- the clock

class ClockPanel {
  constructor(root) {
    this.root = root;
    this.day = $(".day", root);
    this.time = $(".time", root);
    this.moves = $(".moves", root);
    this.problem = $(".problem", root);
    this.pace = $("#pace");
    this.buttons = new Map();
    this.button("now", "Now", { to: "now" });
    this.button("quarter", "+15 minutes", { advance: 900 });
    this.pace.addEventListener("change", () => ask("pace", { speech_rate: Number(this.pace.value) }).catch((trouble) => this.fail(trouble)));
  }

  button(name, text, wish) {
    const button = make("button", { type: "button" }, make("span", { textContent: text }), make("small"));
    button.addEventListener("click", () => this.move(wish));
    this.buttons.set(name, button);
    this.moves.append(button);
    return button;
  }

  async move(wish) {
    if (this.moving) return;
    this.moving = true;
    mark(this.root, "aria-busy", true);
    this.fail(null);
    try {
      const { now } = await ask("clock", wish);
      const at = new Date(now);
      put(app.status, `The clock stands at ${app.calendar.day(at)}, ${app.calendar.minute.format(at)}.`);
    } catch (trouble) { this.fail(trouble); }
    this.moving = false;
    mark(this.root, "aria-busy", false);
    app.poll.now();
  }

  fail(trouble) {
    put(this.problem, trouble?.message ?? "");
    show(this.problem, Boolean(trouble));
  }

  update(state) {
    const place = (name) => (MOMENTS.includes(name) ? MOMENTS.indexOf(name) : MOMENTS.length);
    for (const [name, moment] of Object.entries(state.moments ?? {}).sort(([one], [other]) => place(one) - place(other))) {
      const button = this.buttons.get(name) ?? this.button(name, capital(moment.text), { to: name });
      put($("small", button), app.calendar.short(new Date(moment.at), app.now()));
      show(button, true);
    }
    for (const [name, button] of this.buttons) show(button, name === "now" || name === "quarter" || name in (state.moments ?? {}));
    put($("small", this.buttons.get("now")), Math.abs(state.ahead) < 2 ? "real time" : "back to real time");
    const rate = String(state.speech_rate ?? "");
    if (rate && document.activeElement !== this.pace && this.pace.value !== rate) {
      if (![...this.pace.options].some((each) => each.value === rate)) this.pace.append(new Option(`${rate} letters a second`, rate));
      this.pace.value = rate;
    }
  }

  tick() {
    const now = app.now();
    put(this.day, `${app.calendar.day(now)},`);
    put(this.time, app.calendar.time.format(now));
  }
}

// ------------------------------------------------------------------------------------------------ the first call's steps

/** Where a first call stands: what was done, and what comes next. */
class Steps {
  constructor(root) {
    this.root = root;
    this.aside = $(".aside", root);
    this.items = ["Customer: press Call", "Press 1, 1 again, hang up", "Agent: answer, press 1", "Customer: answer",
      "Hang up; agent presses 1", "See what is left"].map((text, place) => {
      const item = make("li", {}, make("span", { textContent: text }));
      item.dataset.step = place + 1;
      return item;
    });
    $("ol", root).append(...this.items);
    this.opening = make("button", { type: "button", className: "small", textContent: "Go to the next opening" });
    this.opening.addEventListener("click", () => app.clock.move({ to: "next_opening" }));
    const inbox = make("a", { href: "#inbox", textContent: "the inbox" });
    const links = app.scene.links.slice(0, 3).flatMap((each) => [link(each.href, each.text), ", "]);
    this.ends = make("span", {}, "The ticket with its minutes and the mails: ", ...links, inbox, ".");
    this.shut = make("span", {}, "No agent's phone rings? Whoever has his desk page open reads the file first, for half a minute. Else the desk is closed, or the agents are off. ", this.opening);
    show(root, app.scene.telephones.some((each) => each.side === "agent"));
  }

  update(state) {
    const at = this.reached(state.calls);
    this.items.forEach((item, place) => {
      item.classList.toggle("done", place < at);
      if (place === at) mark(item, "aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    // An agent's phone rings within a moment, or not at all now.
    const quiet = at === 2 && state.calls.every((leg) => leg.ended && app.now() - new Date(leg.ended) > 5000);
    show(this.opening, Boolean(state.moments?.next_opening));
    const aside = at === 5 ? this.ends : quiet ? this.shut : null;
    if (aside !== this.shown) this.aside.replaceChildren(...(aside ? [aside] : []));
    this.shown = aside;
    show(this.aside, aside !== null);
  }

  /** How far the newest customer's call came. @param {Leg[]} calls */
  reached(calls) {
    // What was over before the page was opened, such as the story that the demo begins with, is nobody's first call.
    this.before ??= new Set(calls.filter((leg) => FINAL.has(leg.status)).map((leg) => leg.sid));
    const first = calls.findLast((leg) => leg.direction === "inbound" && app.isCustomers(leg) && !this.before.has(leg.sid));
    if (!first) return 0;
    // By their order: the clock may have been put back meanwhile.
    const later = calls.slice(calls.indexOf(first) + 1).filter((leg) => leg.direction !== "inbound");
    const agents = later.filter((leg) => !app.isCustomers(leg)), customers = later.filter(app.isCustomers);
    if (agents.some((leg) => leg.was_bridged && FINAL.has(leg.status))) return 5;
    if (later.some((leg) => leg.was_bridged)) return 4;
    if (customers.some((leg) => !FINAL.has(leg.status) && !waits(leg))) return 3;
    return agents.some((leg) => !FINAL.has(leg.status)) || FINAL.has(first.status) ? 2 : 1;
  }
}

function link(href, text) {
  return make("a", { href, textContent: text, target: "_blank", rel: "noopener" });
}

// ----------------------------------------------------------------------------------------------------------- the inbox

class Inbox {
  constructor(root) {
    this.root = root;
    this.list = $(".mails", root);
    this.count = $(".count", root);
    this.known = 0;
    this.unread = new Set();
  }

  async update(state) {
    show(this.root, app.scene.inbox);
    if (!app.scene.inbox || state.mails === this.known || this.asking) return;
    this.asking = true;
    try {
      const { mails } = await ask("mails");
      for (const mail of mails.toReversed()) {
        if (!$(`[data-n="${mail.n}"]`, this.list)) this.list.prepend(this.item(mail));
      }
      // Their count and not how many there are: the network keeps the newest thousand.
      this.known = mails[0]?.n ?? 0;
    } catch { /* the next state asks again */ }
    this.asking = false;
    this.counted();
  }

  counted() {
    show($(".empty", this.root), !this.list.children.length);
    put(this.count, `${this.unread.size} new`);
    show(this.count, this.unread.size > 0);
    app.dock();
  }

  item(mail) {
    const item = fromTemplate("mail-template"), envelope = $(".envelope", item), letter = $(".letter", item);
    item.dataset.n = mail.n;
    put($(".subject", item), mail.subject || "(no subject)");
    put($(".meta", item), `to ${mail.to} · ${app.calendar.short(new Date(mail.at), app.now())}`);
    item.classList.add("new");
    this.unread.add(mail.n);
    let reading = null;
    envelope.addEventListener("click", async () => {
      const opens = letter.hidden;
      // Asked for once, however fast one clicks; again after it failed.
      if (opens && !(await (reading ??= this.read(mail.n, letter)))) reading = null;
      show(letter, opens);
      mark(envelope, "aria-expanded", opens);
      item.classList.remove("new");
      $(".unread", item)?.remove();
      this.unread.delete(mail.n);
      this.counted();
    });
    return item;
  }

  async read(n, letter) {
    try {
      const mail = await ask(`mails/${n}`);
      const heads = [["From", mail.from], ["To", mail.to], ["Date", mail.date]].filter(([, value]) => value);
      $(".heads", letter).append(...heads.map(([name, value]) => make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: value }))));
      if (mail.html) $(".ways", letter).append(link(`mails/${n}/html`, "As HTML"));
      $(".ways", letter).append(make("a", { href: `mails/${n}/message.eml`, download: `mail-${n}.eml`, textContent: "Download (.eml)" }));
      $(".text", letter).append(...linked(mail.text ?? ""));
      put($(".files", letter), `Attached: ${(mail.attachments ?? []).map((each) => each.name).join(", ")}`);
      show($(".files", letter), Boolean(mail.attachments?.length));
      return true;
    } catch (trouble) {
      put($(".files", letter), trouble.message);
      show($(".files", letter), true);
      return false;
    }
  }
}

/** Text with its addresses as links, built node by node. */
function linked(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const href = found[0].replace(/[.,;:!?)\]]+$/, "");
    nodes.push(text.slice(from, found.index), link(href, href));
    from = found.index + href.length;
  }
  return [...nodes, text.slice(from)];
}

// ------------------------------------------------------------------------------------------------------------- stories

class Stories {
  constructor(root) {
    this.root = root;
    this.telling = $(".telling", root);
    this.list = $(".told ol", root);
    this.box = $(".told", root);
    this.problem = $(".problem", root);
    this.buttons = new Map();
    this.stop = $(".stop", root);
    this.stop.addEventListener("click", () => this.ask("stories/stop"));
    for (const story of app.scene.stories) {
      const button = make("button", { type: "button", className: "small", textContent: "Play" });
      button.addEventListener("click", () => this.ask(`stories/${story.id}/play`));
      button.setAttribute("aria-describedby", `story-${story.id}`);
      this.buttons.set(story.id, button);
      $(".choices", root).append(make("li", {}, make("div", {},
        make("strong", { id: `story-${story.id}`, textContent: story.title }), make("p", { className: "soft", textContent: story.about })), button));
    }
    show(root, app.scene.stories.length > 0);
  }

  async ask(path) {
    this.trouble = "";
    try {
      await ask(path, {});
    } catch (trouble) { this.trouble = trouble.message; }
    this.update(app.state);
    app.poll.now();
  }

  update(state) {
    const story = state.story ?? null;
    const runs = story?.status === "running";
    if (!runs && document.activeElement === this.stop) this.buttons.get(story?.id)?.focus();
    show(this.stop, runs);
    // Not `disabled`: that would throw away the focus of who pressed one.
    for (const button of this.buttons.values()) mark(button, "aria-disabled", runs);
    show(this.telling, Boolean(story || this.trouble));
    if (story) {
      const ends = { running: "", ended: " — the end", failed: " — broken off", stopped: " — stopped" };
      put($("h3", this.telling), `${story.title}${ends[story.status] ?? ""}`);
      const key = `${story.id} ${story.told[0]?.at ?? ""}`;
      if (story.told.length < this.list.children.length || (this.list.children.length && key !== this.key)) this.list.replaceChildren();
      this.key = key;
      for (const { at, text } of story.told.slice(this.list.children.length)) {
        this.list.append(make("li", {}, make("time", { textContent: app.calendar.time.format(new Date(at)) }), make("span", { textContent: text })));
        this.box.scrollTop = this.box.scrollHeight;
      }
    }
    if (story && `${story.id} ${story.status}` !== this.stood) this.trouble = "";
    this.stood = story ? `${story.id} ${story.status}` : "";
    const trouble = this.trouble || (story?.status === "failed" ? story.trouble : "");
    put(this.problem, trouble);
    show(this.problem, Boolean(trouble));
  }
}

// ------------------------------------------------------------------------------------------------------------ the wire

class Wire {
  constructor(root) {
    this.root = root;
    this.select = $("select", root);
    this.list = $(".exchanges", root);
    this.problem = $(".problem", root);
    this.select.addEventListener("change", () => { this.list.replaceChildren(); this.refresh(); });
    root.addEventListener("toggle", () => this.refresh());
  }

  /** Show the exchanges of a call; all of them, without one. */
  open(sid) {
    this.update(app.state);
    this.root.open = true;
    if (this.select.value !== sid) {
      this.select.value = sid;
      if (this.select.selectedIndex < 0) this.select.value = "";
      this.list.replaceChildren();
    }
    this.refresh();
    this.root.scrollIntoView({ block: "start" });
    $("summary", this.root).focus({ preventScroll: true });
  }

  update(state) {
    const known = new Map([...this.select.options].map((each) => [each.value, each]));
    for (const leg of state?.calls ?? []) {
      if (known.has(leg.sid)) continue;
      const way = leg.direction === "inbound" ? "calls" : "is called";
      this.select.options[0].after(new Option(`${app.nameOf(phoneOf(leg))} ${way}, ${app.calendar.time.format(new Date(leg.created))}`, leg.sid));
    }
    this.refresh();
  }

  /** Once a state, and only while somebody looks. */
  async refresh() {
    if (!this.root.open || this.asking) return;
    this.asking = true;
    const sid = this.select.value;
    try {
      const { exchanges } = await ask(sid ? `wire?sid=${sid}` : "wire");
      if (sid === this.select.value) for (const each of exchanges) this.keep(each);
      put(this.problem, "");
    } catch (trouble) { put(this.problem, trouble.message); }
    show(this.problem, Boolean(this.problem.textContent));
    show($(".empty", this.root), !this.list.children.length);
    this.asking = false;
    if (sid !== this.select.value) this.refresh();
  }

  keep(exchange) {
    let row = $(`[data-n="${exchange.n}"]`, this.list);
    const shape = JSON.stringify(exchange);
    if (row?.shape === shape) return;
    if (!row) {
      row = fromTemplate("exchange-template");
      row.dataset.n = exchange.n;
      this.list.prepend(row);
      while (this.list.children.length > MOST_EXCHANGES) this.list.lastElementChild.remove();
    }
    row.shape = shape;
    const toService = exchange.direction === "to the service";
    put($("time", row), app.calendar.time.format(new Date(exchange.at)));
    put($(".way", row), toService ? "network → service" : "service → network");
    row.classList.toggle("back", !toService);
    put($(".purpose", row), exchange.purpose);
    put($(".address", row), `${exchange.method} ${shortened(exchange.url)}`);
    $(".address", row).title = exchange.url;
    put($(".tag", row), String(exchange.status ?? "…"));
    $(".tag", row).className = `tag ${exchange.status === null ? "" : exchange.status < 300 ? "good" : exchange.status < 400 ? "" : "outage"}`;
    const told = [exchange.trouble, exchange.tries > 1 ? `${exchange.tries} tries` : ""].filter(Boolean).join(" · ");
    put($(".problem", row), told);
    show($(".problem", row), Boolean(told));
    put($(".signature", row), `${exchange.method} ${exchange.url}${exchange.signature ? ` · X-Twilio-Signature ${exchange.signature}` : ""}`);
    show($(".signature", row), true);
    $("tbody", row).replaceChildren(...exchange.parameters.map(([name, value]) =>
      make("tr", {}, make("th", { scope: "row", textContent: name }), make("td", { textContent: value }))));
    show($(".sent", row), exchange.parameters.length > 0);
    put($("pre", row), exchange.answer || "(nothing)");
    mark($("pre", row), "aria-label", `Answer, ${exchange.answer_type}`);
  }
}

/** The path of an address, with its query cut short. */
function shortened(address) {
  const path = address.replace(/^https?:\/\/[^/]+/, "");
  return path.length > 70 ? `${path.slice(0, 69)}…` : path;
}

// ------------------------------------------------------------------------------------------------------------ the page

/** All parts, and what they share. */
class App {
  async start() {
    this.status = $("#status");
    this.state = null;
    this.lengths = new Map();
    this.ahead = 0;
    this.themes();
    this.scene = await this.sceneOnceThere();
    document.title = this.scene.title;
    put($("#title"), this.scene.title);
    $("#links").append(...this.scene.links.map((each) => link(each.href, each.text)));
    this.calendar = new Calendar(this.scene.timezone || "UTC");
    this.sounds = new Sounds();
    this.voice = new Voice(this.scene.speech, (words) => put($("#unvoiced"), words));
    this.sound();
    this.agents = new Set(this.scene.telephones.filter((each) => each.side === "agent").map((each) => each.number));
    this.customer = new CustomerHandset(this.scene.telephones.filter((each) => each.side !== "agent"));
    this.handsets = [this.customer, ...this.scene.telephones.filter((each) => each.side === "agent").map((each) => new AgentHandset(each))];
    this.handsets.forEach((each, place) => { each.root.id = `phone-${place}`; each.rename(); });
    $("#phones").append(...this.handsets.map((each) => each.root));
    this.clock = new ClockPanel($("#clock"));
    this.steps = new Steps($("#steps"));
    this.inbox = new Inbox($("#inbox"));
    this.stories = new Stories($("#stories"));
    this.wire = new Wire($("#wire"));
    this.poll = new Poll((state) => this.tell(state), (lost) => this.lost(lost));
    this.poll.now();
    setInterval(() => this.tick(), 250);
  }

  tick() {
    this.clock.tick();
    for (const each of this.handsets) each.tick();
    if (this.state) this.steps.update(this.state);
  }

  async sceneOnceThere() {
    for (;;) {
      try {
        const scene = await ask("scene");
        this.lost(false);
        return scene;
      } catch {
        this.lost(true);
        await new Promise((resolve) => { setTimeout(resolve, 2000); });
      }
    }
  }

  lost(silent) {
    const trouble = $("#trouble");
    put(trouble, silent ? "The network does not answer. Does the program still run? Trying again…" : "");
    show(trouble, silent);
  }

  now() { return new Date(Date.now() + this.ahead * 1000); }

  isCustomers = (leg) => !this.agents.has(phoneOf(leg));

  isEmpty() { return !this.state?.calls.length; }

  legsOf(number) { return (this.state?.calls ?? []).filter((leg) => phoneOf(leg) === number); }

  nameOf(number) {
    if (number === this.scene.hotline) return `Hotline ${readable(number)}`;
    return this.scene.telephones.find((each) => each.number === number)?.name ?? readable(number);
  }

  tell(state) {
    this.state = state;
    this.ahead = state.ahead;
    const parts = [...this.handsets, this.clock, this.steps, this.inbox, this.stories, this.wire];
    for (const each of parts) each.update(state);
    this.clock.tick();
    this.hear(state.calls);
    this.announce();
    this.dock();
  }

  /** Read out the lines that are new; not those from before the page was opened. */
  hear(calls) {
    const shown = new Set(this.handsets.map((each) => each.leg?.sid));
    for (const leg of calls) {
      const from = this.lengths.get(leg.sid) ?? (this.listening ? 0 : leg.transcript.length);
      for (const line of leg.transcript.slice(from)) {
        if (line.verb === "Say" && shown.has(leg.sid)) this.voice.say(leg.sid, line.text, line.language ?? "en");
      }
      this.lengths.set(leg.sid, leg.transcript.length);
      // The service's last sentence is heard out; who hangs up himself is spoken to no more.
      if (FINAL.has(leg.status) && leg.transcript.at(-1)?.verb !== "Hangup") this.voice.stop(leg.sid);
    }
    this.listening = true;
  }

  announce() {
    const ringing = this.handsets.filter((each) => each.ringing);
    put($("#alert"), ringing.map((each) => `The phone of ${each.telephone.name} rings.`).join(" "));
    this.sounds.ring(ringing.length > 0);
  }

  /** On a narrow screen: every phone and the inbox one tap away, and which of them wants something. */
  dock() {
    const dock = $("#dock");
    const wanted = this.handsets.map((each) => ({ href: `#${each.root.id}`, text: each.telephone.name, mood: each.mood(), tail: each.ringing ? "rings" : "" }));
    if (this.scene.inbox) wanted.push({ href: "#inbox", text: "Inbox", mood: this.inbox.unread.size ? "mail" : "idle", tail: this.inbox.unread.size ? `${this.inbox.unread.size} new` : "" });
    if (!dock.children.length) {
      dock.append(...wanted.map(({ href }) => make("a", { href }, make("span"), make("small"))));
    }
    wanted.forEach(({ text, mood, tail }, place) => {
      const item = dock.children[place];
      put(item.firstElementChild, text);
      put(item.lastElementChild, tail);
      mark(item, "data-mood", mood);
    });
  }

  sound() {
    const button = $("#sound");
    const set = (on) => {
      this.sounds.on = this.voice.on = on;
      mark(button, "aria-pressed", on);
      if (!on) { this.voice.stop(); this.sounds.context?.suspend(); put($("#unvoiced"), ""); }
      this.sounds.wake();
    };
    set(remembered.read("sound") === "on");
    button.addEventListener("click", () => {
      set(!this.sounds.on);
      remembered.write("sound", this.sounds.on ? "on" : "off");
    });
    document.addEventListener("pointerdown", () => this.sounds.wake(), { once: true });
    document.addEventListener("keydown", () => this.sounds.wake(), { once: true });
  }

  themes() {
    const buttons = [...document.querySelectorAll("[data-theme-choice]")];
    const set = (theme) => {
      mark(document.documentElement, "data-theme", theme);
      for (const each of buttons) mark(each, "aria-pressed", each.dataset.themeChoice === theme);
    };
    set(remembered.read("theme") ?? "system");
    for (const each of buttons) {
      each.addEventListener("click", () => { set(each.dataset.themeChoice); remembered.write("theme", each.dataset.themeChoice); });
    }
  }
}

/** The telephone on an agent's desk. */
class AgentHandset extends Handset {
  constructor(telephone) {
    super(telephone, "agent");
    const option = $('option[value^="answers_and"]', this.parts.behaviour);
    option.value = "answers_and_presses:11";
    option.textContent = "it accepts and says solved";
  }
}

const app = new App();
app.start();
