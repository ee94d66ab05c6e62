// Keeps the page readable without a network. Objects are named by their content and every view reads them through one
// manifest, so what is kept can be old but never a mixture of two releases.

const SHELL = "shell";
const TREE = "tree";
const FILES = ["./", "style.css", "app.js", "books.js", "changes.js", "charts.js", "csv.js", "dom.js", "odds.js", "search.js", "store.js",
  "views/game.js", "views/model.js", "views/player.js", "views/record.js", "views/slate.js", "views/status.js", "views/team.js"];
// The answers vary by origin and encoding for the sake of others; here there is one of each.
const MOST = 1000;
const ANY = { ignoreSearch: true, ignoreVary: true };
const HASH = /\/v1\/objects\/sha256\/\w\w\/(\w{64})\.json$/;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.endsWith("/events")) return;
  if (HASH.test(pathname)) event.respondWith(object(request));
  else if (pathname.endsWith("/v1/manifest.json")) event.respondWith(manifest(event));
  else if (pathname.endsWith("/v1/latest/daily.json")) event.respondWith(fetch(request).catch(() => new Response(null, { status: 204 })));
  else if (!pathname.includes("/v1/")) event.respondWith(shell(request));
});

async function object(request) {
  const cache = await caches.open(TREE);
  const kept = await cache.match(request, ANY);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

async function manifest(event) {
  const cache = await caches.open(TREE);
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(renew(cache, event.request.url, answer.clone()));
    return answer;
  } catch (error) {
    const kept = await cache.match(event.request.url, ANY);
    if (!kept) throw error;
    return new Response(kept.body, { headers: { "Content-Type": "application/json", "X-Kept": "1" } });
  }
}

// The newest manifest stays, and of the objects those that it names and as many of the newest others as there is room for.
async function renew(cache, url, answer) {
  const { files, parts = {} } = await answer.clone().json();
  await cache.put(url, answer);
  const named = new Set([...Object.values(files), ...Object.values(parts)].map((entry) => entry.sha256));
  const others = (await cache.keys()).filter((request) => {
    const hash = request.url.match(HASH)?.[1];
    return hash && !named.has(hash);
  });
  for (const request of others.slice(0, Math.max(0, others.length - MOST))) await cache.delete(request);
}

async function shell(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, ANY);
    if (!kept) throw error;
    return kept;
  }
}
