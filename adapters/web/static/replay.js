// Plays a process back: goes from stop to stop by itself and by arrow keys. Every stop is a page that stands alone.
"use strict";

const told = document.querySelector("#told");
const play = document.querySelector("[data-play]");
const label = play.querySelector("span");
const pace = document.querySelector("#speed");
const keys = { ArrowLeft: "before", ArrowRight: "after", Home: "first", End: "last" };
const parts = ["stop-heading", "ways", "ways-scale", "stop", "cite", "language"];
let playing = false;
let waiting = null;

const link = (name) => document.querySelector(`#ways a[data-to="${name}"]`);
const picture = () => document.querySelector(".player-picture .picture-scroll");
const ready = () => {
  for (const part of document.querySelectorAll("[data-by-script]")) part.hidden = false;
};

// What changed is to be seen: where it lies outside of what the frame of the picture shows, the frame is moved there.
const reveal = (frame) => {
  const around = frame.getBoundingClientRect();
  const marks = [...frame.querySelectorAll(".picture-mark")].map((mark) => mark.getBoundingClientRect());
  const seen = (at) =>
    at.bottom <= around.bottom && at.top >= around.top && at.right <= around.right && at.left >= around.left;
  if (!marks.length || marks.some(seen)) return;
  frame.scrollTop += marks[0].top - around.top - 24;
  frame.scrollLeft += marks[0].left - around.left - 24;
};

const show = async (address, into) => {
  const { dataset, id: field } = document.activeElement;
  const focused = dataset.to;
  const frame = picture();
  const at = frame ? [frame.scrollLeft, frame.scrollTop] : [0, 0];
  const answer = await fetch(address);
  if (!answer.ok) {
    location.assign(address); // the page says itself what is wrong
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of parts) {
    const [old, fresh] = [document, page].map((where) => where.getElementById(id));
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  ready();
  document.title = page.title;
  if (into) history.pushState(null, "", answer.url);
  told.textContent = document.querySelector("#stop").dataset.said;
  if (picture()) {
    [picture().scrollLeft, picture().scrollTop] = at;
    reveal(picture());
  }
  if (field) document.getElementById(field)?.focus({ preventScroll: true });
  if (focused) {
    const other = focused === "after" || focused === "last" ? "before" : "after";
    (link(focused) ?? link(other))?.focus({ preventScroll: true });
  }
};

const pause = () => {
  clearTimeout(waiting);
  playing = false;
  label.textContent = play.dataset.play;
};

const next = async () => {
  const to = link("after") ?? link("first");
  if (to) await show(to.href, true);
  if (!playing) return; // somebody stopped it meanwhile
  if (link("after")) waiting = setTimeout(next, Number(pace.value) * 1000);
  else pause();
};

play.addEventListener("click", () => {
  if (playing) {
    pause();
    return;
  }
  playing = true;
  label.textContent = play.dataset.pause;
  next();
});

document.addEventListener("click", (event) => {
  const to = event.target.closest?.("#ways a[data-to]");
  if (!to || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  pause();
  show(to.href, true);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && playing) {
    pause();
    return;
  }
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
ready();
if (picture()) reveal(picture());
