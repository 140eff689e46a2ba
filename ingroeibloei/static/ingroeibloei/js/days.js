// The picker of a day writes it in the order of the device; beside it the day stands as the page writes days, and
// follows what is chosen.
(() => {
  const write = (line, value) => {
    const day = value && new Date(`${value}T12:00:00`);
    line.hidden = !day;
    if (!day || line.dataset.value === value) return;
    line.dataset.value = value;
    const parts = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
    const words = new Intl.DateTimeFormat(document.documentElement.lang || "nl", parts).format(day);
    line.textContent = words.replaceAll(" ", "\u00a0");
  };
  for (const line of document.querySelectorAll("[data-written-day]")) {
    const field = document.getElementById(line.dataset.writtenDay);
    if (!field || field.type !== "date") continue;
    field.addEventListener("input", () => write(line, field.value));
    // What the browser filled in again may be another day than the page wrote.
    if (field.value && field.value === field.defaultValue && line.textContent) line.hidden = false;
    else write(line, field.value);
  }
})();
