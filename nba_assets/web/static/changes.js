// What changed on a slate since this reader last looked, and why. The last look is kept in the browser.

import { number, percent, signed } from "./dom.js";

const KEPT_DATES = 4;
const POINTS = 0.5;
const MINUTES = 1;
const PROBABILITY = 0.02;
const LOOK = "look:";

const said = (player) => ({
  name: player.name ?? player.player_id, team: player.team, median: player.points_q50, minutes: player.minutes_mean, p: player.p_over,
  decision: player.decision, line: player.line_value, injury: player.injury_status, model: player.model_version,
});

function read(date) {
  try {
    return JSON.parse(localStorage.getItem(LOOK + date));
  } catch {
    return null;
  }
}

function write(date, look) {
  try {
    localStorage.setItem(LOOK + date, JSON.stringify(look));
    const dates = Object.keys(localStorage).filter((key) => key.startsWith(LOOK)).sort();
    for (const key of dates.slice(0, -KEPT_DATES)) localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing shows no changes; the slate itself is whole.
  }
}

const moved = (one, other, least) => typeof one === "number" && typeof other === "number" && Math.abs(other - one) >= least - 1e-9;

function statusNews(before, after) {
  const found = [];
  for (const [id, old] of Object.entries(before)) {
    const now = after[id];
    if (!now) found.push({ id, team: old.team, text: `${old.name} off the slate` });
    else if (old.injury !== now.injury) found.push({ id, team: now.team, text: `${now.name} ${now.injury ?? "available"}` });
  }
  for (const [id, now] of Object.entries(after)) if (!before[id]) found.push({ id, team: now.team, text: `${now.name} new on the slate` });
  return found;
}

// Differences by player id between two looks at a slate: what moved, and the likeliest cause of it.
export function compare(before, after) {
  const news = statusNews(before, after);
  const found = {};
  for (const item of news) if (!before[item.id] || !after[item.id]) found[item.id] = { who: item.text, what: [], cause: null };
  for (const [id, now] of Object.entries(after)) {
    const old = before[id];
    if (!old) continue;
    const own = news.find((item) => item.id === id);
    const mates = news.filter((item) => item.team === now.team && item.id !== id);
    const what = [
      moved(old.minutes, now.minutes, MINUTES) ? `minutes ${signed(now.minutes - old.minutes)}` : null,
      moved(old.median, now.median, POINTS) ? `median ${signed(now.median - old.median)}` : null,
      moved(old.p, now.p, PROBABILITY) ? `P(over) ${percent(old.p)} to ${percent(now.p)}` : null,
      old.line !== now.line ? `line ${number(old.line)} to ${number(now.line)}` : null,
      old.decision !== now.decision ? `${old.decision} to ${now.decision}` : null,
    ].filter(Boolean);
    if (!what.length && !own) continue;
    const cause = own ? `own status: ${now.injury ?? "available"}` : mates.length ? mates.map((item) => item.text).join(", ")
      : old.line !== now.line ? "line moved" : old.model !== now.model ? "another model" : "newer data";
    found[id] = { who: now.name, what, cause };
  }
  return found;
}

// The changes to show for a slate, each with the time of the release that brought it; the present look is kept.
export function sinceLastLook(date, release, { players, changes: told = [] }) {
  const after = Object.fromEntries(players.map((player) => [player.player_id, said(player)]));
  const last = read(date);
  if (!last) {
    write(date, { sequence: release.sequence, as_of: release.as_of, players: after, changes: {} });
    return { changes: {}, fresh: new Set() };
  }
  if (release.sequence <= last.sequence) return { changes: last.changes, fresh: new Set() };
  const now = compare(last.players, after);
  for (const [id, change] of Object.entries(now)) {
    change.at = release.generated_at;
    const news = told.filter((one) => one.player_id === id && one.at > (last.as_of ?? "")).at(-1);
    if (news) Object.assign(change, { at: news.at, cause: because(news) ?? change.cause });
  }
  const changes = { ...last.changes, ...now };
  write(date, { sequence: release.sequence, as_of: release.as_of, players: after, changes });
  return { changes, fresh: new Set(Object.keys(now)) };
}

// What a published change says of its cause; null for inputs without a name.
export function because(change) {
  if (change.cause === "line") return "line moved";
  if (change.cause !== "injury") return null;
  const state = change.subject_status ?? "available";
  return change.subject === change.player_id ? `own status: ${state}` : `${change.subject_name ?? change.subject} ${state}`;
}

export function markSeen(date) {
  const last = read(date);
  if (last) write(date, { ...last, changes: {} });
}
