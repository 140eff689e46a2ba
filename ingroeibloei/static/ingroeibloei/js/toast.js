// An undo toast with a number of seconds (data-toast="20") counts down and leaves when the time to undo is over; one
// without stays where it stands.
(() => {
  const watch = (toast) => {
    if (toast.dataset.watched) return;
    toast.dataset.watched = "yes";
    const line = toast.querySelector("[data-toast-seconds]");
    const until = Date.now() + Number(toast.dataset.toast) * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) return toast.remove();
      if (line) line.textContent = `${left} s`;
      setTimeout(tick, 250);
    };
    tick();
  };
  const look = () => document.querySelectorAll("[data-toast]").forEach(watch);

  look();
  document.addEventListener("htmx:afterSwap", look);
})();
