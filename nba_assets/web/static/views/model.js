// The card of one model: what it was trained on, how it did on dates that it had not seen, whether it may serve.

import { h, moment, number, table } from "../dom.js";
import { origin, why } from "./slate.js";

export async function model(release, version) {
  const found = await release.load(`models/${version}.json`);
  origin([found]);
  if (!found) return [h("h1", null, "No card of this model is published")];
  const { data } = found;
  return [
    h("h1", null, `Model ${data.model_version}`),
    h("p", { class: "lede" }, `${data.family} of ${data.target}, trained on ${day(data.train_start)} to ${day(data.train_end)}: ` +
      `${data.n_rows.toLocaleString()} rows, ${(data.n_lined ?? 0).toLocaleString()} with a line. Gate: ${data.gate_status}.` +
      (data.incumbent_version ? ` Measured against ${data.incumbent_version}.` : "") + ` Made ${moment(data.refit_at)}.`),
    why(found),
    h("h2", null, "Gates"),
    data.gates.length ? table([["Gate", ""], ["Measured", "n"], ["Limit", "n"], ["Rows", "n"], ["Verdict", ""]],
      data.gates.map((gate) => ({ class: gate.verdict === "insufficient" ? "insufficient" : null,
        cells: [words(gate.name), figure(gate.value), figure(gate.limit), gate.n === null ? "–" : gate.n.toLocaleString(), gate.verdict] })), { "aria-label": "Gates" })
      : h("p", { class: "quiet" }, "It has no gates: it is the baseline."),
    h("h2", null, "On dates that it had not seen"),
    data.metrics.length ? table([["Figure", ""], ["Value", "n"]],
      data.metrics.map((metric) => ({ cells: [words(metric.name), figure(metric.value)] })), { "aria-label": "Metrics" })
      : h("p", { class: "quiet" }, "Nothing was measured."),
  ].filter(Boolean);
}

const figure = (value) => number(value, 4).replace("-", "−");
const day = (text) => text ?? "–";
const words = (name) => name.replaceAll("_", " ");
