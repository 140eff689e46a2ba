// Keys for staff: "/" goes to the search field, an element with data-key="n" is clicked by "n".
// Off while someone types, with a modifier held, or after <body data-keys="off">.
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target)) {
      if (event.key === "Escape" && event.target.matches("[data-key-search]")) event.target.blur();
      return;
    }
    const search = document.querySelector("[data-key-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    if (!/^[a-z]$/.test(event.key)) return;
    const target = document.querySelector(`[data-key="${event.key}"]`);
    if (target) {
      event.preventDefault();
      target.click();
    }
  });
})();
