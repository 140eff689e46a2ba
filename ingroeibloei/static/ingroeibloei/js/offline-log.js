// The page that works without a network: child, kind, outcome. What is logged waits on the device until it can be sent.
(() => {
  const form = document.querySelector("form[data-offline-log]");
  const store = self.offlineStore;
  if (!form || !store) return;
  const search = form.querySelector("[data-search]");
  const list = form.querySelector("[data-children]");
  const pick = form.querySelector("[data-pick]");
  const rest = form.querySelector("[data-then]");
  const chosen = form.querySelector("[data-chosen]");
  const status = document.querySelector("[data-status]");
  const MOST_SHOWN = 40;
  let everybody = [];
  let pupil = null;
  let began = 0;
  let clientId = ""; // of one talk: two taps keep it once

  const say = (words, tone = "") => {
    status.textContent = words;
    status.classList.toggle("notice-banner-wrong", tone === "wrong");
    status.classList.toggle("notice-banner-success", tone !== "wrong");
    status.hidden = !words;
  };
  const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  // The children make place for the talk, and the other way round.
  const show = (child) => {
    pupil = child;
    pick.hidden = child !== null;
    rest.hidden = child === null;
  };
  const choose = (child) => {
    [began, clientId] = [Date.now(), crypto.randomUUID()];
    chosen.textContent = child.room ? `${child.name} · ${child.room}` : child.name;
    show(child);
    say("");
    chosen.focus();
  };

  const draw = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const found = everybody.filter((child) => words.every((word) => plain(`${child.name} ${child.room}`).includes(word)));
    const rows = found.slice(0, MOST_SHOWN).map((child) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "choice choice-card";
      const text = document.createElement("span");
      text.className = "choice-text";
      const name = document.createElement("bdi");
      name.textContent = child.name;
      const room = document.createElement("span");
      room.className = "choice-help";
      room.textContent = child.room;
      text.append(name, room);
      button.append(text);
      button.addEventListener("click", () => choose(child));
      item.append(button);
      return item;
    });
    list.replaceChildren(...rows);
    form.querySelector("[data-none]").hidden = found.length > 0 || everybody.length === 0;
  };

  // Who may read it, for whom that is a choice: the usual first.
  const offer = (readers) => {
    for (const place of form.querySelectorAll("[data-reader]")) {
      const choices = (readers || {})[place.dataset.reader] || [];
      const select = place.querySelector("select");
      select.replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
      select.disabled = choices.length === 0;
      place.hidden = choices.length === 0;
    }
  };

  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  };

  const keep = async (outcome) => {
    const data = new FormData(form);
    const fields = [...data.entries()].filter(([, value]) => value !== "");
    fields.push(["client_id", clientId], ["outcome", outcome], ["held_on", today()]);
    const isKept = await store.put({ pupil: pupil.id, fields, seconds: (Date.now() - began) / 1000 });
    if (!isKept) return say(form.dataset.refused, "wrong");
    form.reset();
    show(null);
    search.value = "";
    draw();
    const number = (await store.waiting()).length;
    say(form.dataset.kept.replace("{number}", number));
    status.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (pupil && event.submitter && event.submitter.name === "outcome") keep(event.submitter.value);
  });
  search.addEventListener("input", draw);
  form.querySelector("[data-again]").addEventListener("click", () => {
    show(null);
    search.focus();
  });
  // Back with a network, the ordinary page sends what waits.
  const goBack = () => {
    document.querySelector("[data-online]").hidden = !navigator.onLine;
  };
  window.addEventListener("online", goBack);
  window.addEventListener("offline", goBack);
  goBack();

  // With a network the server says whether this is still the person whose children these are.
  const check = async () => {
    let response;
    try {
      response = await fetch(form.dataset.names, { credentials: "same-origin", signal: AbortSignal.timeout(3000) });
    } catch {
      return; // no network
    }
    if (response.status >= 500) return;
    const isOurs = (response.headers.get("content-type") || "").startsWith("application/json");
    const taken = isOurs ? await response.json() : null;
    const owner = await store.owner(); // nobody once the names' time is over: what was typed has a time of its own
    if (!taken || (owner !== undefined && taken.user !== owner)) await store.forgetChildren();
    if (taken) await store.keep(taken);
  };

  check().then(store.children).then((kept) => {
    everybody = kept ? kept.list : [];
    form.hidden = !kept;
    document.querySelector("[data-gone]").hidden = Boolean(kept);
    if (kept) draw();
    offer(kept && kept.readers);
    if (location.hash === "#bewaard") say(form.dataset.keptFirst);
  });
})();
