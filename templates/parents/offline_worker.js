{% load static i18n %}// Answers for the staff's pages when the network does not: with the page on which a talk can be logged all the
// same. A talk whose form was on its way is kept on the device; the server takes it once.
importScripts("{% static 'ingroeibloei/js/offline-store.js' %}");
const PAGE = "{% url 'offline_page' %}";
const LOG = "{% url 'contact_new' %}";
const SHELL = [
  PAGE,
  "{% static 'ingroeibloei/css/tokens.css' %}",
  "{% static 'ingroeibloei/css/app.css' %}",
  "{% static 'ingroeibloei/css/staff.css' %}",
  "{% static 'ingroeibloei/js/older.js' %}",
  "{% static 'ingroeibloei/js/offline-store.js' %}",
  "{% static 'ingroeibloei/js/offline-log.js' %}",
];
const CACHE = "offline-1";

const fill = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload", credentials: "same-origin" })));
};

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});
// The names of files change with their content: those of an earlier version would pile up.
const forgetOld = async () => {
  const cache = await caches.open(CACHE);
  const old = (await cache.keys()).filter((request) => !SHELL.includes(new URL(request.url).pathname));
  await Promise.all(old.map((request) => cache.delete(request)));
};

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});

const page = async () => (await caches.match(PAGE, { cacheName: CACHE, ignoreVary: true })) || Response.error();

const keepTalk = async (request) => {
  const address = new URL(request.url);
  const fields = [...(await request.formData()).entries()].filter(([, value]) => typeof value === "string");
  const opened = Number((fields.find(([name]) => name === "opened_at") || [])[1]);
  const seconds = opened ? Date.now() / 1000 - opened : undefined;
  const writer = (fields.find(([name]) => name === "writer") || [])[1];
  const kept = fields.filter(([name]) => !["opened_at", "csrfmiddlewaretoken", "writer"].includes(name));
  const pupil = Number(address.searchParams.get("pupil"));
  const isKept = await self.offlineStore.put({ pupil, fields: kept, seconds, writer });
  return isKept ? Response.redirect(`${PAGE}#bewaard`, 303) : Response.error();
};

const navigate = async (request) => {
  const isTalk = request.method === "POST" && new URL(request.url).pathname === LOG;
  const copy = isTalk ? request.clone() : null;
  try {
    const response = await fetch(request);
    if (request.method === "GET" && new URL(request.url).pathname === LOG && response.ok) fill().catch(() => {});
    return response;
  } catch (error) {
    if (isTalk) return keepTalk(copy);
    if (request.method !== "GET") throw error;
    return page();
  }
};

const asset = async (request) => {
  try {
    return await fetch(request);
  } catch (error) {
    const known = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
    if (known) return known;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(navigate(request));
  else if (request.method === "GET" && SHELL.includes(address.pathname)) event.respondWith(asset(request));
});
