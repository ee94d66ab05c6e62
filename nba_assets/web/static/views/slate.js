// The slate of a date: games in tip order, in each one row a player.

import { markSeen, sinceLastLook } from "../changes.js";
import { axis, strip } from "../charts.js";
import { clock, counted, day, h, number, percent, price, signed, table } from "../dom.js";

const SORTS = {
  points: ["most points first", (player) => -(player.points_mean ?? 0)],
  edge: ["furthest from the line first", (player) =>
    player.line_value === null ? 0 : -Math.abs(player.points_q50 - player.line_value)],
  name: ["by name", (player) => player.name ?? ""],
};
const SHOW = {
  "": ["players with a line", (player) => player.line_value !== null],
  all: ["all players", () => true],
  decided: ["decisions that are not PASS", (player) => player.decision !== "PASS"],
};
const WORDS = {
  no_line: "no line", one_sided: "one side only", pickem_price: "pick'em price", stale_line: "stale line",
  few_books: "few books", price_outlier: "price is an error", tipped: "had tipped", player_out: "out", few_games: "few games",
  critical_feature_missing: "feature missing", low_quality: "low quality", baseline_model: "market baseline",
  gate_failed: "gate failed", ev_small: "value too small", ev_uncertain: "value uncertain", edge_small: "too near the market",
  devig_conflict: "books disagree",
};
const STATES = {
  halted: "Predictions are halted: the facts and lines below stand, every decision is PASS.",
  stale: "Something upstream failed: these are the last good figures, older than they should be.",
  partial: "Not everything has arrived: what is ready is shown whole, the rest says what it waits for.",
  empty: "There is nothing to show for this date.",
};

export const word = (reason) => WORDS[reason] ?? reason.replaceAll("_", " ");

// Marks the page while simulated figures are shown on it.
export function origin(documents) {
  document.getElementById("origin").hidden = !documents.some((found) => found?.data_origin === "simulated");
}

// What the document says of its own state, as sentences; nothing if it is complete.
export function why(found) {
  if (found.status === "complete" && !found.reasons.length) return null;
  const age = found.status === "stale" && found.as_of ? ` As of ${day(found.as_of.slice(0, 10))}, ${clock(found.as_of)}.` : "";
  const reasons = found.reasons.length ? ` ${found.reasons.map((reason) => reason.text).join("; ")}.` : "";
  return h("p", { class: "state", "data-state": found.status }, `${found.document === "status" ? "" : STATES[found.status] ?? ""}${reasons}${age}`.trim());
}

export async function slate(release, date, query) {
  const found = await release.load(date ? `historical/${date}/daily.json` : "latest/daily.json");
  const chosen = date ?? found?.game_date;
  if (!chosen) return [h("h1", null, "No slate yet"), h("p", { class: "lede" }, "Nothing has been published.")];
  origin([found]);
  const head = [h("h1", null, day(chosen)), turning(release, chosen)];
  if (!found) return [...head, h("p", { class: "lede" }, "This date is not part of the release.")];
  const { games, players, counts } = found.data;
  if (!games.length) {
    const next = found.data.next_game_date;
    return [...head, why(found), next ? h("p", null, "The next games are on ", h("a", { href: `#/slate/${next}` }, day(next)), ".") : null].filter(Boolean);
  }
  const look = sinceLastLook(chosen, release, found.data);
  return [...head, lede(counts, found.status), why(found), news(chosen, look), controls(chosen, query, games),
    inTurn(games.filter((game) => !query.get("team") || [game.home, game.away].includes(query.get("team")))
      .map((game) => () => band(chosen, game, players.filter((player) => player.game_id === game.game_id), query, look)))].flat(2).filter(Boolean);
}

const AT_ONCE = 2;

// The first games at once, the others one after another behind them: a phone shows tonight before it has drawn all of it.
function inTurn(draws) {
  if (document.querySelector("main .game")) return draws.map((draw) => draw());
  return draws.map((draw, place) => {
    if (place < AT_ONCE) return draw();
    const stand = h("section", { class: "game" });
    setTimeout(() => stand.isConnected && stand.replaceWith(draw()), place);
    return stand;
  });
}

// Links to the dates before and after, as soon as the schedule is there.
function turning(release, chosen) {
  const links = h("nav", { class: "controls turning", "aria-label": "Dates" });
  release.load("schedule.json").then((schedule) => {
    const dates = schedule?.data.dates.map((entry) => entry.game_date) ?? [];
    const place = dates.indexOf(chosen);
    const turn = (index, text) => (dates[index] ? [h("a", { href: `#/slate/${dates[index]}` }, text)] : []);
    links.replaceChildren(...turn(place - 1, "← the day before"), ...turn(place + 1, "the day after →"));
  }).catch(() => links.remove());
  return links;
}

function lede(counts, status) {
  const bets = counts.over + counts.under;
  return h("p", { class: "lede" },
    `${counted(counts.games, "game")}, ${counted(counts.lined, "player")} with a line. ` +
    (bets && status !== "halted" ? `${bets} decisions are not PASS (${counts.over} over, ${counts.under} under); ` : "Every decision is PASS; ") +
    "PASS is normal: a line is hard to beat. Strips: nine of ten and half of such games, the median; the upright rule is the line.");
}

const sentence = (change) => [change.who, change.what.join(", ")].filter(Boolean).join(": ") + (change.cause ? ` (${change.cause})` : "");

