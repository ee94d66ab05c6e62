// One player: his next game's distribution, his last twenty games, our record on him.

import { bars, recent } from "../charts.js";
import { day, h, number, percent, table } from "../dom.js";
import { load } from "../store.js";
import { origin, rows } from "./slate.js";

export async function player(id) {
  const found = await load(`latest/players/${id}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This player is on no published slate")];
  const { name, team, position, next, recent: games, season, record } = found.data;
  return [
    h("h1", null, name ?? id),
    h("p", { class: "lede" }, [team, position].filter(Boolean).join(", "),
      season.games ? `. ${season.season}: ${number(season.ppg)} points and ${number(season.mpg)} minutes in ${season.games} games.` : "."),
    next ? [
      h("h2", null, `Against ${next.opponent ?? "?"}, ${day(next.game_date)}`),
      rows([next]),
      next.points_pmf ? [h("p", { class: "lede" }, "Probability of each number of points, given he plays; the upright line is the offered one."),
        bars(next.points_pmf, next.line_value)] : null,
      next.ladder?.length ? table(
        [["Points at least", ""], ...next.ladder.map((rung) => [String(rung.k), "n"])],
        [{ cells: ["Probability", ...next.ladder.map((rung) => percent(rung.p))] }]) : null,
    ] : null,
    h("h2", null, `Last ${games.length} games`),
    h("p", { class: "lede" }, "Dots are points, dashes that game's closing line, hollow dots games he did not play."),
    recent(games),
    record
      ? h("p", null, `On ${record.n} graded predictions of him our median was off by ${number(record.mae)} points, the line by ${number(record.line_mae)}.`)
      : h("p", { class: "quiet" }, "No graded prediction of him yet."),
    table([["Date", ""], ["", ""], ["Minutes", "n"], ["Points", "n"], ["Line", "n"], ["Result", ""]], games.map((game) => ({ cells: [
      game.game_date, `${game.is_home ? "v" : "at"} ${game.opponent}`, number(game.minutes), game.points === null ? "did not play" : String(game.points),
      number(game.closing_line), game.outcome ?? ""] }))),
  ].flat(3).filter(Boolean);
}
