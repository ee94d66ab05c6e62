// The published tree: the manifest says which objects make up the release, objects never change.

const ROOT = "v1/";
let release = null;
const objects = new Map();

async function json(path, options) {
  const answer = await fetch(ROOT + path, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// The current manifest; an older sequence than the one already seen is ignored.
export async function manifest() {
  const found = await json("manifest.json", { cache: "no-cache" });
  if (release === null || found.sequence > release.sequence) release = found;
  return release;
}

export const current = () => release;

// A document of the release by its name; null if the release has none. A lost object reloads the manifest once.
export async function load(name, again = true) {
  const entry = release.files[name];
  if (!entry) return null;
  if (!objects.has(entry.sha256)) {
    try {
      objects.set(entry.sha256, await json(`objects/sha256/${entry.sha256.slice(0, 2)}/${entry.sha256}.json`));
    } catch (error) {
      if (!again) throw error;
      await manifest();
      return load(name, false);
    }
  }
  return objects.get(entry.sha256);
}

export const names = (pattern) => Object.keys(release.files).filter((name) => pattern.test(name)).sort();
