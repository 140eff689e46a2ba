// A form (data-autosave) saves itself some seconds after the last key, and when the page is left. The server answers
// {message, url, revision}; from then on the form posts to that address. Without script its button saves.
(() => {
  const PAUSE = 2500; // milliseconds after the last key
  const RETRY = 5000; // milliseconds between tries without a network
  const form = document.querySelector("form[data-autosave]");
  const line = document.querySelector("[data-autosave-line]");
  if (!form || !line) return;

  let timer = null;
  let running = null; // the save under way
  let dirty = false;
  let stopped = false; // after a conflict or a refusal: nothing is overwritten
  let leaving = false; // the button was pressed: the browser sends the form itself
  let pressed = false; // the button was pressed and waits for its words to be kept

  const say = (words, tone = "") => {
    line.textContent = words;
    line.dataset.tone = tone;
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  const post = (atTheEnd) =>
    fetch(form.getAttribute("action") || location.pathname, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Autosave": "1" },
      credentials: "same-origin",
      keepalive: atTheEnd,
    });

  // Who signed in again in another tab has a new token; the one of this page is refused from then on.
  const renew = async () => {
    const response = await fetch(location.pathname + location.search, { credentials: "same-origin" });
    if (response.redirected || !response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    if (fresh) form.elements.csrfmiddlewaretoken.value = fresh.value;
  };

  const take = async (response) => {
    const isOurs = (response.headers.get("content-type") || "").startsWith("application/json");
    if (!isOurs) {
      stopped = !response.redirected;
      dirty = true;
      if (response.redirected) later(RETRY * 3);
      return say(response.redirected ? form.dataset.signedOut : form.dataset.refused, "wrong");
    }
    const answer = await response.json();
    if (response.status === 409) stopped = true;
    if (response.ok) {
      form.elements.revision.value = answer.revision;
      if (form.getAttribute("action") !== answer.url) {
        form.setAttribute("action", answer.url);
        history.replaceState(history.state, "", answer.url);
      }
    }
    say(answer.message, response.ok ? "" : "wrong");
  };

  const send = async (atTheEnd) => {
    dirty = false;
    try {
      let response = await post(atTheEnd);
      if (response.status === 403 && !atTheEnd) {
        await renew();
        response = await post(false);
      }
      if (response.status >= 500) throw new Error(String(response.status)); // it comes back
      await take(response);
    } catch {
      dirty = true;
      say(form.dataset.lost, "wrong");
      later(RETRY);
    }
  };
  const save = (atTheEnd = false) => {
    clearTimeout(timer);
    if (stopped || leaving || !dirty) return;
    if (running) return later(PAUSE / 5);
    running = send(atTheEnd === true).finally(() => {
      running = null;
    });
  };

  const changed = (event) => {
    if (event.target.name === "csrfmiddlewaretoken") return;
    dirty = true;
    later(PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  window.addEventListener("pagehide", () => save(true));

  // The button waits until its words are kept: a page that was signed out or lost its network would take them along. The
  // browser's Back does not have them, for no page of the staff stays in its cache.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (stopped || (!running && !dirty)) {
      leaving = true;
      return;
    }
    event.preventDefault();
    if (pressed) return;
    pressed = true;
    await running;
    save();
    await running;
    pressed = false;
    if (stopped || !dirty) form.requestSubmit(event.submitter);
  });
  // Back from the history the page may still be the old one.
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
})();
