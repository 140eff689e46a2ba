// An undo toast (data-toast) leaves after a while, but never while someone is on it. With a number of seconds
// (data-toast="20") it counts down and leaves when the time to undo is over.
(() => {
  const STAYS = 12000; // milliseconds

  const countDown = (toast, seconds) => {
    const line = toast.querySelector("[data-toast-seconds]");
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) return toast.remove();
      if (line) line.textContent = `${left} s`;
      setTimeout(tick, 250);
    };
    tick();
  };
  const watch = (toast) => {
    if (toast.dataset.watched) return;
    toast.dataset.watched = "yes";
    if (Number(toast.dataset.toast)) return countDown(toast, Number(toast.dataset.toast));
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
