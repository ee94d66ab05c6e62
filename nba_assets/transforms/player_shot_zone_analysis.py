"""Builds nba_precompute.player_shot_zone_analysis: where a player shoots, and how well."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_precompute.player_shot_zone_analysis import ZONES
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks, windows
from nba_assets.transforms.game_types import FORM, is_type
from nba_assets.transforms.pregame import VERSION, about, by_ask, counts, latest, with_inputs, within
from nba_assets.transforms.season_totals import zone_games
from nba_assets.transforms.windows import Floats, mean, ratio
from nba_assets.transforms.zones import shares, zone_counts

WINDOWS = (10, 20)
PRIMARY = (("paint", 0.40), ("three", 0.40), ("mid", 0.35))
"""Zones in the order in which they are tried as the primary one, with the share from which they are."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per registry player whose team plays on `dates`, as known 30 minutes before the tip.

    Quality: percent of the last-10 window that are games with valid zones.
    """
    table = contracts.table("player_shot_zone_analysis")
    people = within(asks.players(inputs, dates), scope)
    summary = asks.of(inputs, "player_game_summary")
    rows = summary[is_type(summary, FORM) & (summary["status"] == "played").fillna(False)]
    shots = _shots(about(rows, people, "player_id"))
    past = windows.history(people, shots, by="player_id", newest=max(WINDOWS))
    season = zone_games(people, rows, "ra_fga")
    out = people[["game_date", "player_id", "game_id", "team", "season", "decision_at"]].copy()
    for size in WINDOWS:
        out = out.assign(**window(past, size, len(people)))
    out["primary_zone"] = primary_zone(out)
    out["season_zone_games"] = season["rows_n"]
    known = latest(people["known_at"], past)
    out["known_at"] = known.where(known >= season["known_at"], season["known_at"])
    out["quality"] = 10.0 * out["games_n_l10"]
    out = with_inputs(
        out,
        {
            "nbac_schedule": np.full(len(out), True),
            "nbac_player_list": (people["team_source"] == "player_list").to_numpy(dtype=bool),
            "player_game_summary": np.isin(np.arange(len(out)), past["ask"]),
        },
    )
    return frames.conform(out, table)


def _shots(rows: pd.DataFrame) -> pd.DataFrame:
    """Played games with zone counts, and assists where the play-by-play tells them."""
    assisted, alone = windows.floats(rows["assisted_fgm"]), windows.floats(rows["unassisted_fgm"])
    shots = rows[[*VERSION, "player_id"]].assign(assisted=assisted, assists_known_fgm=assisted + alone)
    return pd.concat([shots, zone_counts(rows)], axis=1)


def window(past: pd.DataFrame, size: int, n: int) -> dict[str, Floats]:
    """Columns of the last `size` played games of each of `n` asks; numbers are of those with valid zones."""
    games = windows.last(past, size)
    located = games[games["located_fga"].notna()]
    found = {}
    for zone in ZONES:
        found[f"{zone}_share"] = by_ask(shares(located, zone), n)
        found[f"{zone}_fg_pct"] = by_ask(ratio(located, f"{zone}_fgm", f"{zone}_fga"), n)
        found[f"{zone}_fga_pg"] = by_ask(mean(located, f"{zone}_fga"), n)
    found["assisted_share"] = by_ask(ratio(games, "assisted", "assists_known_fgm"), n)
    found["fga_n"] = counts(windows.total(located, "located_fga"), n)
    found["games_n"] = counts(windows.count(located), n)
    found["games_without_zones"] = counts(windows.count(games), n) - found["games_n"]
    return {f"{name}_l{size}": values for name, values in found.items()}


def primary_zone(rows: pd.DataFrame) -> pd.Series[str]:
    """The zone of the last 10 games he lives from, balanced if none is; null without shares."""
    chosen = np.select(
        [rows[f"{zone}_share_l10"] >= least for zone, least in PRIMARY], [z for z, _ in PRIMARY], "balanced"
    )
    return pd.Series(chosen, index=rows.index, dtype="string[pyarrow]").where(rows["paint_share_l10"].notna())
