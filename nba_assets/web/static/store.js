// The published tree: the manifest says which objects make up a release, objects never change.

const ROOT = "v1/";
const POLL = 60_000;
let release = null;
let offline = false;
const MOST = 1000;
const objects = new Map();

// An object that the server no longer has: the release it belongs to is too old to be read.
export class Gone extends Error {}

async function json(path, options) {
  const answer = await fetch(ROOT + path, options);
  if (answer.status === 404) throw new Gone(`${path}: 404`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  if (path === "manifest.json") offline = answer.headers.has("X-Kept");
  return answer.json();
}

// The latest slate's copy is asked for beside the manifest. It is taken for an object only if, without its stamp, its
// bytes are those that the manifest names.
const EARLY = "latest/daily.json";
const STAMP = /^\{"sequence":\d+,"generated_at":"[^"]*",/;
const early = fetch(ROOT + EARLY).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);

async function ahead(hash) {
  const text = (await early)?.replace(STAMP, "{");
  if (!text || !crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === hash ? JSON.parse(text) : null;
}

function object(hash) {
  if (!objects.has(hash)) {
    const asked = () => json(`objects/sha256/${hash.slice(0, 2)}/${hash}.json`);
    const found = hash === release.files[EARLY]?.sha256 ? ahead(hash).then((body) => body ?? asked()) : asked();
    found.catch(() => objects.delete(hash));
    objects.set(hash, found);
    if (objects.size > MOST) objects.delete(objects.keys().next().value);
  }
  return objects.get(hash);
}

// One manifest. A view reads all it shows from one of these, so it never mixes two releases.
class Release {
  constructor(manifest) {
    Object.assign(this, manifest);
  }

  // A document by its name; null if the release has none. Rejects with `Gone` if its object is lost.
  async load(name) {
    const entry = this.files[name] ?? (await this.part(name))[name];
    return entry ? object(entry.sha256) : null;
  }

  // The files of the part that a name would stand in: those whose names begin alike.
  async part(name) {
    const begins = Object.keys(this.parts ?? {}).find((start) => name.startsWith(start));
    return begins ? (await object(this.parts[begins].sha256)).files : {};
  }

  // Names of the files that stand in the manifest itself.
  names(pattern) {
    return Object.keys(this.files).filter((name) => pattern.test(name)).sort();
  }
}

export const current = () => release;
export const isOffline = () => offline;

// Reads the manifest; true if it is newer than the one already seen. An older sequence is ignored.
export async function refresh() {
  const found = await json("manifest.json", { cache: "no-cache" });
  if (release !== null && found.sequence <= release.sequence) return false;
  release = new Release(found);
  return true;
}

// Calls `changed` for every newer release: told by the server's events, else found by asking once a minute.
export function follow(changed) {
  const ask = async () => {
    const before = offline;
    const newer = await refresh().catch(() => false);
    if (newer || before !== offline) changed(newer);
  };
  const heard = ({ data }) => {
    if (JSON.parse(data).sequence > release.sequence) ask();
  };
  const events = new EventSource("events");
  events.addEventListener("message", heard);
  events.addEventListener("release", heard);
  setInterval(() => events.readyState === EventSource.OPEN || ask(), POLL);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}

// Has the service worker keep what a reader without a network will want: the latest slate, its games, the record.
export async function keep() {
  if (!("serviceWorker" in navigator) || navigator.connection?.saveData) return;
  await navigator.serviceWorker.register("sw.js");
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) {
    await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  }
  const { files, parts = {} } = release;
  await fetch(`${ROOT}manifest.json`, { cache: "no-cache" });
  const season = release.names(/^track-record\/\d{4}-\d\d\.json$/).at(-1);
  const wanted = ["latest/daily.json", "status.json", "schedule.json", "search.json", season, ...release.names(/^latest\/games\//)];
  const indexes = [`historical/${(await release.load("latest/daily.json"))?.game_date.slice(0, 8)}`, "latest/players/", "latest/teams/"];
  const entries = [...wanted.map((name) => files[name]), ...indexes.map((begins) => parts[begins])];
  for (const hash of new Set(entries.map((entry) => entry?.sha256).filter(Boolean))) {
    await fetch(`${ROOT}objects/sha256/${hash.slice(0, 2)}/${hash}.json`);
  }
  document.documentElement.dataset.kept = release.sequence;
}
