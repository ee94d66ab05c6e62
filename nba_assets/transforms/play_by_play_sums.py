"""What play-by-play adds up to by team, beside the box score: points, attempts, and attempts by zone."""

from __future__ import annotations

import pandas as pd

from nba_assets.contracts.shot_zones import PLAY_BY_PLAY_TABLES
from nba_assets.transforms import Dates, Inputs
from nba_assets.transforms.box_scores import of
from nba_assets.transforms.game_versions import GAME
from nba_assets.transforms.play_by_play_events import NBAC, WORDS
from nba_assets.transforms.shot_zones import AREAS

COLUMNS = (*GAME, "team", "source", "sum", "play_by_play", "box_score")


def differences(inputs: Inputs, dates: Dates) -> pd.DataFrame:
    """Every sum of the dates' games that is not the box score's now: COLUMNS, `sum` one of points, attempts, zones.

    inputs: player_game_summary and the play-by-play tables. `zones` is paint + mid-range + three, of games whose shots
    have an area; the box score's sums are those of player_game_summary.
    """
    box = _current(of(inputs, "player_game_summary"), dates).groupby([*GAME, "team"])[["points", "fga"]].sum()
    found = [_of_table(_current(of(inputs, name), dates), name, box) for name in PLAY_BY_PLAY_TABLES]
    rows = pd.concat(found, ignore_index=True)
    return rows.sort_values([*GAME, "team", "source"], kind="stable", ignore_index=True)


def _of_table(events: pd.DataFrame, source: str, box: pd.DataFrame) -> pd.DataFrame:
    shots = events["is_field_goal"] if source == NBAC else events["event_type"] == "shot"
    shots = shots.fillna(False).astype(bool)
    sums = {"points": WORDS[source].points(events).fillna(0).astype("float64"), "attempts": shots.astype("float64")}
    if source == NBAC:
        sums["zones"] = (shots & events["shot_zone"].isin(AREAS)).astype("float64")
    by = [events["game_date"], events["game_id"], events["team_tricode"].rename("team")]
    totals = pd.DataFrame(sums).groupby(by).sum()
    if source == NBAC:
        totals["zones"] = totals["zones"].where(totals.groupby(GAME)["zones"].transform("sum") > 0)
    told = totals.join(box.astype("float64").add_prefix("box_"), how="inner").reset_index()
    return pd.concat([_unlike(told, source, name) for name in sums], ignore_index=True)


def _unlike(told: pd.DataFrame, source: str, name: str) -> pd.DataFrame:
    """The teams whose sum is not the box score's; one that is not told (null) is not compared."""
    theirs = told["box_points" if name == "points" else "box_fga"]
    rows = told.assign(source=source, sum=name, play_by_play=told[name], box_score=theirs)
    rows = rows[told[name].notna() & (told[name] != theirs)]
    return rows[list(COLUMNS)].astype({"play_by_play": "Int64", "box_score": "Int64"})


def _current(rows: pd.DataFrame, dates: Dates) -> pd.DataFrame:
    return rows[rows["superseded_at"].isna() & rows["game_date"].isin(list(dates))]
