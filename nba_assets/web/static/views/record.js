// The track record: a sentence first, then every number with its N and interval.

import { calibration, curve } from "../charts.js";
import { download } from "../csv.js";
import { day as longDay, h, longTable, number, percent, signed, table } from "../dom.js";
import { origin, why } from "./slate.js";

const SEASON = /^track-record\/(\d{4}-\d\d)\.json$/;
const BREAK_EVEN = 0.535;
const FEW = 300;
const AT_ONCE = 6;

export async function record(release, query) {
  const seasons = release.names(SEASON);
  if (!seasons.length) return [h("h1", null, "Track record"), h("p", { class: "lede" }, "No decision has been graded yet.")];
  const wanted = `track-record/${query.get("season")}.json`;
  const found = await release.load(seasons.includes(wanted) ? wanted : seasons.at(-1));
  origin([found]);
  const { season, windows, days, reliability } = found.data;
  const points = windows.filter((row) => row.target === "points" && row.model_version === "serving_points");
  const all = points.filter((row) => row.window === "season" && row.segment === "all");
  const dates = days.filter((row) => row.target === "points");
  return [
    h("h1", null, `Track record ${season}`),
    seasons.length > 1 ? h("nav", { class: "controls", "aria-label": "Seasons" }, seasons.map((name) => {
      const label = name.match(SEASON)[1];
      return h("a", { href: `#/track-record?season=${label}` }, label);
    })) : null,
    why(found),
    all.length ? all.map((row) => [h("p", { class: "lede" }, sentence(row)), h("p", { class: "lede" }, passes(row), " ", closing(row))])
      : h("p", { class: "lede" }, "Nothing of this season is graded yet: there is no skill to speak of, either way."),
    ["live", "backfill"].map((kind) => cumulative(kind, dates.filter((row) => row.run_kind === kind))),
    ["live", "backfill"].map((kind) => bins(kind, reliability.filter((bin) => bin.run_kind === kind))),
    h("h2", null, "By window and segment"),
    h("p", { class: "quiet" }, `Grey rows have fewer than ${FEW} decisions: their figures say little. Ranges are 95 % intervals.`),
    filters(season, points, query),
    windowsTable(points.filter((row) => KEYS.every((key) => !query.get(key) || row[key] === query.get(key)))),
    download("Windows and segments as CSV", `track-record-${season}.csv`, () => windows),
    h("h2", null, "By date"),
    table([["Date", ""], ["Kind", ""], ["Lined", "n"], ["Bets", "n"], ["Won", "n"], ["Lost", "n"], ["Void", "n"], ["Our error", "n"], ["Line's error", "n"]],
      dates.slice().reverse().map((row) => ({ cells: [
        h("a", { href: `#/track-record/days/${row.game_date}` }, row.game_date), row.run_kind, String(row.n_lined), String(row.n_bets),
        String(row.wins), String(row.losses), String(row.voids), number(row.mae, 2), number(row.line_mae, 2)] })), { "aria-label": "By date" }),
    h("p", { class: "controls" },
      download("Dates as CSV", `dates-${season}.csv`, () => days),
      download("Every graded decision as CSV", `decisions-${season}.csv`, () => decisionsOf(release, new Set(days.map((row) => row.game_date))))),
  ].flat(4).filter(Boolean);
}

const KEYS = ["window", "segment", "run_kind"];

function sentence(row) {
  const kind = row.run_kind === "live" ? "Live" : "Backfill";
  const count = row.n_lined.toLocaleString();
  const errors = `our median was off by ${number(row.mae, 2)} points, the line by ${number(row.line_mae, 2)}`;
  if (row.hit_rate === null) {
    return `${kind}: ${count} graded decisions with a line, ${row.n_bets} of them bets. That is too few to say anything about skill; ${errors}.`;
  }
  const verdict = row.hit_rate_lo > BREAK_EVEN ? "ahead so far" : row.hit_rate < BREAK_EVEN ? "not profitable so far" : "not told apart from break-even";
  return `${kind}: ${row.n_bets.toLocaleString()} graded bets of ${count} decisions, ${percent(row.hit_rate, 1)} won ` +
    `(${percent(row.hit_rate_lo, 1)} to ${percent(row.hit_rate_hi, 1)}), break-even about ${percent(BREAK_EVEN, 1)}: ${verdict}; ${errors}.`;
}

