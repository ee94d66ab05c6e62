// Routes, the header's state and the footer; each view draws itself into <main>.

import { h, moment } from "./dom.js";
import { current, manifest } from "./store.js";
import { game } from "./views/game.js";
import { player } from "./views/player.js";
import { slate } from "./views/slate.js";
import { status } from "./views/status.js";
import { day as recordDay, record } from "./views/record.js";

const ROUTES = [
  [/^\/(?:slate\/(\d{4}-\d\d-\d\d))?$/, slate],
  [/^\/game\/(\d{4}-\d\d-\d\d)\/(\w+)$/, game],
  [/^\/player\/(\w+)$/, player],
  [/^\/track-record\/days\/(\d{4}-\d\d-\d\d)$/, recordDay],
  [/^\/track-record$/, record],
  [/^\/status$/, status],
];
const POLL = 60_000;

function address() {
  const [path, query = ""] = (location.hash.slice(1) || "/").split("?");
  return { path, query: new URLSearchParams(query) };
}

async function show() {
  const main = document.getElementById("main");
  const { path, query } = address();
  const [pattern, view] = ROUTES.find(([route]) => route.test(path)) ?? [];
  for (const link of document.querySelectorAll("nav a")) {
    const own = link.getAttribute("href").slice(1);
    if (own === "/" ? /^\/($|slate|game|player)/.test(path) : path.startsWith(own)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    const nodes = view ? await view(...path.match(pattern).slice(1), query) : [h("h1", null, "There is no such page")];
    main.replaceChildren(...nodes);
    document.title = `${main.querySelector("h1")?.textContent ?? "Slate"} · Points against the line`;
  } catch (error) {
    main.replaceChildren(h("h1", null, "This page cannot be read"),
      h("p", { class: "lede" }, `${error.message}. The last release stays on the server; try again in a minute.`));
  }
}

function footer() {
  const release = current();
  document.getElementById("release").textContent =
    `Release ${release.sequence}, with everything known at ${moment(release.as_of)}, made ${moment(release.generated_at)}.`;
}

async function start() {
  try {
    await manifest();
  } catch (error) {
    document.getElementById("main").replaceChildren(h("h1", null, "Nothing is published yet"),
      h("p", { class: "lede" }, `The release cannot be read (${error.message}).`));
    return;
  }
  footer();
  await show();
  window.addEventListener("hashchange", show);
  setInterval(async () => {
    const before = current().sequence;
    try {
      await manifest();
    } catch {
      return;
    }
    if (current().sequence !== before) {
      footer();
      await show();
    }
  }, POLL);
}

start();
