// Hints for plain Dutch beside a form (data-plain), anew a moment after the last key. data-plain holds the address that
// knows them; empty: the form's own. A hint leads to its words; a button puts others in, and Undo takes them out again.
// Without script the buttons send the form, and the server does the same.
(() => {
  const PAUSE = 900; // milliseconds after the last key
  const form = document.querySelector("form[data-plain]");
  const panel = document.querySelector("[data-plain-panel]");
  if (!form || !panel) return;
  const status = panel.querySelector("[data-plain-status]");
  const hints = panel.querySelector("[data-plain-hints]");
  const undo = panel.querySelector("[data-plain-undo]");
  panel.querySelector("[data-plain-look]").hidden = true; // the hints come by themselves

  const done = []; // what was put in, the last one last
  let timer = null;
  let asking = null;
  let shown = ""; // the hints that stand there

  const show = (html) => {
    if (shown === html) return;
    shown = html;
    const had = hints.contains(document.activeElement);
    hints.innerHTML = html;
    const words = hints.querySelector("[data-plain-found]").dataset.plainFound;
    if (status.textContent !== words) status.textContent = words; // said aloud only when it changes
    if (had) (hints.querySelector("a, button") || undo.querySelector("button")).focus();
  };
  const ask = async () => {
    if (asking) asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const response = await fetch(form.dataset.plain || form.getAttribute("action") || location.pathname, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Plain": "1" },
        credentials: "same-origin",
        signal,
      });
      const html = await response.text();
      if (response.ok && !response.redirected && html.includes("data-plain-found") && !signal.aborted) show(html);
    } catch {
      // Without a network the old hints stay; the next key asks again.
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  // Puts words where others stand, unless something else stands there by now.
  const put = (field, first, words, to) => {
    if (!field || field.value.slice(first, first + words.length) !== words) return false;
    field.setRangeText(to, first, first + words.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    clearTimeout(timer);
    ask();
    return true;
  };
  const showUndo = () => {
    const last = done.at(-1);
    undo.hidden = !last;
    undo.querySelector("[data-plain-undone]").textContent = last ? last.words : "";
  };

  panel.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-plain-offer]");
    const link = event.target.closest("[data-plain-show]");
    if (offer) {
      event.preventDefault();
      const { field, words, to } = JSON.parse(offer.value);
      const first = Number(offer.dataset.first);
      if (!put(form.elements[field], first, words, to)) return ask();
      done.push({ field, first, words, to });
      showUndo();
      undo.querySelector("button").focus({ preventScroll: true });
    } else if (link) {
      const field = document.getElementById(link.hash.slice(1));
      if (!field || !field.setSelectionRange) return;
      event.preventDefault();
      field.focus();
      field.setSelectionRange(Number(link.dataset.first), Number(link.dataset.last));
    } else if (undo.contains(event.target.closest("button"))) {
      const last = done.pop();
      if (last) put(form.elements[last.field], last.first, last.to, last.words);
      showUndo();
      const next = undo.hidden ? hints.querySelector("[data-plain-offer], a") : undo.querySelector("button");
      if (next) next.focus({ preventScroll: true });
    }
  });
  if (!hints.querySelector("[data-plain-found]")) ask(); // a page that does not know its hints yet
  form.addEventListener("input", later);
  form.addEventListener("change", later);
})();
