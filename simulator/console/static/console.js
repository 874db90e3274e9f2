"use strict";
const trouble = document.getElementById("trouble");

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const content = await answer.json();
  trouble.textContent = answer.ok ? "" : content.error;
  return content;
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function button(text, deed) {
  const made = element("button", text);
  made.addEventListener("click", deed);
  return made;
}

function card(call) {
  const over = ["completed", "busy", "failed", "no-answer", "canceled"].includes(call.status);
  const box = document.createElement("article");
  box.classList.toggle("over", over);
  const state = call.bridged ? "talking to the other side" : call.gathering ? "waits for keys" : call.status;
  box.append(element("h2", `${call.from} → ${call.to} · ${call.direction} · ${state} · ${call.duration} s`));
  const lines = document.createElement("ol");
  for (const line of call.transcript) lines.append(element("li", `${line.verb}: ${line.text}`));
  box.append(lines);
  const deed = (name, body = {}) => () => ask(`calls/${call.sid}/${name}`, body);
  if (call.status === "ringing" && call.direction !== "inbound") {
    box.append(button("Answer", deed("answer")), button("Decline", deed("decline")));
  }
  if (call.gathering || call.bridged || call.recording) {
    for (const key of "123456789*0#") box.append(button(key, deed("press", { digits: key })));
  }
  if (call.recording) box.append(button("Speak", deed("speak", { text: "(a message)", seconds: 5 })));
  if (!over) box.append(button("Hang up", deed("hang-up")));
  return box;
}

async function show() {
  const { calls } = await ask("calls");
  document.getElementById("calls").replaceChildren(...calls.reverse().map(card));
  document.getElementById("clock").textContent = (await ask("clock")).now.slice(0, 19).replace("T", " ") + " UTC";
}

async function follow() {
  for (let seen = 0; ;) {
    try {
      const { entries } = await ask(`journal?after=${seen}&wait=20`);
      if (entries.length) seen = entries[entries.length - 1].n;
      await show();
    } catch {
      trouble.textContent = "the simulator does not answer";
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

for (const [id, path] of [["place", () => "calls"], ["behave", (form) => `phones/${form.number}`], ["advance", () => "clock"]]) {
  document.getElementById(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target));
    ask(path(form), form);
  });
}
follow();
