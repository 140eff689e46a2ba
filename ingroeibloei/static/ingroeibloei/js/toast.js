// An undo toast (data-toast) leaves after a while, but never while someone is on it.
(() => {
  const STAYS = 12000; // milliseconds

  const watch = (toast) => {
    if (toast.dataset.watched) return;
    toast.dataset.watched = "yes";
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, STAYS / 4);
      else toast.remove();
    };
    setTimeout(leave, STAYS);
  };
  const look = () => document.querySelectorAll("[data-toast]").forEach(watch);

  look();
  document.addEventListener("htmx:afterSwap", look);
})();
