// The ladder, and fair odds for any line: read off the published probabilities of every number of points.

import { h, number, percent, price, table } from "./dom.js";
import { best, offers } from "./books.js";

// P(over), P(push) and P(under) at a line, from points_pmf; null where the last, open-ended number would be split.
export function chances(pmf, line) {
  if (!Number.isFinite(line) || line < 0 || line >= pmf.length - 1) return null;
  const sum = (from, to) => pmf.slice(from, to).reduce((total, p) => total + p, 0);
  const whole = Number.isInteger(line);
  const under = sum(0, Math.ceil(line));
  const push = whole ? pmf[line] : 0;
  return { over: Math.max(0, 1 - under - push), push, under };
}

// The decimal price without a margin at which a side neither wins nor loses; a push returns the stake.
export const fairDecimal = (win, lose) => (win > 0 ? 1 + lose / win : null);
export function american(decimal) {
  if (decimal === null || decimal <= 1) return null;
  return Math.round(decimal >= 2 ? 100 * (decimal - 1) : -100 / (decimal - 1));
}

function fair(name, win, lose) {
  const decimal = fairDecimal(win, lose);
  return { cells: [name, percent(win, 1), price(american(decimal)), decimal === null || decimal > 1000 ? "–" : number(decimal, 2)] };
}

const called = (player) => player.name ?? player.player_id;
const FAIR = [["Side", ""], ["Probability", "n"], ["Fair, American", "n"], ["Fair, decimal", "n"]];

function atLine(player, line) {
  const { points_pmf: pmf } = player;
  const found = chances(pmf, line);
  if (!found) return h("p", { class: "quiet" }, `A line from 0 to ${pmf.length - 1.5}.`);
  return table(FAIR, [
    fair(`Over ${line}`, found.over, found.under),
    { cells: [`Push`, percent(found.push, 1), "–", "–"] },
    fair(`Under ${line}`, found.under, found.over),
  ], { "aria-label": `Fair odds of ${called(player)}` });
}

// Fair odds for a line that the reader types; it begins with the player's own line.
export function typed(player) {
  const { points_pmf: pmf } = player;
  const start = best(player).over?.line ?? player.line_value ?? Math.round(player.points_q50) + 0.5;
  const answer = h("div", { class: "answer" }, atLine(player, start));
  const input = h("input", { type: "number", id: `line-${player.player_id}`, min: 0, max: pmf.length - 1.5, step: 0.5, value: start, inputmode: "decimal",
    oninput: (event) => answer.replaceChildren(atLine(player, event.target.value === "" ? NaN : Number(event.target.value))) });
  return h("div", null, h("label", null, "Fair odds at the line ", input), answer);
}

export function ladder(player) {
  const line = best(player).over?.line ?? player.line_value;
  const own = line === null || line === undefined ? null : Math.floor(line) + 1;
  const rungs = player.ladder.map(({ k, p }) => ({ k, p }));
  if (own !== null && !rungs.some((rung) => rung.k === own) && own < player.points_pmf.length) {
    rungs.push({ k: own, p: player.points_pmf.slice(own).reduce((total, p) => total + p, 0) });
    rungs.sort((one, other) => one.k - other.k);
  }
  return table([["Points", ""], ["Probability", "n"], ["Fair, American", "n"], ["Fair, decimal", "n"]],
    rungs.filter((rung) => rung.p >= 0.001 && rung.p <= 0.999).map(({ k, p }) => ({ class: k === own ? "own" : null,
      ...fair(`${k} or more${k === own ? ", over the line" : ""}`, p, 1 - p) })), { "aria-label": `Ladder of ${called(player)}` });
}

export function offered(player) {
  const found = offers(player);
  if (!player.books?.length) return null;
  if (!found.length) return h("p", { class: "quiet" }, "None of your books offers him.");
  return table([["Book", ""], ["Line", "n"], ["Over", "n"], ["P(over)", "n"], ["Under", "n"], ["P(under)", "n"]], found.map((offer) => {
    const at = player.points_pmf ? chances(player.points_pmf, offer.line) : null;
    return { cells: [offer.book, number(offer.line), price(offer.over_price), percent(at?.over, 1), price(offer.under_price), percent(at?.under, 1)] };
  }), { "aria-label": `Offers for ${called(player)}` });
}

// Everything to be read off one player's probabilities.
export function odds(player) {
  if (!player.points_pmf) return h("p", { class: "quiet" }, "No distribution is known.");
  return h("div", { class: "odds" }, offered(player), typed(player), ladder(player));
}
