// What is typed in the quick log stays on this device until it is sent, sealed for the server: it opens there alone, for
// the account that typed it. It goes with the sending, after twelve hours and with the signing out.
(() => {
  const PAUSE = 400; // milliseconds after the last key
  const LONG = 10 * 60 * 1000; // milliseconds after which somebody may have been signed out
  const form = document.querySelector("form[data-quick-log]");
  const begun = Date.now();
  // At the gate a talk is saved at once; one that lay open leaves only while its writer is signed in.
  form?.addEventListener("submit", () => form.toggleAttribute("data-while-signed-in", Date.now() - begun > LONG));
  const place = document.querySelector("[data-draft]");
  const store = self.offlineStore;
  if (!form || !place || !store || !self.isSecureContext || !window.indexedDB) return;
  const pupil = Number(form.dataset.quickLog);
  const SKIPPED = ["csrfmiddlewaretoken", "opened_at", "writer", "outcome"];
  let timer = null;
  let running = Promise.resolve();
  let leaving = false;

  const save = () => {
    clearTimeout(timer);
    if (leaving) return;
    const data = new FormData(form);
    const fields = [...data.entries()].filter(([name, value]) => value !== "" && !SKIPPED.includes(name));
    const seconds = Date.now() / 1000 - Number(data.get("opened_at"));
    running = running.then(() => store.putDraft({ pupil, fields, seconds, writer: data.get("writer") })).catch(() => {});
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  // On the page, so that what held it back was asked before.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    clearTimeout(timer);
    leaving = true;
    running = running.then(() => store.dropDraft(pupil)).catch(() => {});
  });
  // Back from the history the page may still be the old one.
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) save();
  });
  // What the server sent back was not stored.
  if (form.dataset.sentBack) save();

  const offer = async () => {
    const draft = await store.draft(pupil, form.elements.writer.value);
    if (!draft || draft.client_id === form.elements.client_id.value) return;
    const back = place.querySelector("form");
    back.elements.client_id.value = draft.client_id;
    back.elements.sealed.value = JSON.stringify(draft.sealed);
    place.querySelector("[data-discard]").addEventListener("click", async () => {
      await store.dropDraft(pupil);
      place.hidden = true;
    });
    place.hidden = false;
  };
  offer().catch(() => {});
})();
