// One player: his next game's distribution, his last twenty games, our record on him.

import { bars, recent } from "../charts.js";
import { download } from "../csv.js";
import { clock, counted, day, h, number, percent, table } from "../dom.js";
import { odds } from "../odds.js";
import { origin, rows, why } from "./slate.js";

export async function player(release, id) {
  const found = await release.load(`latest/players/${id}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This player is on no published slate")];
  const { name, team, position, next, recent: games, season, record, calibration } = found.data;
  return [
    h("h1", null, name ?? id),
    h("p", { class: "lede" }, team ? h("a", { href: `#/team/${team}` }, team) : null, position ? `${team ? ", " : ""}${position}` : null,
      season.games ? `. ${season.season}: ${number(season.ppg)} points and ${number(season.mpg)} minutes in ${counted(season.games, "game")}.` : "."),
    why(found),
    next ? upcoming(next) : null,
    h("h2", null, games.length === 1 ? "His last game" : `His last ${games.length} games`),
    h("p", { class: "lede" }, "Dots are points, dashes that game's closing line, hollow dots games he did not play."),
    games.length ? h("div", { class: "chart" }, recent(games)) : null,
    h("h2", null, "How well we knew him"),
    h("p", null, record
      ? `On ${counted(record.n, "graded prediction")} of him our median was off by ${number(record.mae)} points, the line by ${number(record.line_mae)}.`
      : "No graded prediction of him yet.", " ", calibrated(games), " ", within(calibration)),
    table([["Date", ""], ["Opponent", ""], ["Minutes", "n"], ["Points", "n"], ["Line", "n"], ["Median", "n"], ["P(over)", "n"], ["Result", ""]],
      games.map((game) => ({ cells: [
        game.game_date, `${game.is_home ? "v" : "at"} ${game.opponent}`, number(game.minutes), game.points === null ? "did not play" : String(game.points),
        number(game.closing_line), number(game.points_q50), percent(game.p_over), game.outcome ?? ""] })), { "aria-label": "Last games" }),
    download("These games as CSV", `player-${id}.csv`, () => games),
  ].flat(3).filter(Boolean);
}

function upcoming(next) {
  return [
    h("h2", null, `Against ${next.opponent ?? "?"}, ${day(next.game_date)}, ${clock(next.tip_at)}`),
    rows([next], { label: "Next game" }),
    next.points_pmf ? [h("p", { class: "lede" }, "Probability of each number of points, given he plays; the upright line is the offered one."),
      h("div", { class: "chart" }, bars(next.points_pmf, next.line_value)), odds(next)] : null,
  ];
}

// How often he scored within the ranges drawn, with their N.
function within(calibration) {
  if (!calibration) return "";
  const { n, within_50: half, within_90: most } = calibration;
  return `In ${counted(n, "game")} of a year he scored within our half range ${percent(half)} of the time (50 % and a little more would be right: its ends count) ` +
    `and within nine of ten ${percent(most)}.`;
}

// What we said of over in the games shown, against what came; with its N, and without a verdict.
function calibrated(games) {
  const told = games.filter((game) => typeof game.p_over === "number" && ["over", "under"].includes(game.outcome) && game.closing_line === game.line_value);
  if (!told.length) return "";
  const said = told.reduce((sum, game) => sum + game.p_over, 0) / told.length;
  const came = told.filter((game) => game.outcome === "over").length;
  return `In the games shown we said over with ${percent(said)} on average and it came ${came} of ${told.length} times` +
    (told.length < 300 ? ": too few to judge." : ".");
}
