// Charts as inline SVG: each has a sentence for who does not see it.

import { h, number, s } from "./dom.js";

const WIDTH = 300;
const TOP = 50;
const x = (points) => (WIDTH * Math.min(Math.max(points, 0), TOP)) / TOP;

const TICKS = [0, 10, 20, 30, 40, 50];

// The scale above the strips.
export function axis() {
  return s("svg", { viewBox: `0 0 ${WIDTH} 14`, role: "img", "aria-label": "Points from 0 to 50" },
    TICKS.map((points) => s("text", { x: x(points), y: 11, "text-anchor": points === 0 ? "start" : points === TOP ? "end" : "middle" }, String(points))));
}

// A player's distribution on the axis all players share: 5 to 95 % (90 % of games), 25 to 75 % (50 %), median, and the line.
export function strip(player) {
  const { points_q05: low, points_q25: from, points_q50: median, points_q75: to, points_q95: high } = player;
  if (median === null || median === undefined) return h("span", { class: "quiet" }, "no distribution");
  const line = player.line_value ?? player.consensus_line;
  const said = `Median ${number(median)}, half between ${number(from)} and ${number(to)}, nine of ten between ` +
    `${number(low)} and ${number(high)} points; ${line === null ? "no line" : `line ${number(line)}`}.`;
  return s("svg", { viewBox: `0 0 ${WIDTH} 18`, role: "img", "aria-label": said },
    s("title", null, said),
    TICKS.map((points) => s("line", { class: "axis", x1: x(points), x2: x(points), y1: 0, y2: 18 })),
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

const LEFT = 40;
const HEIGHT = 180;

function frame(said, low, high, text, ...drawn) {
  const y = (value) => HEIGHT - 20 - ((HEIGHT - 34) * (value - low)) / (high - low || 1);
  const steps = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
  return s("svg", { class: "chart", viewBox: `0 0 ${WIDTH * 2} ${HEIGHT}`, role: "img", "aria-label": said },
    steps.map((value) => [
      s("line", { class: "axis", x1: LEFT, x2: WIDTH * 2, y1: y(value), y2: y(value) }),
      s("text", { x: LEFT - 4, y: y(value) + 3, "text-anchor": "end" }, text(value))]),
    drawn.map((draw) => draw(y)));
}

// A cumulative figure with its 95 % band. `rows`: day, value, low, high; `zero`: the level to compare with.
// The first tenth, which swings by chance alone, is left out.
export function curve(all, zero, said, text) {
  const rows = all.slice(Math.min(Math.floor(all.length / 10), 5));
  const values = [...rows.flatMap((row) => [row.low, row.high]), zero];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = (index) => LEFT + ((WIDTH * 2 - LEFT) * index) / Math.max(rows.length - 1, 1);
  return frame(said, low, high, text, (y) => {
    const path = (name) => rows.map((row, index) => `${place(index).toFixed(1)},${y(row[name]).toFixed(1)}`);
    return [
      s("polygon", { class: "wide", points: [...path("high"), ...path("low").reverse()].join(" ") }),
      s("line", { class: "level", x1: LEFT, x2: WIDTH * 2, y1: y(zero), y2: y(zero) }),
      s("polyline", { class: "curve", points: path("value").join(" ") }),
      s("text", { x: LEFT, y: HEIGHT - 4 }, rows[0].day),
      s("text", { x: WIDTH * 2, y: HEIGHT - 4, "text-anchor": "end" }, rows.at(-1).day)];
  });
}

// Predicted against observed shares, each bin with the 95 % interval of its count; on the diagonal they agree.
export function calibration(bins) {
  const rows = bins.map((bin) => ({ ...bin, half: 1.96 * Math.sqrt(Math.max(bin.hit * (1 - bin.hit), 0.0001) / bin.n) }));
  const ends = rows.flatMap((bin) => [bin.p, bin.hit - bin.half, bin.hit + bin.half]);
  const [low, high] = [Math.max(0, Math.min(...ends)), Math.min(1, Math.max(...ends))];
  const place = (p) => LEFT + ((WIDTH * 2 - LEFT - 8) * (p - low)) / (high - low || 1);
  const percent = (value) => `${(100 * value).toFixed(0)} %`;
  const said = `Calibration: ${rows.map((bin) => `said ${percent(bin.p)}, came ${percent(bin.hit)} of ${bin.n}`).join("; ")}.`;
  return frame(said, low, high, percent, (y) => [
    s("line", { class: "level", x1: place(low), y1: y(low), x2: place(high), y2: y(high) }),
    rows.map((bin) => [
      s("line", { class: "bar", x1: place(bin.p), x2: place(bin.p), y1: y(Math.max(low, bin.hit - bin.half)), y2: y(Math.min(high, bin.hit + bin.half)) }),
      s("circle", { class: "push", cx: place(bin.p), cy: y(bin.hit), r: 4 }, s("title", null, `said ${percent(bin.p)}, came ${percent(bin.hit)} of ${bin.n}`))]),
    s("text", { x: place(low), y: HEIGHT - 4 }, `said ${percent(low)}`),
    s("text", { x: place(high), y: HEIGHT - 4, "text-anchor": "end" }, `said ${percent(high)}`)]);
}
