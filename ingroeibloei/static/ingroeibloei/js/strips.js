// Strips by keyboard (data-strips): 1 to 9 choose an answer of the child one is at, and go on to the next child.
(() => {
  const next = (row, after) => {
    const rows = [...document.querySelectorAll("[data-strips] fieldset")];
    const place = rows.findIndex((other) => other.id === row.id);
    const wanted = rows[place + after];
    const target = wanted && (wanted.querySelector("input:checked") || wanted.querySelector("input"));
    if (target) {
      target.focus();
      wanted.scrollIntoView({ block: "nearest" });
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !/^[1-9]$/.test(event.key)) return;
    const row = event.target.closest("[data-strips] fieldset");
    if (!row) return;
    const choice = row.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    if (!choice.checked) choice.click();
    next(row, 1);
  });
})();