function news(date, { changes, fresh }) {
  const rows = Object.values(changes);
  if (!rows.length) return null;
  const box = h("section", { class: fresh.size ? "fresh" : null, id: "changes" },
    h("h2", null, "Changed since your last look"),
    h("ul", { class: "changes" }, rows.slice(0, 12).map((change) => h("li", null, `${clock(change.at)} ${sentence(change)}`))),
    rows.length > 12 ? h("p", { class: "quiet" }, `and ${rows.length - 12} more, marked in the rows below.`) : null,
    h("button", { type: "button", id: "seen", onclick: () => {
      markSeen(date);
      box.remove();
      for (const chip of document.querySelectorAll(".chip.changed")) chip.remove();
    } }, "Mark as seen"));
  return box;
}

function controls(date, query, games) {
  const go = (changes) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name);
    location.hash = `/slate/${date}?${next}`;
  };
  const select = (id, name, options, chosen) => h("label", null, `${name} `, h("select", { id, onchange: (event) => go({ [id]: event.target.value }) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))));
  const teams = games.flatMap((game) => [game.away, game.home]).sort();
  return h("div", { class: "controls" },
    select("sort", "Order", Object.entries(SORTS).map(([key, [text]]) => [key, text]), query.get("sort") ?? "points"),
    select("show", "Show", Object.entries(SHOW).map(([key, [text]]) => [key, text]), showing(query)),
    select("team", "Team", [["", "all"], ...teams.map((team) => [team, team])], query.get("team") ?? ""));
}

const showing = (query) => (query.has("all") ? "all" : query.get("show") ?? "");

function band(date, game, players, query, look) {
  const [, by] = SORTS[query.get("sort")] ?? SORTS.points;
  const [, wanted] = SHOW[showing(query)] ?? SHOW[""];
  const shown = players.filter(wanted).sort((one, other) => (by(one) < by(other) ? -1 : by(one) > by(other) ? 1 : 0));
  const out = players.filter((player) => player.injury_status && player.injury_status !== "available");
  const facts = [
    game.game_status === "final" ? `final ${game.away_score}–${game.home_score}`
      : game.game_status === "scheduled" ? clock(game.tip_at) : `${game.game_status}, ${clock(game.tip_at)}`,
    game.home_spread === null ? null : `${game.home} ${signed(game.home_spread)}`,
    game.total_line === null ? null : `total ${number(game.total_line)}`,
    game.p_home_win === null ? null : `probability that ${game.home} wins ${percent(game.p_home_win)}`,
    out.length ? `in doubt: ${out.map((player) => `${player.name} (${player.injury_status})`).join(", ")}` : null,
    ...game.waiting.map((reason) => `waits: ${reason}`),
  ].filter(Boolean);
  return h("section", { class: "game" },
    h("h2", null, h("a", { href: `#/game/${date}/${game.game_id}` }, `${game.away} at ${game.home}`)),
    h("p", { class: "facts" }, facts.join(" · ")),
    shown.length ? rows(shown, { label: `${game.away} at ${game.home}`, ...look })
      : h("p", { class: "quiet" }, players.length ? "No player of this game is among those chosen." : "No predictions for this game yet."));
}

// One row a player. `offer(player)` may give another line, price and P(over) than those decided on.
export function rows(players, { label = "Players", changes = {}, fresh = new Set(), offer = null } = {}) {
  const expected = players.some((player) => player.expected_points !== undefined);
  return table(
    [["Player", "who"], ["Points", "strip", axis()], ["Line", "n"], ["Median", "n"], [expected ? "Expected" : "Mean", "n"],
      ["P(over)", "n"], ["Decision", "decided"], ["Reasons", "why"]],
    players.map((player) => {
      const own = offer?.(player) ?? player;
      return {
        "data-player": player.player_id,
        class: fresh.has(player.player_id) ? "fresh" : null,
        cells: [
          [h("a", { href: `#/player/${player.player_id}` }, player.name ?? player.player_id), " ", h("small", null, `${player.team ?? ""} v ${player.opponent ?? ""}`),
            player.injury_status && player.injury_status !== "available" ? h("small", null, `, ${player.injury_status}`) : null],
          strip({ ...player, line_value: own.line_value }),
          number(own.line_value),
          number(player.points_q50),
          number(player.expected_points ?? player.points_mean),
          [percent(own.p_over), player.market_p_over === null ? "" : h("small", null, ` market ${percent(player.market_p_over)}`)],
          decision(player),
          [changed(changes[player.player_id]), actual(player), player.reasons.slice(0, 3).map((reason) => h("span", { class: "chip" }, word(reason)))],
        ],
      };
    }), { class: "slate", "aria-label": label });
}

function changed(change) {
  if (!change) return null;
  return h("span", { class: "chip changed", title: change.cause }, `${clock(change.at)} ${change.what.join(", ") || change.cause || change.who}`);
}

function decision(player) {
  const bet = player.decision !== "PASS";
  const at = player.decision === "OVER" ? player.over_price : player.under_price;
  return h("span", { class: bet ? `decision ${player.decision.toLowerCase()}` : "decision pass" }, bet ? `${player.decision} ${price(at)}` : "PASS");
}

function actual(player) {
  if (player.result === "void") return h("span", { class: "chip" }, `void: ${word(player.void_reason ?? "")}`);
  if (player.actual_points === null || player.actual_points === undefined) return null;
  return h("span", { class: "chip" }, `scored ${player.actual_points}${player.outcome && player.outcome !== "no_line" ? `, ${player.outcome}` : ""}`);
}
