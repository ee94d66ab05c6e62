// The track record: a sentence first, then every number with its N and interval.

import { day as longDay, h, number, percent, signed, table } from "../dom.js";
import { load, names } from "../store.js";
import { origin } from "./slate.js";

const SEASON = /^track-record\/(\d{4}-\d\d)\.json$/;
const BREAK_EVEN = 0.535;

export async function record(query) {
  const seasons = names(SEASON);
  if (!seasons.length) return [h("h1", null, "Track record"), h("p", { class: "lede" }, "No decision has been graded yet.")];
  const wanted = `track-record/${query.get("season")}.json`;
  const found = await load(seasons.includes(wanted) ? wanted : seasons.at(-1));
  origin([found]);
  const { season, windows, days, reliability } = found.data;
  const points = windows.filter((row) => row.target === "points" && row.model_version === "serving_points");
  const all = points.filter((row) => row.window === "season" && row.segment === "all");
  return [
    h("h1", null, `Track record ${season}`),
    seasons.length > 1 ? h("p", { class: "controls" }, seasons.map((name) => {
      const label = name.match(SEASON)[1];
      return h("a", { href: `#/track-record?season=${label}` }, label);
    })) : null,
    all.map((row) => h("p", { class: "lede" }, sentence(row))),
    h("h2", null, "By window and segment"),
    windowsTable(points),
    reliability.length ? [h("h2", null, "Calibration"),
      table([["", ""], ["Probability of over", "n"], ["Went over", "n"], ["Decisions", "n"]],
        reliability.map((bin) => ({ cells: [bin.run_kind, percent(bin.p, 1), percent(bin.hit, 1), String(bin.n)] })))] : null,
    h("h2", null, "By date"),
    table([["Date", ""], ["", ""], ["Lined", "n"], ["Bets", "n"], ["Won", "n"], ["Lost", "n"], ["Void", "n"], ["Our error", "n"], ["Line's error", "n"]],
      days.filter((row) => row.target === "points").reverse().map((row) => ({ cells: [
        h("a", { href: `#/track-record/days/${row.game_date}` }, row.game_date), row.run_kind, String(row.n_lined), String(row.n_bets),
        String(row.wins), String(row.losses), String(row.voids), number(row.mae, 2), number(row.line_mae, 2)] }))),
  ].flat(3).filter(Boolean);
}

function sentence(row) {
  const kind = row.run_kind === "live" ? "Live" : "Backfill";
  if (row.hit_rate === null) {
    return `${kind}: ${row.n_lined} graded decisions with a line, ${row.n_bets} of them bets. That is too few to say anything about skill; ` +
      `our median was off by ${number(row.mae, 2)} points, the line by ${number(row.line_mae, 2)}.`;
  }
  return `${kind}: ${row.n_bets} graded bets, ${percent(row.hit_rate, 1)} won (${percent(row.hit_rate_lo, 1)} to ${percent(row.hit_rate_hi, 1)}), ` +
    `break-even is about ${percent(BREAK_EVEN, 1)}: ${row.verdict === "ahead" ? "ahead so far" : row.verdict === "behind" ? "not profitable so far" : "not told apart from break-even"}.`;
}

function windowsTable(rows) {
  return table(
    [["Window", ""], ["Segment", ""], ["", ""], ["N", "n"], ["Dates", "n"], ["Bets", "n"], ["Won", "n"], ["Return", "n"], ["Error − line's", "n"], ["Log loss", "n"], ["Market's", "n"]],
    rows.map((row) => ({
      class: row.verdict === "insufficient" ? "insufficient" : null,
      cells: [row.window, row.segment, row.run_kind, String(row.n_lined), String(row.n_dates), String(row.n_bets), percent(row.hit_rate, 1), percent(row.roi, 1),
        signed(row.mae_diff, 2) + (row.mae_diff_lo === null ? "" : ` (${signed(row.mae_diff_lo, 2)} to ${signed(row.mae_diff_hi, 2)})`),
        number(row.log_loss, 4), number(row.market_log_loss, 4)],
    })));
}

export async function day(date) {
  const found = await load(`track-record/days/${date}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "This date has no track record")];
  const { decisions } = found.data;
  return [
    h("h1", null, `Decisions of ${longDay(date)}`),
    h("p", { class: "lede" }, `${decisions.length} official decisions on players with a line.`),
    table([["Player", "who"], ["", ""], ["Line", "n"], ["Median", "n"], ["P(over)", "n"], ["Decision", ""], ["Scored", "n"], ["Outcome", ""], ["Result", ""]],
      decisions.map((row) => ({ cells: [
        h("a", { href: `#/player/${row.player_id}` }, row.name ?? row.player_id), `${row.team ?? ""} v ${row.opponent ?? ""}`, number(row.line_value),
        number(row.points_q50), percent(row.p_over, 1), row.decision, row.actual_points === null ? "–" : String(row.actual_points),
        row.void_reason ?? row.outcome ?? "", row.result ?? "pending"] }))),
  ];
}
