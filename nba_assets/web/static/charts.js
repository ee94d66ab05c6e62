// Charts as inline SVG: each has a sentence for who does not see it.

import { h, number, s } from "./dom.js";

const WIDTH = 300;
const TOP = 50;
const x = (points) => (WIDTH * Math.min(Math.max(points, 0), TOP)) / TOP;

// A player's distribution on the axis all players share: 5 to 95 %, 25 to 75 %, median, and the line.
export function strip(player) {
  const { points_q05: low, points_q25: from, points_q50: median, points_q75: to, points_q95: high } = player;
  if (median === null || median === undefined) return h("span", { class: "quiet" }, "no distribution");
  const line = player.line_value ?? player.consensus_line;
  const said = `Median ${number(median)}, half between ${number(from)} and ${number(to)}, nine of ten between ` +
    `${number(low)} and ${number(high)} points; ${line === null ? "no line" : `line ${number(line)}`}.`;
  return s("svg", { viewBox: `0 0 ${WIDTH} 18`, role: "img", "aria-label": said },
    s("title", null, said),
    s("line", { class: "axis", x1: 0, x2: WIDTH, y1: 9, y2: 9 }),
    s("rect", { class: "wide", x: x(low), width: Math.max(x(high) - x(low), 1), y: 5, height: 8, rx: 2 }),
    s("rect", { class: "core", x: x(from), width: Math.max(x(to) - x(from), 1), y: 5, height: 8, rx: 1 }),
    s("line", { class: "median", x1: x(median), x2: x(median), y1: 4, y2: 14 }),
    line === null ? null : s("line", { class: "line", x1: x(line), x2: x(line), y1: 0, y2: 18 }));
}

// The last games as dots against each game's line: filled over or under, hollow for games he did not play.
export function recent(games) {
  const rows = games.slice().reverse();
  const height = 150;
  const top = Math.max(30, ...rows.map((game) => game.points ?? 0));
  const y = (points) => height - 18 - ((height - 30) * points) / top;
  const place = (index) => 30 + ((WIDTH * 2 - 40) * index) / Math.max(rows.length - 1, 1);
  const said = `Points in the last ${rows.length} games: ` +
    rows.map((game) => `${game.game_date} ${game.points ?? "did not play"}`).join(", ");
  return s("svg", { viewBox: `0 0 ${WIDTH * 2} ${height}`, role: "img", "aria-label": said },
    [0, 10, 20, 30, 40, 50].filter((points) => points <= top).map((points) => [
      s("line", { class: "axis", x1: 24, x2: WIDTH * 2, y1: y(points), y2: y(points) }),
      s("text", { x: 0, y: y(points) + 3 }, String(points))]),
    rows.map((game, index) => [
      game.closing_line === null || game.closing_line === undefined ? null
        : s("line", { class: "line", x1: place(index) - 7, x2: place(index) + 7, y1: y(game.closing_line), y2: y(game.closing_line) }),
      game.points === null || game.points === undefined
        ? s("circle", { class: "dnp", cx: place(index), cy: y(0), r: 4 })
        : s("circle", { class: game.outcome === "over" || game.outcome === "under" ? game.outcome : "push", cx: place(index), cy: y(game.points), r: 4 },
          s("title", null, `${game.game_date} against ${game.opponent}: ${game.points}`))]));
}

// P(points) for every whole number, with the line where there is one.
export function bars(pmf, line) {
  const last = pmf.findLastIndex((p) => p > 0.002);
  const shown = pmf.slice(0, last + 1);
  const most = Math.max(...shown);
  const step = (WIDTH * 2) / (shown.length + 1);
  const said = `Most likely ${pmf.indexOf(most)} points.`;
  return s("svg", { viewBox: `0 0 ${WIDTH * 2} 120`, role: "img", "aria-label": said },
    shown.map((p, points) => [
      s("rect", { class: "core", x: points * step + 1, width: Math.max(step - 2, 1), y: 100 - (95 * p) / most, height: (95 * p) / most },
        s("title", null, `${points} points: ${(100 * p).toFixed(1)} %`)),
      points % 5 ? null : s("text", { x: points * step, y: 114 }, String(points))]),
    line === null || line === undefined ? null
      : s("line", { class: "line", x1: (line + 0.5) * step, x2: (line + 0.5) * step, y1: 0, y2: 102 }));
}
