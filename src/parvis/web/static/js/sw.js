// The service worker: what was seen can be read without a network; what is asked of the network is never answered from
// memory while there is one. A page server puts two lines before these: DIGEST, and SHELL (what the offline page needs).
/* global DIGEST, SHELL */
const STATIC = `parvis-static-${DIGEST}`;
const PAGES = "parvis-pages";
const MEDIA = "parvis-media";
const MOST = { [PAGES]: 60, [MEDIA]: 250 };
const PATIENCE = 6000; // ms before what was kept is shown instead

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { credentials: "omit" })))).then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("parvis-static-") && name !== STATIC) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function keep(name, request, response) {
  if (!response.ok || response.redirected || response.headers.get("Cache-Control") === "no-store") return;
  const cache = await caches.open(name);
  await cache.put(request, response);
  const known = await cache.keys();
  for (const old of known.slice(0, Math.max(0, known.length - (MOST[name] || Infinity)))) await cache.delete(old);
}

async function fromMemory(event, name) {
  const known = await caches.match(event.request, { ignoreVary: true });
  if (known) return known;
  const response = await fetch(event.request);
  event.waitUntil(keep(name, event.request, response.clone()));
  return response;
}

const nothing = () => null;

async function page(event) {
  const { request } = event;
  const kept = await caches.match(request, { ignoreVary: true });
  const asked = fetch(request).then((response) => {
    if (response.headers.get("Content-Type")?.startsWith("text/html")) event.waitUntil(keep(PAGES, request, response.clone()));
    return response;
  });
  const late = new Promise((tell) => kept && setTimeout(tell, PATIENCE));
  const response = await Promise.race([asked.catch(nothing), late]);
  if (response) return response;
  if (kept) event.waitUntil(tellOf(event.resultingClientId, asked));
  return kept || (await caches.match("/offline", { ignoreVary: true })) || Response.error();
}

// A page that is shown as it was hears so, and hears when the network answers after all.
async function tellOf(id, asked) {
  const shown = await self.clients.get(id);
  shown?.postMessage("kept");
  if (await asked.catch(nothing)) shown?.postMessage("back");
}

const forget = () => Promise.all([caches.delete(PAGES), caches.delete(MEDIA)]);

// Who goes out, or comes in as somebody else, leaves nothing to read behind; nor do pages that were under way meanwhile.
async function change(event) {
  await forget();
  const response = await fetch(event.request);
  await forget();
  return response;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.headers.has("Range")) return;
  if (request.method === "POST" && /^\/sign-(in|out|up)\b/.test(url.pathname)) event.respondWith(change(event));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromMemory(event, STATIC));
  else if (/^\/(media|faces)\//.test(url.pathname) && request.destination === "image") event.respondWith(fromMemory(event, MEDIA));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

// The browser tells when the network is back, though no page may be open: pages send what waits; without one, we do.
addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(flush());
});

function opened() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open("parvis", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

const answered = (asked) => new Promise((done, fail) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

function flush() {
  return navigator.locks.request("parvis-outbox", async () => {
    const database = await opened();
    for (const { key, fields } of await answered(database.transaction("outbox").objectStore("outbox").getAll())) {
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      const response = await fetch("/posts", { method: "POST", body, headers: { Accept: "application/json" } });
      // a refusal is for the member to read: the next page tells it
      if (response.ok) await answered(database.transaction("outbox", "readwrite").objectStore("outbox").delete(key));
    }
    database.close();
    for (const page of await self.clients.matchAll()) page.postMessage("sent");
  });
}
