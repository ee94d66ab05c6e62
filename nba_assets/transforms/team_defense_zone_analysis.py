"""Builds nba_precompute.team_defense_zone_analysis: what a defence allowed, by zone and against the league."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_precompute.team_defense_zone_analysis import ZONES
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks, windows
from nba_assets.transforms.game_types import FORM, STATS, is_type
from nba_assets.transforms.pregame import VERSION, by_ask, counts, latest, with_inputs, within
from nba_assets.transforms.season_totals import season_totals, zone_games
from nba_assets.transforms.windows import Floats, mean, ratio
from nba_assets.transforms.zones import shares, zone_counts

WINDOW = 15
LEAGUE_GAMES = 50
"""Team games of this season from which it is the league's baseline."""
SHRINK = {"paint": 150, "mid": 150, "three": 600}
"""k: attempts at the league's percentage that are added to the allowed ones; start values, to be tuned by back-test."""
NO_ZONES = 10.0
"""Quality points that a window without any zones costs."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per team that plays on `dates`, as known 30 minutes before the tip.

    Quality: percent of the last-15 window that is full, less 10 without zones.
    """
    table = contracts.table("team_defense_zone_analysis")
    teams = within(asks.team_games(inputs, dates), scope)
    rows = _allowed(asks.of(inputs, "team_defense_game_summary"))
    past = windows.last(windows.history(teams, rows, by="team"), WINDOW)
    league = league_baseline(teams, rows)
    season = zone_games(teams, rows, "located_fga")
    n = len(teams)
    out = teams[["game_date", "team", "game_id", "season", "decision_at"]].copy()
    out = out.assign(**window(past, n))
    for zone, k in SHRINK.items():
        out[f"{zone}_diff_pp"] = difference(past, zone, k, league[f"{zone}_fg_pct"].to_numpy())
    out = out.assign(**extremes(out))
    out[["league_pace", "league_games_n", "league_source"]] = league[["pace", "rows_n", "source"]]
    out["season_zone_games"] = season["rows_n"]
    known = pd.concat([latest(teams["known_at"], past), league["known_at"], season["known_at"]], axis=1)
    out["known_at"] = known.max(axis=1)
    out["quality"] = 100.0 * out["games_n"] / WINDOW
    out["quality"] -= np.where((out["games_n"] > 0) & (out["games_without_zones"] == out["games_n"]), NO_ZONES, 0.0)
    out["quality"] = out["quality"].clip(lower=0.0)
    out = with_inputs(
        out,
        {
            "nbac_schedule": np.full(n, True),
            "team_defense_game_summary": ((out["games_n"] > 0) | (out["league_games_n"] > 0)).to_numpy(dtype=bool),
        },
    )
    return frames.conform(out, table)


def _allowed(defense: pd.DataFrame) -> pd.DataFrame:
    """The rows that count for form, in an order that does not depend on theirs, with zone counts."""
    rows = defense[is_type(defense, FORM)].sort_values(["team", "game_id", "known_at"], kind="stable")
    numbers = ("opp_points", "opp_fga", "opp_fta", "possessions", "pace")
    allowed = rows[[*VERSION, "team"]].assign(**{name: windows.floats(rows[name]) for name in numbers})
    allowed["regular"] = is_type(rows, STATS)
    return pd.concat([allowed, zone_counts(rows, "opp_")], axis=1)


def window(past: pd.DataFrame, n: int) -> dict[str, Floats]:
    """Columns of the last 15 games of each of `n` teams, from their pairs."""
    located = past[past["located_fga"].notna()]
    found = {}
    for zone in ZONES:
        found[f"opp_{zone}_fg_pct"] = by_ask(ratio(located, f"{zone}_fgm", f"{zone}_fga"), n)
        found[f"opp_{zone}_fga_pg"] = by_ask(mean(located, f"{zone}_fga"), n)
        found[f"opp_{zone}_share"] = by_ask(shares(located, zone), n)
    found["def_rating_l15"] = 100 * by_ask(ratio(past, "opp_points", "possessions"), n)
    found["pace_l15"] = by_ask(mean(past, "pace"), n)
    found["opp_points_pg"] = by_ask(mean(past, "opp_points"), n)
    found["fta_rate_allowed"] = by_ask(ratio(past, "opp_fta", "opp_fga"), n)
    found["games_n"] = counts(windows.count(past), n)
    found["games_without_zones"] = found["games_n"] - counts(windows.count(located), n)
    return found


def league_baseline(teams: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Per team row: the league's `<zone>_fg_pct` (Σ/Σ), `pace`, `rows_n`, `source` and `known_at`.

    Regular season games of this season before D; below 50 team games those of the last one. Null, and 0 games, where
    the last one has none.
    """
    regular = rows[rows["regular"]]
    sums = [f"{zone}_{short}" for zone in SHRINK for short in ("fga", "fgm")] + ["pace"]
    now, before = (season_totals(teams, regular, sums, seasons_back=back) for back in (0, 1))
    this = now["rows_n"] >= LEAGUE_GAMES
    base = now.where(this, before, axis=0)
    games = base["rows_n"].where(base["rows_n"] > 0)
    source = np.where(this, "season", "prior_season")
    league = pd.DataFrame(
        {
            "pace": base["pace"] / games,
            "rows_n": base["rows_n"],
            "source": pd.Series(source, dtype="string[pyarrow]", index=base.index).where(games.notna()),
            "known_at": base["known_at"],
        }
    )
    for zone in SHRINK:
        attempts = base[f"{zone}_fga"]
        league[f"{zone}_fg_pct"] = base[f"{zone}_fgm"] / attempts.where(attempts > 0)
    return league


def difference(past: pd.DataFrame, zone: str, k: int, league: Floats) -> Floats:
    """100·(shrunk allowed FG% − league FG%), percentage points; null without located shots in the window."""
    n = len(league)
    located = past[past["located_fga"].notna()]
    attempts, makes = (by_ask(windows.total(located, f"{zone}_{short}"), n) for short in ("fga", "fgm"))
    shrunk = (makes + k * league) / (attempts + k)
    return np.asarray(100 * (shrunk - league))


def extremes(rows: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """The zones of the lowest and highest difference, the first of equal ones; null unless all are known."""
    table = rows[[f"{zone}_diff_pp" for zone in SHRINK]].to_numpy()
    known = ~np.isnan(table).any(axis=1)
    names = pd.array(list(SHRINK), dtype="string[pyarrow]")
    filled = np.where(known[:, None], table, 0.0)
    return {
        name: pd.Series(names.take(place), index=rows.index).where(known)
        for name, place in (("strongest_zone", filled.argmin(axis=1)), ("weakest_zone", filled.argmax(axis=1)))
    }
