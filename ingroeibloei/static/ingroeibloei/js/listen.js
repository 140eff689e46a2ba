// Whoever plays a recording has listened: told once, by the form that stands there without script too. And the device's
// own voice reads the notice, where it has one for its language on the device itself (nothing is sent to anybody).
(() => {
  const desk = document.querySelector("[data-voices]");
  const form = desk && desk.querySelector("form");
  let told = false;

  const tell = async (url, body) => {
    if (told) return;
    told = true;
    try {
      const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
      if (form) {
        form.hidden = true;
        desk.querySelector("[data-heard]").hidden = false;
      }
    } catch {
      told = false; // the button stays
    }
  };
  const bodyOf = (source) => {
    const body = new FormData(source);
    body.set("action", "listened");
    return body;
  };
  // Not form.action: that is the button of this name.
  if (form) desk.addEventListener("playing", () => tell(form.getAttribute("action"), bodyOf(form)), true);

  const place = document.querySelector("template[data-own-voice]");
  const speech = window.speechSynthesis;
  if (!place || !speech || !window.SpeechSynthesisUtterance) return;
  const wanted = place.dataset.lang.toLowerCase().split("-")[0];
  const voice = () => speech.getVoices().find((one) => {
    const [language, ...rest] = one.lang.toLowerCase().split(/[-_]/);
    // Punjabi of Pakistan is read in another script.
    return one.localService && language === wanted && !(wanted === "pa" && (rest.includes("pk") || rest.includes("arab")));
  });
  const words = () => [...document.querySelectorAll(".notice h1, .five-slots > *, .side-by-side-text, .questionnaire > .said, .faces legend > span:last-child")].map((part) => part.textContent.replace(/\s+/g, " ").trim());

  const offer = () => {
    const found = voice();
    if (!found || !place.isConnected) return;
    const shown = place.content.firstElementChild;
    const button = shown.querySelector("[data-read]");
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      if (speech.speaking) {
        speech.cancel();
        button.setAttribute("aria-pressed", "false");
        return;
      }
      button.setAttribute("aria-pressed", "true");
      const parts = words();
      parts.forEach((text, number) => {
        const utterance = new SpeechSynthesisUtterance(text);
        [utterance.voice, utterance.lang, utterance.rate] = [found, found.lang, 0.9];
        if (number === parts.length - 1) utterance.addEventListener("end", () => button.setAttribute("aria-pressed", "false"));
        speech.speak(utterance);
      });
      const token = document.querySelector("input[name=csrfmiddlewaretoken]");
      if (token && place.dataset.heardUrl) tell(place.dataset.heardUrl, bodyOf(token.form));
    });
    place.replaceWith(shown);
  };
  offer();
  speech.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", () => speech.cancel());
})();
