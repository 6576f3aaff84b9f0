// Plays a process back: goes from stop to stop by itself and by arrow keys. Every stop is a page that stands alone.
"use strict";

const player = document.querySelector("[data-player]");
const told = document.querySelector("#told");
const play = player.querySelector("[data-play]");
const label = play.querySelector("span");
const pace = player.querySelector("#speed");
const keys = { ArrowLeft: "before", ArrowRight: "after", Home: "first", End: "last" };
let waiting = null;

const link = (name) => document.querySelector(`#stop a[data-to="${name}"]`);

const show = async (address, into) => {
  const { dataset, id: field } = document.activeElement;
  const focused = dataset.to;
  const answer = await fetch(address);
  if (!answer.ok) {
    location.assign(address); // the page says itself what is wrong
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["stop", "cite", "language"]) {
    const [old, fresh] = [document, page].map((where) => where.getElementById(id));
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  if (into) history.pushState(null, "", answer.url);
  told.textContent = document.querySelector("#stop").dataset.said;
  if (field) document.getElementById(field)?.focus();
  if (focused) (link(focused) ?? link(focused === "after" || focused === "last" ? "before" : "after"))?.focus();
};

const pause = () => {
  clearTimeout(waiting);
  waiting = null;
  label.textContent = play.dataset.play;
};

const next = () => {
  waiting = setTimeout(async () => {
    const to = link("after");
    if (to) await show(to.href, true);
    if (waiting === null) return; // somebody stopped it meanwhile
    if (link("after")) next();
    else pause();
  }, Number(pace.value) * 1000);
};

play.addEventListener("click", async () => {
  if (waiting !== null) {
    pause();
    return;
  }
  label.textContent = play.dataset.pause;
  next();
  if (!link("after") && link("first")) await show(link("first").href, true);
});

document.addEventListener("click", (event) => {
  const to = event.target.closest?.("#stop a[data-to]");
  if (!to || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  pause();
  show(to.href, true);
});

document.addEventListener("keydown", (event) => {
  const to = keys[event.key] && link(keys[event.key]);
  const typing = event.target.closest?.("input, select, textarea, .picture-scroll, .kern-table-responsive");
  if (!to || typing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  pause();
  show(to.href, true);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#scale")) show(`?${new URLSearchParams(new FormData(event.target.form))}`, true);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("#scale"))
    event.target.setAttribute("aria-valuetext", `${event.target.value} / ${event.target.max}`);
});

addEventListener("popstate", () => show(location.href, false));

if (matchMedia("(prefers-reduced-motion: reduce)").matches) pace.value = pace.options[0].value;
for (const part of document.querySelectorAll("[data-by-script]")) part.hidden = false;
