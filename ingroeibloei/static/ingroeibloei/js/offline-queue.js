// On every page of staff: sends talks that waited on this device, says which wait, and holds the signing out until they
// are sent or thrown away by choice. On the pages of the quick log it also takes the children along.
(() => {
  const place = document.querySelector("[data-offline]");
  const store = self.offlineStore;
  if (!place || !store || !self.isSecureContext || !window.indexedDB) return;
  const { send: sendUrl, children: childrenUrl, worker, mend, user } = place.dataset;
  const SEND_AT_ONCE = 10;
  const PATIENCE = 8000; // milliseconds for one answer
  const FRESH = 30 * 60 * 1000; // milliseconds after which the children are fetched anew
  let token = place.dataset.token;

  const words = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), place.dataset[name]);

  // --- sending ---

  const post = async (rows) => {
    const response = await fetch(sendUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ talks: rows.map(({ client_id, sealed }) => ({ client_id, sealed })) }),
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isOurs = (response.headers.get("content-type") || "").startsWith("application/json");
    if (!response.ok || !isOurs) throw new Error(String(response.status));
    return (await response.json()).talks;
  };

  const settle = async (rows, answers) => {
    const said = new Map(answers.map((answer) => [answer.client_id, answer]));
    for (const row of rows) {
      const answer = said.get(row.client_id);
      if (!answer) continue;
      if (answer.state === "stored") await store.drop(row.client_id);
      else await store.change({ ...row, state: answer.state, message: answer.message });
    }
  };

  // One tab sends at a time; the server takes each talk once all the same.
  const send = () =>
    navigator.locks.request("ingroeibloei-send", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      const rows = (await store.waiting()).filter((row) => String(row.user) === user && row.state !== "lost");
      for (let start = 0; start < rows.length; start += SEND_AT_ONCE) {
        const some = rows.slice(start, start + SEND_AT_ONCE);
        await settle(some, await post(some));
      }
    });

  // --- showing ---

  const moment = (at) => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  const openToMend = (row) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = mend;
    const values = { csrfmiddlewaretoken: token, client_id: row.client_id, sealed: JSON.stringify(row.sealed) };
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      [field.type, field.name, field.value] = ["hidden", name, value];
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  const line = (row) => {
    const item = document.createElement("li");
    item.className = "split";
    const text = document.createElement("span");
    text.textContent = row.message ? `${moment(row.at)} – ${row.message}` : words("waits", { moment: moment(row.at) });
    item.append(text);
    if (row.state === "refused") item.append(button(words("mendLabel"), () => openToMend(row)));
    if (row.state !== "waits") {
      const throwAway = async () => {
        if (!window.confirm(words("discardOne"))) return;
        await store.drop(row.client_id);
        await show();
      };
      item.append(button(words("discardLabel"), throwAway));
    }
    return item;
  };

  const show = async () => {
    const rows = await store.waiting();
    const mine = rows.filter((row) => String(row.user) === user);
    place.hidden = rows.length === 0;
    place.classList.toggle("notice-banner", rows.length > 0);
    place.classList.toggle("notice-banner-attention", rows.length > 0);
    if (!rows.length) return;
    const others = rows.length - mine.length;
    const title = place.querySelector("[data-title]");
    title.textContent = mine.length ? words(mine.length === 1 ? "one" : "several", { number: mine.length }) : "";
    const list = place.querySelector("[data-list]");
    list.replaceChildren(...mine.map(line));
    const note = place.querySelector("[data-others]");
    note.hidden = !others;
    note.textContent = words("others", { number: others });
  };

  const sendAndShow = async () => {
    try {
      await send();
    } catch {
      // no network, or signed out meanwhile: they wait on
    }
    await show();
  };

  // --- signing out ---

  const signOuts = document.querySelectorAll(`form[action="${place.dataset.signOut}"]`);
  for (const form of signOuts) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.free) return;
      event.preventDefault();
      try {
        await sendAndShow();
        const left = (await store.waiting()).filter((row) => String(row.user) === user);
        if (left.length && !window.confirm(words("discardAll", { number: left.length }))) return;
        for (const row of left) await store.drop(row.client_id);
        await store.forgetChildren();
      } catch {
        // a browser whose store is broken holds nobody: the person signs out
      }
      form.dataset.free = "1";
      form.requestSubmit(event.submitter);
    });
  }

  // --- taking along ---

  const take = async () => {
    const kept = await store.children();
    const isFresh = kept && String(kept.user) === user && kept.until - Date.now() > 12 * 3600 * 1000 - FRESH;
    if (isFresh) return;
    const response = await fetch(childrenUrl, { credentials: "same-origin" });
    const isOurs = (response.headers.get("content-type") || "").startsWith("application/json");
    if (response.ok && isOurs) await store.keep(await response.json());
  };

  const begin = async () => {
    const owner = await store.owner();
    if (owner !== undefined && String(owner) !== user) await store.forgetChildren();
    await store.forgetOldDrafts();
    if (place.dataset.takesAlong && navigator.serviceWorker) {
      await navigator.serviceWorker.register(worker);
      await take();
      document.documentElement.dataset.offlineReady = "1";
    }
    await sendAndShow();
  };

  window.addEventListener("online", sendAndShow);
  begin().catch(() => show().catch(() => {}));
})();
