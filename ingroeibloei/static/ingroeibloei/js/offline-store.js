// What a device keeps to log talks without a network: the children's first names, locked with a key that never leaves
// the browser and gone after twelve hours; and talks that wait, sealed for the server alone. Used by pages and worker.
(() => {
  const HOURS = 12;
  const MOST = 100; // talks that wait
  const bytes = (text) => new TextEncoder().encode(text);
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  // A device that is full takes a row and gives up when it writes it down.
  const written = (transaction) =>
    new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });

  const open = () => {
    const request = indexedDB.open("ingroeibloei", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("queue", { keyPath: "client_id" });
    };
    return asked(request);
  };

  const within = async (store, mode, act) => {
    const database = await open();
    try {
      const transaction = database.transaction(store, mode);
      const [found] = await Promise.all([asked(act(transaction.objectStore(store))), written(transaction)]);
      return found;
    } finally {
      database.close();
    }
  };
  const read = (name) => within("kept", "readonly", (store) => store.get(name));
  const write = (name, value) => within("kept", "readwrite", (store) => store.put(value, name));

  // --- children ---

  const keep = async ({ user, key, children, readers }) => {
    const lock = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock, bytes(JSON.stringify({ children, readers })));
    await write("public", { user, key });
    await write("children", { user, lock, iv, data, until: Date.now() + HOURS * 3600 * 1000 });
  };

  // With the names goes the key to seal for their owner: nobody else's talk is sealed as this one's. And what was typed.
  const forgetChildren = () => within("kept", "readwrite", (store) => store.clear());
  // What was typed has a time of its own.
  const forgetNames = () =>
    within("kept", "readwrite", (store) => {
      store.delete("children");
      return store.delete("public");
    });

  // The children, or null when there are none or their time is over; then they are gone from here too.
  const children = async () => {
    const kept = await read("children");
    if (!kept) return null;
    if (kept.until <= Date.now()) {
      await forgetNames();
      return null;
    }
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, kept.lock, kept.data);
    const { children: list, readers } = JSON.parse(new TextDecoder().decode(data));
    return { user: kept.user, until: kept.until, list, readers };
  };

  // --- talks that wait ---

  const seal = async (talk, clientId, key) => {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", unbase64(key.point), curve, false, []);
    const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    const root = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const secret = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: bytes("ingroeibloei offline talk 1") },
      root,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt"],
    );
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealing = { name: "AES-GCM", iv, additionalData: bytes(clientId) };
    return {
      key: key.id,
      point: base64(await crypto.subtle.exportKey("raw", own.publicKey)),
      iv: base64(iv),
      data: base64(await crypto.subtle.encrypt(sealing, secret, bytes(JSON.stringify(talk)))),
    };
  };

  // fields: [[name, value], …] of the form of a talk, client_id among them. False where nothing can be kept here.
  // writer: whose page it was.
  const put = async ({ pupil, fields, seconds, writer }) => {
    try {
      const known = await read("public");
      if (known && writer && String(known.user) !== writer) return false;
      const clientId = (fields.find(([name]) => name === "client_id") || [])[1];
      if (!known || !clientId || (await waiting()).length >= MOST) return false;
      const sealed = await seal({ user: known.user, pupil, fields, seconds }, clientId, known.key);
      const row = { client_id: clientId, user: known.user, sealed, at: Date.now(), state: "waits", message: "" };
      await within("queue", "readwrite", (store) => store.put(row));
    } catch {
      return false; // a full device, or a browser that keeps nothing
    }
    return true;
  };
  const waiting = async () => {
    const rows = await within("queue", "readonly", (store) => store.getAll());
    return rows.sort((one, other) => one.at - other.at);
  };
  const drop = (clientId) => within("queue", "readwrite", (store) => store.delete(clientId));
  const change = (row) => within("queue", "readwrite", (store) => store.put(row));

  // --- what is typed and not sent yet: one for each child, sealed like a talk; gone after twelve hours too ---

  const draftOf = (pupil) => `draft-${pupil}`;
  const putDraft = async ({ pupil, fields, seconds, writer }) => {
    const known = await read("public");
    const clientId = (fields.find(([name]) => name === "client_id") || [])[1];
    if (!known || !clientId || String(known.user) !== writer) return;
    const sealed = await seal({ user: known.user, pupil, fields, seconds }, clientId, known.key);
    await write(draftOf(pupil), { user: known.user, client_id: clientId, sealed, until: Date.now() + HOURS * 3600 * 1000 });
  };
  const dropDraft = (pupil) => within("kept", "readwrite", (store) => store.delete(draftOf(pupil)));
  const draft = async (pupil, writer) => {
    await forgetOldDrafts();
    const kept = await read(draftOf(pupil));
    return kept && String(kept.user) === writer ? kept : null;
  };
  // The children about whom something is typed and not sent.
  const draftedPupils = async (writer) => {
    await forgetOldDrafts();
    const names = await within("kept", "readonly", (store) => store.getAllKeys());
    const found = [];
    for (const name of names.filter((one) => one.startsWith("draft-"))) {
      const kept = await read(name);
      if (kept && String(kept.user) === writer) found.push(name.slice("draft-".length));
    }
    return found;
  };
  const forgetOldDrafts = async () => {
    const names = await within("kept", "readonly", (store) => store.getAllKeys());
    for (const name of names.filter((one) => one.startsWith("draft-"))) {
      const kept = await read(name);
      if (kept && kept.until <= Date.now()) await within("kept", "readwrite", (store) => store.delete(name));
    }
  };

  const owner = async () => ((await read("public")) || {}).user;

  self.offlineStore = {
    keep, children, forgetChildren, put, waiting, drop, change, owner, putDraft, dropDraft, draft,
    draftedPupils, forgetOldDrafts,
  };
})();
