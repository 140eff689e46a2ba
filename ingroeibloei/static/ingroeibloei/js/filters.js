// A filter form (data-autosubmit) goes by itself when a choice changes; typed words wait for the button.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && !event.target.matches("input[type=text], input[type=search]")) form.requestSubmit();
});
