// The slate of a date: games in tip order, in each one row a player.

import { clock, day, h, number, percent, price, signed, table } from "../dom.js";
import { strip } from "../charts.js";
import { load, names } from "../store.js";

const SLATE = /^historical\/(\d{4}-\d\d-\d\d)\/daily\.json$/;
const SORTS = {
  points: ["most points first", (player) => -(player.points_mean ?? 0)],
  edge: ["furthest from the line first", (player) =>
    player.line_value === null ? 0 : -Math.abs(player.points_q50 - player.line_value)],
  name: ["by name", (player) => player.name ?? ""],
};
const WORDS = {
  no_line: "no line", one_sided: "one side only", pickem_price: "pick'em price", stale_line: "stale line",
  few_books: "few books", price_outlier: "price is an error", tipped: "had tipped", player_out: "out", few_games: "few games",
  critical_feature_missing: "feature missing", low_quality: "low quality", baseline_model: "market baseline",
  gate_failed: "gate failed", ev_small: "value too small", ev_uncertain: "value uncertain", edge_small: "too near the market",
  devig_conflict: "books disagree",
};

export const word = (reason) => WORDS[reason] ?? reason.replaceAll("_", " ");

// Marks the page while simulated figures are shown on it.
export function origin(documents) {
  document.getElementById("origin").hidden = !documents.some((found) => found?.data_origin === "simulated");
}

export function why(document) {
  return document.reasons.length
    ? h("p", { class: "lede" }, `${document.status[0].toUpperCase()}${document.status.slice(1)}: `,
      document.reasons.map((reason) => reason.text).join("; "), ".")
    : null;
}

export async function slate(date, query) {
  const dates = names(SLATE).map((name) => name.match(SLATE)[1]);
  if (!dates.length) return [h("h1", null, "No slate yet"), h("p", { class: "lede" }, "Nothing has been published.")];
  const latest = await load("latest/daily.json");
  const chosen = date ?? latest?.game_date ?? dates.at(-1);
  const found = await load(`historical/${chosen}/daily.json`);
  origin([found]);
  const place = dates.indexOf(chosen);
  const turn = (index, text) => (dates[index] ? h("a", { href: `#/slate/${dates[index]}` }, text) : null);
  const head = [h("h1", null, day(chosen)), h("p", { class: "controls" }, turn(place - 1, "← the day before"), turn(place + 1, "the day after →"))];
  if (!found) return [...head, h("p", { class: "lede" }, "This date is not part of the release.")];
  const { games, players, counts } = found.data;
  if (!games.length) {
    const next = found.data.next_game_date;
    return [...head, why(found), next ? h("p", null, "The next games are on ", h("a", { href: `#/slate/${next}` }, day(next)), ".") : null];
  }
  return [...head, lede(counts), why(found), controls(chosen, query),
    games.map((game) => band(chosen, game, players.filter((player) => player.game_id === game.game_id), query))].flat(2).filter(Boolean);
}

function lede(counts) {
  const bets = counts.over + counts.under;
  return h("p", { class: "lede" },
    `${counts.games} games, ${counts.lined} players with a line. ` +
    (bets ? `${bets} decisions are not PASS (${counts.over} over, ${counts.under} under); ` : "Every decision is PASS; ") +
    "PASS is normal: a line is hard to beat.");
}

function controls(date, query) {
  const go = (changes) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name);
    location.hash = `/slate/${date}?${next}`;
  };
  return h("div", { class: "controls" },
    h("label", null, "Order ", h("select", { onchange: (event) => go({ sort: event.target.value }) },
      Object.entries(SORTS).map(([key, [text]]) =>
        h("option", { value: key, selected: (query.get("sort") ?? "points") === key }, text)))),
    h("label", null, h("input", { type: "checkbox", checked: query.has("all"), onchange: (event) => go({ all: event.target.checked ? "1" : "" }) }),
      " players without a line too"));
}

function band(date, game, players, query) {
  const [, by] = SORTS[query.get("sort")] ?? SORTS.points;
  const shown = players.filter((player) => query.has("all") || player.line_value !== null)
    .sort((one, other) => (by(one) < by(other) ? -1 : by(one) > by(other) ? 1 : 0));
  const facts = [
    game.game_status === "final" ? `final ${game.away_score}–${game.home_score}` : `${game.game_status}, ${clock(game.tip_at)}`,
    game.home_spread === null ? null : `${game.home} ${signed(game.home_spread)}`,
    game.total_line === null ? null : `total ${number(game.total_line)}`,
    game.p_home_win === null ? null : `probability that ${game.home} wins ${percent(game.p_home_win)}`,
    ...game.waiting,
  ].filter(Boolean);
  return h("section", { class: "game" },
    h("h2", null, h("a", { href: `#/game/${date}/${game.game_id}` }, `${game.away} at ${game.home}`)),
    h("p", { class: "facts" }, facts.join(" · ")),
    shown.length ? rows(shown) : h("p", { class: "quiet" }, "No player of this game has a line."));
}

export function rows(players) {
  return table(
    [["Player", "who"], ["Points, 0 to 50", "strip"], ["Line", "n"], ["Median", "n"], ["P(over)", "n"], ["Decision", ""], ["", "why"]],
    players.map((player) => ({
      "data-player": player.player_id,
      cells: [
        [h("a", { href: `#/player/${player.player_id}` }, player.name ?? player.player_id), " ", h("small", null, `${player.team ?? ""} v ${player.opponent ?? ""}`)],
        strip(player),
        number(player.line_value),
        number(player.points_q50),
        [percent(player.p_over), player.market_p_over === null ? "" : h("small", null, ` market ${percent(player.market_p_over)}`)],
        decision(player),
        [actual(player), player.reasons.slice(0, 3).map((reason) => h("span", { class: "chip" }, word(reason)))],
      ],
    })), { class: "slate" });
}

function decision(player) {
  const bet = player.decision !== "PASS";
  const at = player.decision === "OVER" ? player.over_price : player.under_price;
  return h("span", { class: bet ? `decision ${player.decision.toLowerCase()}` : "decision pass" }, bet ? `${player.decision} ${price(at)}` : "PASS");
}

function actual(player) {
  if (player.result === "void") return h("span", { class: "chip" }, `void: ${word(player.void_reason ?? "")}`);
  if (player.actual_points === null) return null;
  return h("span", { class: "chip" }, `scored ${player.actual_points}${player.outcome && player.outcome !== "no_line" ? `, ${player.outcome}` : ""}`);
}
