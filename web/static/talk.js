// Notes that are not saved yet: kept in this tab whatever happens to the page, until the desk shows them as kept.
"use strict";

{
  const { who, text, ticket: page } = document.currentScript.dataset;
  const own = `note:${who}:`;
  const plain = (value) => value.trim().replace(/\r\n?/g, "\n");
  const key = (ticket) => own + ticket;
  const kept = (ticket) => [...document.querySelectorAll(`[data-kept="${ticket}"]`)].map((each) => plain(each.textContent));
  const drafts = () => Object.keys(sessionStorage).filter((each) => each.startsWith(own)).map((each) => each.slice(own.length));

  function settle() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const ticket = field.dataset.draft;
      const draft = sessionStorage.getItem(key(ticket));
      if (draft === null) continue;
      if (kept(ticket).includes(plain(draft))) {
        sessionStorage.removeItem(key(ticket));
        if (plain(field.value) === plain(draft)) field.value = "";
      } else if (field.value === "") {
        field.value = draft;
      }
    }
    remind(drafts().filter((ticket) => !document.querySelector(`[data-draft="${ticket}"]`)));
  }

  function remind(tickets) {
    const before = document.getElementById("unsaved");
    const told = tickets.join();
    if (before?.dataset.told === told || (!before && !told)) return;
    before?.remove();
    if (!told) return;
    const banner = document.createElement("p");
    banner.id = "unsaved";
    banner.className = "banner bad";
    banner.setAttribute("role", "status");
    banner.dataset.told = told;
    banner.append(text);
    for (const ticket of tickets) {
      const link = document.createElement("a");
      link.href = page.replace(/0$/, ticket);
      link.textContent = ticket;
      banner.append(" ", link);
    }
    document.getElementById("main").prepend(banner);
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.dataset?.draft) return;
    if (target.value.trim()) sessionStorage.setItem(key(target.dataset.draft), target.value);
    else sessionStorage.removeItem(key(target.dataset.draft));
  });

  // A note that was sent and is not shown where he comes back to is kept all the same: the page says that it was done.
  // Other buttons of the same form (a break) take no note with them.
  document.addEventListener("submit", ({ target, submitter }) => {
    if (!/\/(notes|outcome)$/.test(submitter?.getAttribute("formaction") ?? target.action)) return;
    const sent = [...target.elements].filter((each) => each.dataset?.draft && each.value.trim());
    sessionStorage.setItem(`sent:${who}`, JSON.stringify(sent.map((each) => each.dataset.draft)));
  });
  if (document.querySelector(".banner.good")) {
    for (const ticket of JSON.parse(sessionStorage.getItem(`sent:${who}`) ?? "[]")) sessionStorage.removeItem(key(ticket));
  }
  sessionStorage.removeItem(`sent:${who}`);

  settle();
  document.getElementById("live")?.addEventListener("htmx:after:swap", settle);
}
