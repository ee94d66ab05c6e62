// Search by name: a combobox over the release's index; accents and case do not matter.

import { h } from "./dom.js";
import { current } from "./store.js";

const SHOWN = 8;
const PLAIN = { đ: "d", ð: "d", ø: "o", ł: "l", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

export const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
  .replace(/[đðøłıßæœþ]/g, (letter) => PLAIN[letter]).replace(/[.'’-]/g, "");

// Matches by the start of any word of the name.
function matches(index, typed) {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const fits = (text) => {
    const parts = folded(text).split(/\s+/);
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
  const players = index.players.filter((one) => fits(`${one.name} ${one.team}`))
    .map((one) => ({ text: one.name, more: one.team, to: `/player/${one.player_id}` }));
  const games = index.games.filter((one) => fits(`${one.away} ${one.home} ${one.game_date}`)).reverse()
    .map((one) => ({ text: `${one.away} at ${one.home}`, more: one.game_date, to: `/game/${one.game_date}/${one.game_id}` }));
  const teams = index.teams.filter((one) => fits(`${one.name} ${one.team}`)).map((one) => ({ text: one.name, more: one.team, to: `/team/${one.team}` }));
  return [...players.slice(0, SHOWN - 2), ...teams.slice(0, 2), ...games].slice(0, SHOWN);
}

export function searchBox(input, list) {
  let found = [];
  let at = -1;
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    const to = found[index]?.to;
    if (!to) return;
    close();
    input.value = "";
    location.hash = to;
  };
  const mark = (index) => {
    at = (index + found.length) % found.length;
    [...list.children].forEach((node, place) => node.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", `found-${at}`);
  };
  input.addEventListener("input", async () => {
    const typed = input.value;
    const index = await current()?.load("search.json").catch(() => null);
    if (typed !== input.value) return;
    found = index ? matches(index.data, typed) : [];
    if (!typed.trim()) return close();
    list.replaceChildren(...(found.length
      ? found.map((one, place) => h("li", { id: `found-${place}`, role: "option", "aria-selected": "false",
        onmousedown: (event) => { event.preventDefault(); choose(place); } }, one.text, " ", h("small", null, one.more)))
      : [h("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, index ? "No player, team or game of this name" : "The index cannot be read")]));
    list.hidden = false;
    at = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter") choose(Math.max(at, 0));
    else if (found.length && !list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    }
  });
  input.addEventListener("blur", close);
}