const passes = (row) => row.n_lined ? `PASS on ${percent(1 - row.n_bets / row.n_lined, 1)} of ${row.n_lined.toLocaleString()} decisions.` : "";
const closing = (row) => row.n_clv ? `Closing-line value ${signed(row.mean_clv, 2)} on average, n = ${row.n_clv}.`
  : "Closing-line value: n = 0, no decision has been compared with a closing line.";

// Our error less the line's, cumulated over the dates; a date counts as one piece, so its players' luck is not counted twice.
export function errors(dates) {
  let [n, sum] = [0, 0];
  const pieces = [];
  return dates.filter((row) => row.n_lined && row.mae !== null && row.line_mae !== null).map((row) => {
    const diff = row.mae - row.line_mae;
    n += row.n_lined;
    sum += row.n_lined * diff;
    pieces.push([row.n_lined, diff]);
    const value = sum / n;
    const spread = pieces.length > 1
      ? 1.96 * Math.sqrt(pieces.reduce((all, [size, own]) => all + (size * (own - value)) ** 2, 0) * (pieces.length / (pieces.length - 1))) / n : 0;
    return { day: row.game_date, n, value, low: value - spread, high: value + spread };
  });
}

// The share of bets won, cumulated, with Wilson's interval.
export function hits(dates) {
  let [wins, n] = [0, 0];
  return dates.map((row) => {
    wins += row.wins;
    n += row.wins + row.losses;
    if (!n) return null;
    const [z, p] = [1.96, wins / n];
    const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
    return { day: row.game_date, n, value: p, low: middle - half, high: middle + half };
  }).filter(Boolean);
}

function cumulative(kind, dates) {
  const [error, hit] = [errors(dates), hits(dates)];
  return [
    error.length > 1 ? (({ value, low, high, n }) => {
      const said = `${kind === "live" ? "Live" : "Backfill"}: our error less the line's is ${signed(value, 3)} points (${signed(low, 3)} to ${signed(high, 3)}) over ${n.toLocaleString()} decisions.`;
      return [h("h2", null, said), h("p", { class: "quiet" }, "Below the dashed level we were nearer than the line. The band is the 95 % interval over dates."),
        curve(error, 0, said, (found) => signed(found, 2)), behind(`errors-${kind}`, error, (found) => signed(found, 3))];
    })(error.at(-1)) : null,
    hit.length > 1 ? (({ value, low, high, n }) => {
      const said = `${kind === "live" ? "Live" : "Backfill"}: ${percent(value, 1)} of ${n.toLocaleString()} bets won (${percent(low, 1)} to ${percent(high, 1)}).`;
      return [h("h2", null, said), h("p", { class: "quiet" }, `The dashed level is break-even.${n < FEW ? " Too few bets to judge." : ""}`),
        curve(hit, BREAK_EVEN, said, (found) => percent(found)), behind(`hits-${kind}`, hit, (found) => percent(found, 1))];
    })(hit.at(-1)) : null,
  ];
}

// The numbers that a curve is drawn from.
function behind(id, rows, text) {
  return h("details", { id }, h("summary", null, "The curve as a table"),
    longTable([["Up to", ""], ["N", "n"], ["Value", "n"], ["Low", "n"], ["High", "n"]],
      rows.toReversed().map((row) => ({ cells: [row.day, row.n.toLocaleString(), text(row.value), text(row.low), text(row.high)] })), { "aria-label": `Table ${id}` }));
}

function bins(kind, rows) {
  if (!rows.length) return null;
  return [h("h2", null, `Calibration, ${kind}`),
    h("p", { class: "quiet" }, "Each dot is a tenth of the decisions: what we said across, what came upwards, with its 95 % interval. On the dashed line they agree."),
    calibration(rows),
    table([["Probability of over", "n"], ["Went over", "n"], ["Decisions", "n"]],
      rows.map((bin) => ({ cells: [percent(bin.p, 1), percent(bin.hit, 1), String(bin.n)] })), { "aria-label": `Calibration, ${kind}` })];
}

