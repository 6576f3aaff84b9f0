// Keeps a draft of what is typed into a form, some seconds after typing stopped. Nothing depends on it.
"use strict";

const AFTER = 3000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const told = form.querySelector("#saved");
  let waiting = null;

  const save = async (leaving) => {
    clearTimeout(waiting);
    waiting = null;
    const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    fields.set("act", "autosave");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, keepalive: leaving && fields.toString().length < 60000 });
      if (answer.redirected) {
        told.textContent = form.dataset.ended;
      } else if (answer.ok || answer.status === 422) {
        told.textContent = await answer.text();
      } else {
        told.textContent = form.dataset.unsaved;
      }
    } catch {
      told.textContent = form.dataset.unsaved;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, AFTER, false);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = null;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting !== null) {
      save(true);
    }
  });
}
