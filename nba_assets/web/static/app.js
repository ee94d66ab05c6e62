// Routes, the header's state and the footer; each view draws itself into <main>.
// Plain modules and no framework: under 100 kB, nothing to build, and no dependency that can be attacked.

import { h, moment } from "./dom.js";
import { current, follow, Gone, isOffline, keep, refresh } from "./store.js";
import { slate } from "./views/slate.js";

// The slate is what most come for; the other views are read when they are asked for.
const ROUTES = [
  [/^\/(?:slate\/(\d{4}-\d\d-\d\d))?$/, () => slate],
  [/^\/game\/(\d{4}-\d\d-\d\d)\/(\w+)$/, async () => (await import("./views/game.js")).game],
  [/^\/player\/(\w+)$/, async () => (await import("./views/player.js")).player],
  [/^\/team\/(\w+)$/, async () => (await import("./views/team.js")).team],
  [/^\/model\/([\w.-]+)$/, async () => (await import("./views/model.js")).model],
  [/^\/track-record\/days\/(\d{4}-\d\d-\d\d)$/, async () => (await import("./views/record.js")).day],
  [/^\/track-record$/, async () => (await import("./views/record.js")).record],
  [/^\/status$/, async () => (await import("./views/status.js")).status],
];
const KEEP_AFTER = 2_000;
let drawing = 0;
let shown = null;

function address() {
  const [path, query = ""] = (location.hash.slice(1) || "/").split("?");
  return { path, query: new URLSearchParams(query) };
}

async function nodes(path, query) {
  const [pattern, viewOf] = ROUTES.find(([route]) => route.test(path)) ?? [];
  if (!viewOf) return [h("h1", null, "There is no such page")];
  const view = await viewOf();
  const read = () => view(current(), ...path.match(pattern).slice(1), query);
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Gone) || !(await refresh())) throw error;
    return read();
  }
}

async function show() {
  const mine = ++drawing;
  const main = document.getElementById("main");
  const { path, query } = address();
  for (const link of document.querySelectorAll("nav a")) {
    const own = link.getAttribute("href").slice(1);
    if (own === "/" ? /^\/($|slate|game|player|team)/.test(path) : path.startsWith(own)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  let found;
  try {
    found = await nodes(path, query);
  } catch (error) {
    found = [h("h1", null, "This page cannot be read"), h("p", { class: "lede" }, isOffline()
      ? "There is no network, and this page was not opened while there was one."
      : `${error.message}. The last release stays on the server; try again in a minute.`)];
  }
  if (mine !== drawing) return;
  if (shown === path) swap(main, found);
  else {
    main.replaceChildren(...found);
    if (shown !== null) {
      window.scrollTo(0, 0);
      const title = main.querySelector("h1");
      title?.setAttribute("tabindex", "-1");
      title?.focus({ preventScroll: true });
    }
  }
  shown = path;
  document.title = `${main.querySelector("h1")?.textContent ?? "Slate"} · Points against the line`;
  footer();
}

const marks = (main, selector) => [...main.querySelectorAll(selector)];
const KEYED = "a[href], button, select, input, summary, [tabindex]";
const nameOf = (node) => node.id || node.getAttribute("href") || node.getAttribute("name") || node.textContent;

// The same page with newer nodes: scroll, focus, opened details and typed text stay.
function swap(main, found) {
  const { scrollX, scrollY } = window;
  const focused = main.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const open = new Set(marks(main, "details[open]").map((node) => node.id));
  const typed = new Map(marks(main, "input[id]:not([type=checkbox])").map((node) => [node.id, node.value]));
  main.replaceChildren(...found);
  for (const node of marks(main, "details")) if (open.has(node.id)) node.open = true;
  for (const node of marks(main, "input[id]:not([type=checkbox])")) {
    if (typed.has(node.id) && node.value !== typed.get(node.id)) {
      node.value = typed.get(node.id);
      node.dispatchEvent(new Event("input"));
    }
  }
  if (focused !== null) marks(main, KEYED).find((node) => nameOf(node) === focused)?.focus({ preventScroll: true });
  window.scrollTo(scrollX, scrollY);
}

function footer() {
  const release = current();
  document.getElementById("release").textContent =
    `${isOffline() ? "No network; kept here: release" : "Release"} ${release.sequence}, with everything known at ` +
    `${moment(release.as_of)}, made ${moment(release.generated_at)}.`;
}

async function start() {
  try {
    await refresh();
  } catch (error) {
    document.getElementById("main").replaceChildren(h("h1", null, "Nothing is published yet"),
      h("p", { class: "lede" }, `The release cannot be read (${error.message}).`));
    return;
  }
  await show();
  const { searchBox } = await import("./search.js");
  searchBox(document.getElementById("search"), document.getElementById("found"));
  window.addEventListener("hashchange", show);
  follow(async (newer) => {
    await show();
    if (newer) document.getElementById("news").textContent = `Release ${current().sequence} is shown now.`;
  });
  setTimeout(() => keep().catch((error) => console.warn(`not kept for offline reading: ${error.message}`)), KEEP_AFTER);
}

start();
