// One game: both teams, who is out, every player's distribution, the ladder and fair odds.

import { best, chooser } from "../books.js";
import { because } from "../changes.js";
import { clock, counted, day, h, number, percent, signed } from "../dom.js";
import { chances, odds } from "../odds.js";
import { origin, rows, why } from "./slate.js";

export async function game(release, date, id) {
  const found = await release.load(`historical/${date}/games/${id}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This game is not part of the release")];
  const { game: facts, teams, players } = found.data;
  const body = h("div");
  const draw = () => body.replaceChildren(...teams.flatMap((team) => side(team, players.filter((player) => player.team === team.team))));
  draw();
  return [
    h("h1", null, `${facts.away} at ${facts.home}`),
    h("p", { class: "lede" }, h("a", { href: `#/slate/${date}` }, day(date)),
      facts.game_status === "final" ? `, final ${facts.away_score}–${facts.home_score}.` : `, ${clock(facts.tip_at)}.`),
    facts.p_home_win === null ? null : h("p", null,
      `${facts.home} wins with probability ${percent(facts.p_home_win)}` +
      (facts.market_p_home === null ? "" : ` (the market says ${percent(facts.market_p_home)})`) +
      `; margin ${signed(facts.margin_q10)} to ${signed(facts.margin_q90)} and total ${number(facts.total_q10)} to ${number(facts.total_q90)} in eight of ten such games.`),
    why(found),
    told(found.data.changes ?? []),
    chooser(players, draw),
    body,
  ].filter(Boolean);
}

const SHOWN = 8;

// What was said anew before the game, newest first, and why.
function told(changes) {
  if (!changes.length) return null;
  const row = (change) => {
    const cause = because(change);
    const what = [
      change.d_minutes ? `minutes ${signed(change.d_minutes)}` : null,
      change.d_median ? `median ${signed(change.d_median)}` : null,
      change.d_line ? `line ${signed(change.d_line)}` : null,
      change.decision_before !== change.decision_after ? `${change.decision_before} to ${change.decision_after}` : null,
    ].filter(Boolean).join(", ");
    return h("li", null, `${clock(change.at)} ${change.name ?? change.player_id}${what ? `: ${what}` : ""}${cause ? ` (${cause})` : ""}`);
  };
  const newest = changes.toReversed();
  const rest = newest.slice(SHOWN);
  return h("section", { id: "told" }, h("h2", null, "What changed before the game"),
    h("ul", { class: "changes" }, newest.slice(0, SHOWN).map(row)),
    rest.length ? h("details", { id: "told-before" }, h("summary", null, `${counted(rest.length, "change")} before these`), h("ul", { class: "changes" }, rest.map(row))) : null);
}

// The line of the reader's own books for a player, where they offer one.
function offer(player) {
  const { over } = best(player);
  if (!over) return player;
  return { line_value: over.line, p_over: player.points_pmf ? chances(player.points_pmf, over.line)?.over ?? null : null };
}

function side(team, players) {
  const lined = players.filter((player) => player.line_value !== null);
  const other = players.filter((player) => player.line_value === null);
  return [
    h("h2", null, h("a", { href: `#/team/${team.team}` }, team.name ?? team.team), team.is_home ? ", at home" : ""),
    h("p", { class: "lede" }, [
      team.expected_points === null ? null : `Expected points ${number(team.expected_points)}`,
      team.rest_days === null || team.rest_days === undefined ? null : `${counted(team.rest_days, "day")} of rest`,
      team.out.length ? `in doubt: ${team.out.map((man) => `${man.name} (${man.injury_status})`).join(", ")}` : null,
    ].filter(Boolean).join(" · ")),
    lined.length ? rows(lined, { label: team.team, offer }) : h("p", { class: "quiet" }, "No player of this side has a line."),
    ...lined.map((player) => h("details", { id: `odds-${player.player_id}` },
      h("summary", null, `${player.name ?? player.player_id}: ladder and fair odds`), odds(player))),
    ...(other.length ? [h("details", { id: `unlined-${team.team}` }, h("summary", null, `${counted(other.length, "player")} without a line`), rows(other, { label: `${team.team}, no line` }))] : []),
  ];
}
