// A filter form (data-autosubmit) goes by itself when a choice changes; typed words wait for a pause.
(() => {
  const PAUSE = 400; // milliseconds without a key
  const typed = "input[type=text], input[type=search]";
  let timer;

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && !event.target.matches(typed)) form.requestSubmit();
  });
  // Typed words only where htmx swaps the list: a whole new page would take the caret away.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-autosubmit][hx-get]");
    if (!form || !event.target.matches(typed)) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), PAUSE);
  });
})();
