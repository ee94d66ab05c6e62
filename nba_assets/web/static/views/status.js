// Whether everything arrived: one line first, then phases, sources, what is open.

import { h, moment, table } from "../dom.js";
import { load } from "../store.js";
import { origin, why } from "./slate.js";

export async function status() {
  const found = await load("status.json");
  origin([found]);
  if (!found) return [h("h1", null, "Status"), h("p", { class: "lede" }, "The release has no status.")];
  const { phases, sources, games, open_quarantine: quarantine, open_dead_letters: dead } = found.data;
  const bad = phases.filter((phase) => phase.state !== "ok");
  return [
    h("h1", null, bad.length || quarantine || dead ? "Not everything is well" : "All is well"),
    why(found),
    h("p", { class: "lede" }, `${quarantine} things in quarantine, ${dead} dead letters.`),
    h("h2", null, "Phases"),
    table([["Phase", ""], ["State", ""], ["Last success", ""], ["Waits for", ""]], phases.map((phase) => ({ cells: [
      phase.phase ?? phase.name, h("span", { class: `state-${phase.state}` }, phase.state), moment(phase.last_success_at), (phase.waiting_on ?? []).join(", ")] }))),
    h("h2", null, "Sources"),
    table([["Source", ""], ["Last drop", ""], ["", ""]], sources.map((source) => ({ cells: [
      source.source ?? source.name, moment(source.last_drop_at), source.unverified_format ? "format not verified on a real file" : ""] }))),
    games?.length ? [h("h2", null, "Games"),
      table([["Game", ""], ["State of each phase", ""]], games.map((game) => ({ cells: [game.game_id, JSON.stringify(game.phases ?? game)] })))] : null,
  ].flat(2).filter(Boolean);
}
