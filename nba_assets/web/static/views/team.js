// One team: its newest game on a slate, its last twenty games, who is on its list.

import { clock, counted, day, h, number, table } from "../dom.js";
import { origin, why } from "./slate.js";

export async function team(release, code) {
  const found = await release.load(`latest/teams/${code}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This team is on no published slate")];
  const { name, next, recent, roster } = found.data;
  const won = recent.filter((game) => game.won).length;
  return [
    h("h1", null, name ?? code),
    h("p", { class: "lede" }, h("a", { href: `#/game/${next.game_date}/${next.game_id}` }, `${next.is_home ? "Against" : "At"} ${next.opponent}`),
      `, ${day(next.game_date)}, ${next.game_status === "scheduled" ? clock(next.tip_at) : next.game_status}.`),
    why(found),
    h("h2", null, recent.length ? `Last ${counted(recent.length, "game")}: ${won} won` : "No game before this one is known"),
    recent.length ? table([["Date", ""], ["Opponent", ""], ["Result", ""], ["Pace", "n"], ["Scored per 100", "n"], ["Allowed per 100", "n"]],
      recent.map((game) => ({ cells: [
        game.game_date, `${game.is_home ? "v" : "at"} ${game.opponent}`, `${game.won ? "won" : "lost"} ${game.points}–${game.opponent_points}`,
        number(game.pace), number(game.off_rating), number(game.def_rating)] })), { "aria-label": "Last games" }) : null,
    h("h2", null, "On its list"),
    h("p", { class: "lede" }, "As of the game above; a status is the last one reported before it."),
    table([["Player", "who"], ["Status", ""], ["Why", ""]], roster.map((man) => ({ cells: [
      h("a", { href: `#/player/${man.player_id}` }, man.name ?? man.player_id), man.injury_status ?? "none reported", man.injury_reason ?? ""] })), { "aria-label": "Roster" }),
  ].filter(Boolean);
}
