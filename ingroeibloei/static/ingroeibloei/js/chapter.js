// The text of a chapter: a figure or a note comes where one is writing, and a place that is named is shown in the field.
// Without script the buttons put it at the end, and the place is read in the list.
(() => {
  const form = document.getElementById("chapter-form");
  const field = form && form.elements.text;
  if (!field) return;

  const putIn = (words) => {
    const { selectionStart: first, selectionEnd: last, value } = field;
    const before = value.slice(0, first);
    const space = before && !/\s$/.test(before) ? " " : "";
    field.setRangeText(space + words, first, last, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=insert], button[name=note]");
    if (!button) return;
    event.preventDefault();
    if (button.name === "insert") return form.elements.figure.value && putIn(form.elements.figure.value);
    const note = form.querySelector(`[data-note="${CSS.escape(button.value)}"]`);
    if (note) putIn(note.innerText.trim());
  });

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-place]");
    const at = place ? field.value.indexOf(place.textContent.replaceAll("…", "")) : -1;
    if (at < 0) return;
    const within = place.textContent.replaceAll("…", "").indexOf(place.dataset.place);
    field.focus();
    field.setSelectionRange(at + within, at + within + place.dataset.place.length);
  });
})();
