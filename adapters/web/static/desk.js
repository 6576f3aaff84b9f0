// Keeps a draft of what is typed into a form, some seconds after typing stopped. Nothing depends on it.
"use strict";

const AFTER = 3000;
const MOST_ON_LEAVING = 60000; // what a browser still sends of a page that is going away

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const told = form.querySelector("#saved");
  let waiting = null;
  let saving = Promise.resolve();

  const save = async (leaving) => {
    const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    fields.set("act", "autosave");
    try {
      const keepalive = leaving && fields.toString().length < MOST_ON_LEAVING;
      const answer = await fetch(form.action, { method: "POST", body: fields, keepalive });
      const said = answer.headers.get("Content-Type")?.startsWith("text/plain") && !answer.redirected;
      told.textContent = said ? await answer.text() : form.dataset.unsaved;
    } catch {
      told.textContent = form.dataset.unsaved;
    }
  };
  const forget = () => {
    clearTimeout(waiting);
    waiting = null;
  };

  form.addEventListener("input", () => {
    forget();
    waiting = setTimeout(() => {
      waiting = null;
      saving = saving.then(() => save(false)); // one after the other: the last one typed is the last one kept
    }, AFTER);
  });
  form.addEventListener("submit", forget);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting !== null) {
      forget();
      save(true);
    }
  });
}