function filters(season, rows, query) {
  return h("div", { class: "controls" }, KEYS.map((key) => h("label", null, `${key === "run_kind" ? "Kind" : key[0].toUpperCase() + key.slice(1)} `,
    h("select", { id: key, onchange: (event) => {
      const next = new URLSearchParams(query);
      next.set("season", season);
      event.target.value ? next.set(key, event.target.value) : next.delete(key);
      location.hash = `/track-record?${next}`;
    } }, ["", ...new Set(rows.map((row) => row[key]))].map((value) =>
      h("option", { value, selected: (query.get(key) ?? "") === value }, value || "all"))))));
}

const range = (low, high, text) => (low === null || low === undefined ? "" : ` (${text(low)} to ${text(high)})`);

function windowsTable(rows) {
  const share = (value) => percent(value, 1);
  const points = (value) => signed(value, 2);
  return longTable(
    [["Window", ""], ["Segment", ""], ["Kind", ""], ["N", "n"], ["Dates", "n"], ["Bets", "n"], ["Won", "n"], ["Return", "n"], ["Error − line's", "n"], ["Log loss", "n"], ["Market's", "n"], ["CLV (n)", "n"]],
    rows.map((row) => ({
      class: row.verdict === "insufficient" || row.n_lined < FEW ? "insufficient" : null,
      cells: [row.window, row.segment, row.run_kind, row.n_lined.toLocaleString(), String(row.n_dates), String(row.n_bets),
        row.hit_rate === null ? "too few" : share(row.hit_rate) + range(row.hit_rate_lo, row.hit_rate_hi, share),
        row.roi === null ? "too few" : share(row.roi) + range(row.roi_lo, row.roi_hi, share),
        points(row.mae_diff) + range(row.mae_diff_lo, row.mae_diff_hi, points),
        number(row.log_loss, 4), number(row.market_log_loss, 4), `${points(row.mean_clv)} (${row.n_clv ?? 0})`],
    })), { "aria-label": "By window and segment" });
}

// Every official decision of the dates, in their order.
async function decisionsOf(release, dates) {
  const wanted = [...dates].sort().map((date) => `track-record/days/${date}.json`);
  const found = new Array(wanted.length);
  let next = 0;
  const work = async () => {
    while (next < wanted.length) {
      const place = next++;
      const document = await release.load(wanted[place]);
      found[place] = document?.data.decisions.map((row) => ({ game_date: document.game_date, ...row })) ?? [];
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.flat();
}

export async function day(release, date, query) {
  const found = await release.load(`track-record/days/${date}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This date has no track record")];
  const { decisions } = found.data;
  const kind = query.get("decision") ?? "";
  const shown = decisions.filter((row) => !kind || row.decision === kind);
  return [
    h("h1", null, `Decisions of ${longDay(date)}`),
    why(found),
    h("p", { class: "lede" }, `${decisions.length.toLocaleString()} official decisions on players with a line, PASS and void included.`),
    h("div", { class: "controls" }, h("label", null, "Decision ", h("select", { id: "decision", onchange: (event) => {
      location.hash = `/track-record/days/${date}${event.target.value ? `?decision=${event.target.value}` : ""}`;
    } }, ["", "OVER", "UNDER", "PASS"].map((value) => h("option", { value, selected: value === kind }, value || "all")))),
      download("Every row as CSV", `decisions-${date}.csv`, () => decisions)),
    longTable([["Player", "who"], ["Game", "short"], ["Line", "n"], ["Median", "n"], ["P(over)", "n"], ["Decision", ""], ["Scored", "n"], ["Outcome", ""], ["Result", ""]],
      shown.map((row) => ({ cells: [
        h("a", { href: `#/player/${row.player_id}` }, row.name ?? row.player_id), `${row.team ?? ""} v ${row.opponent ?? ""}`, number(row.line_value),
        number(row.points_q50), percent(row.p_over, 1), row.decision, row.actual_points === null ? "–" : String(row.actual_points),
        row.void_reason ?? row.outcome ?? "", row.result ?? "pending"] })), { "aria-label": "Decisions" }),
  ].filter(Boolean);
}
