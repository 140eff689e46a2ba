// A form with words of one's own, or long to fill in (data-while-signed-in), leaves only while its writer is signed in
// and the portal answers: another page would take its place, and Back does not bring it. Who signed in again in another
// tab has a new token, which it takes along. Without script it is sent as it is.
(() => {
  const { ask, signedOut, away } = document.currentScript.dataset;
  const PATIENCE = 8000; // milliseconds; then the form is sent as it is
  const asking = new WeakSet();
  const sure = new WeakSet();

  const say = (form, words) => {
    const line = form.querySelector("[data-signed-out-line]") || document.createElement("p");
    line.dataset.signedOutLine = "";
    line.className = "error";
    line.setAttribute("role", "alert");
    line.textContent = "";
    form.append(line);
    line.textContent = words;
    line.scrollIntoView({ block: "center" });
  };

  // Empty for who is signed out.
  const token = async () => {
    const response = await fetch(ask, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    if (response.redirected) return "";
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-while-signed-in]") || sure.has(form)) return;
    event.preventDefault();
    if (asking.has(form)) return;
    asking.add(form);
    let fresh = form.elements.csrfmiddlewaretoken.value;
    try {
      fresh = await token();
    } catch (error) {
      // A talk is kept on the device by the worker of these pages.
      // An older browser calls patience that ended otherwise.
      if (!["TimeoutError", "AbortError"].includes(error.name) && !form.matches("[data-quick-log]")) return say(form, away);
    } finally {
      asking.delete(form);
    }
    if (!fresh) return say(form, signedOut);
    form.elements.csrfmiddlewaretoken.value = fresh;
    sure.add(form);
    form.requestSubmit(event.submitter);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => sure.delete(form)));
})();
