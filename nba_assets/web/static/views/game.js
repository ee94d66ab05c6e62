// One game: both teams, who is out, every player's distribution.

import { clock, day, h, number, percent } from "../dom.js";
import { load } from "../store.js";
import { origin, rows, why } from "./slate.js";

export async function game(date, id) {
  const found = await load(`historical/${date}/games/${id}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This game is not part of the release")];
  const { game: facts, teams, players } = found.data;
  const lined = players.filter((player) => player.line_value !== null);
  return [
    h("h1", null, `${facts.away} at ${facts.home}`),
    h("p", { class: "lede" }, h("a", { href: `#/slate/${date}` }, day(date)),
      facts.game_status === "final" ? `, final ${facts.away_score}–${facts.home_score}.` : `, ${clock(facts.tip_at)}.`),
    facts.p_home_win === null ? null : h("p", null,
      `${facts.home} wins with probability ${percent(facts.p_home_win)}` +
      (facts.market_p_home === null ? "" : ` (the market says ${percent(facts.market_p_home)})`) +
      `; margin ${number(facts.margin_q10)} to ${number(facts.margin_q90)} and total ${number(facts.total_q10)} to ${number(facts.total_q90)} in eight of ten such games.`),
    why(found),
    teams.map((team) => [
      h("h2", null, `${team.name ?? team.team}${team.is_home ? ", at home" : ""}`),
      team.out.length
        ? h("p", { class: "lede" }, "In doubt: ", team.out.map((man) => `${man.name} (${man.injury_status})`).join(", "), ".")
        : null,
      rows(lined.filter((player) => player.team === team.team)),
    ]),
    lined.length < players.length
      ? h("details", null, h("summary", null, `${players.length - lined.length} players without a line`),
        rows(players.filter((player) => player.line_value === null)))
      : null,
  ].flat(2).filter(Boolean);
}
