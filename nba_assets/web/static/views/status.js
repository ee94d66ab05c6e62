// Whether everything arrived: one line first, then phases by games, sources, what is open, the model.

import { h, moment, table } from "../dom.js";
import { origin, why } from "./slate.js";

export async function status(release) {
  const found = await release.load("status.json");
  origin([found]);
  if (!found) return [h("h1", null, "Status"), h("p", { class: "lede" }, "The release has no status.")];
  const { phases, sources, games, open_quarantine: quarantine, open_dead_letters: dead, model, halted } = found.data;
  const slate = found.data.latest_date ? await release.load(`historical/${found.data.latest_date}/daily.json`) : null;
  const named = Object.fromEntries((slate?.data.games ?? []).map((game) => [game.game_id, `${game.away} at ${game.home}`]));
  const names = phases.map((phase) => phase.phase);
  return [
    h("h1", null, line(found)),
    why(found),
    halted ? h("p", { class: "state" }, `Halted since ${moment(halted.since)}: ${halted.reason}.`) : null,
    h("h2", null, "Phases"),
    table([["Phase", ""], ["State", ""], ["Last success", ""], ["Waits for", ""]], phases.map((phase) => ({ cells: [
      phase.phase, state(phase.state), moment(phase.last_success_at), phase.waiting_on.join(", ")] })), { "aria-label": "Phases" }),
    games.length ? [h("h2", null, "Games of the latest slate"),
      table([["Game", ""], ...names.map((name) => [name, ""])],
        games.map((game) => ({ cells: [named[game.game_id] ?? game.game_id, ...names.map((name) => state(game[name]))] })), { class: "grid", "aria-label": "Phases by game" })] : null,
    h("h2", null, "Sources"),
    sources.length ? table([["Source", ""], ["Last arrival", ""], ["Whole by", ""], ["Note", ""]], sources.map((source) => ({ cells: [
      source.source, source.last_drop_at ? moment(source.last_drop_at) : h("span", { class: "state-late" }, "nothing yet"), source.expected_by ? moment(source.expected_by) : "",
      source.unverified_format ? "format not verified on a real file" : ""] })), { "aria-label": "Sources" })
      : h("p", { class: "quiet" }, "No source has delivered anything."),
    h("h2", null, "Open"),
    h("p", null, `${quarantine} in quarantine, ${dead} dead ${dead === 1 ? "letter" : "letters"}.`),
    h("h2", null, "Model"),
    h("p", null, model ? h("a", { href: `#/model/${model.version}` }, model.version) : null, model ? `, ${model.family}, trained to ${model.trained_to ?? "–"}; gate: ${model.gate_status}.` : "No model serves the latest slate."),
  ].flat(3).filter(Boolean);
}

// The first line: all is well, or what is not, since when, and what it means for tonight.
function line({ data, status: whole }) {
  const { phases, open_quarantine: quarantine, open_dead_letters: dead } = data;
  if (data.halted || whole === "halted") return "Halted: every decision is PASS";
  const bad = phases.find((phase) => phase.state === "failed") ?? phases.find((phase) => phase.state !== "ok");
  if (bad) {
    const since = bad.last_success_at ? `, last well ${moment(bad.last_success_at)}` : "";
    const means = bad.state === "failed" ? "tonight's figures may be old" : "what waits is left out until it arrives";
    return `Not all is well: ${bad.phase} ${bad.state}${since}; ${means}`;
  }
  if (quarantine || dead) return `Tonight's slate is whole, but ${quarantine} in quarantine and ${dead} dead letters are open`;
  if (data.alarms.length) return `Everything has arrived; ${data.alarms.length === 1 ? "an alarm stands" : "alarms stand"}: ${data.alarms.join(", ")}`;
  return whole === "complete" ? "All is well" : "Not everything has arrived";
}

const SIGNS = { ok: "✓", done: "✓", waiting: "…", missing: "–", late: "!", failed: "✕", stale: "!" };
const state = (name) => h("span", { class: `state-${name}` }, h("span", { "aria-hidden": "true" }, `${SIGNS[name] ?? ""} `), name);
