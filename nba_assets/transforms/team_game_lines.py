"""A finished game's two teams as of every moment: sums of their players, possessions, and what the team log adds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nba_assets.contracts.shot_zones import ZONE_COUNTS
from nba_assets.transforms import Dates, Inputs, box_formulas
from nba_assets.transforms.box_scores import of
from nba_assets.transforms.game_versions import GAME, Flags, as_of, moments
from nba_assets.transforms.play_by_play import Plays, as_told
from nba_assets.transforms.play_by_play_states import EventVersions
from nba_assets.transforms.pregame import names_where
from nba_assets.transforms.shot_zones import BLOCKS
from nba_assets.transforms.team_turnovers import with_team_turnovers
from nba_assets.transforms.windows import floats

PLAYERS, TEAM_BOX = "player_game_summary", "nbac_team_boxscore"

SUMS = ("points", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "tov", "pf")
COMPARED = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "pf")
"""Sums that the team box score must repeat; turnovers are told apart there."""

IDENTITY = ("team", "opponent", "season", "season_phase", "is_home", "is_neutral", "won", "ot_periods")
QUALITY = {"gamebook": 100.0, "bdl": 85.0}
DEDUCTION = 10.0
"""For each of: no zones, sources that disagree about a player, team turnovers not known."""


def team_lines(
    inputs: Inputs, dates: Dates, events: Mapping[str, EventVersions]
) -> tuple[pd.DataFrame, pd.DataFrame, Flags, Flags, Plays]:
    """(a row per moment and team, the moments, which of them are built, at which the game is gone, the play-by-plays).

    A row has `moment`, GAME, IDENTITY, SUMS, ZONE_COUNTS, points_in_paint, BLOCKS, players_used, minutes,
    team_turnovers, team_turnovers_known, possessions, pace, opponent_points, totals_match_boxscore, quality columns,
    `uses_<table>` of the play-by-plays, and every SUMS, ZONE_COUNTS, points_in_paint and team_turnovers of the opponent
    under `opp_`. Zones are null where no player has any, blocks by zone where those of a player are not known. A game
    of which a team's points are unlike the team box score's is not built. Times of the play-by-plays (`events`) are
    moments, too.
    """
    players = of(inputs, PLAYERS)
    players = players[players["game_date"].isin(list(dates))]
    boxes = of(inputs, TEAM_BOX)
    since = players.groupby(GAME)["known_at"].min().rename("since").reset_index()
    at = moments([players, boxes, *(each.times for each in events.values())], since)
    known = as_of(players, at)
    rows = _with_box(_sums(known), as_of(boxes, at))
    plays = as_told(events, _scores(rows, at))
    rows = _with_opponent(with_team_turnovers(rows, plays))
    whole = rows.groupby("moment")["points_agree"].transform("all") & (
        rows.groupby("moment")["team"].transform("size") == 2
    )
    rows = _with_possessions(rows[whole].reset_index(drop=True))
    built = at.index.isin(rows["moment"])
    gone = ~at.index.isin(known["moment"])
    return rows, at, np.asarray(built), np.asarray(gone), plays


def with_sources(rows: pd.DataFrame, plays: Plays) -> pd.DataFrame:
    """With the play-by-plays that fed the row, and those that were absent or told other points than the score."""
    moment = rows["moment"].to_numpy()
    used = names_where({name: rows[f"uses_{name}"].to_numpy(dtype=bool) for name in plays})
    missing = names_where({name: ~play.agrees[moment] for name, play in plays.items()})
    return rows.assign(sources_used=rows["sources_used"] + used, missing_inputs=rows["missing_inputs"] + missing)


def _scores(rows: pd.DataFrame, moments: pd.DataFrame) -> pd.DataFrame:
    """The moments with <side>_tricode and <side>_score of home and away, from rows (moment, team, is_home, points)."""
    home = rows["is_home"].to_numpy(dtype=bool)
    for side, own in (("home", home), ("away", ~home)):
        facts = rows[own].drop_duplicates("moment").set_index("moment")[["team", "points"]]
        moments = moments.join(facts.rename(columns={"team": f"{side}_tricode", "points": f"{side}_score"}))
    return moments


def _sums(known: pd.DataFrame) -> pd.DataFrame:
    """A row per moment and team: identity, sums over those who played, quality of the rows."""
    by = ["moment", *GAME, "team"]
    first = known.drop_duplicates(["moment", "team"])[["moment", *GAME, *IDENTITY]]
    facts = known[by].assign(
        **{name: known[name] for name in (*SUMS, *ZONE_COUNTS, *BLOCKS)},
        players_used=known["points"].notna().astype("Int64"),
        of_quality=known["box_source"].map(QUALITY).astype("float64"),
        conflict=known["source_conflict"].astype("boolean").fillna(False).astype(bool),
        blocks_nowhere=known["blk"].where(known["blk_paint"].isna()),
    )
    grouped = facts.groupby(["moment", "team"])
    sums = grouped[[*SUMS, "players_used"]].sum()
    sums = sums.join(grouped[[*ZONE_COUNTS, *BLOCKS]].sum(min_count=1))
    sums[[*BLOCKS]] = sums[[*BLOCKS]].mask(grouped["blocks_nowhere"].sum() > 0)
    sums["points_in_paint"] = 2 * (sums["ra_fgm"] + sums["paint_non_ra_fgm"])
    sums["of_quality"], sums["conflict"] = grouped["of_quality"].min(), grouped["conflict"].any()
    return first.merge(sums.reset_index(), on=["moment", "team"], validate="one_to_one")


def _with_box(rows: pd.DataFrame, boxes: pd.DataFrame) -> pd.DataFrame:
    """The team box score's word: its turnovers, and whether its counts are the players'."""
    theirs = boxes[["moment", "team_tricode", "pts", "tov", "tov_includes_team", *COMPARED]].rename(
        columns={"team_tricode": "team", **{name: f"box_{name}" for name in ("pts", "tov", *COMPARED)}}
    )
    rows = rows.merge(theirs, on=["moment", "team"], how="left", validate="one_to_one")
    has_box = rows["box_pts"].notna()
    same = pd.concat([rows[name] == rows[f"box_{name}"] for name in COMPARED], axis=1).fillna(False).all(axis=1)
    rows["totals_match_boxscore"] = same.astype("boolean").where(has_box)
    rows["points_agree"] = ((rows["points"] == rows["box_pts"]) | ~has_box).fillna(True).astype(bool)
    rows["has_team_box"] = has_box
    return rows


def _with_opponent(rows: pd.DataFrame) -> pd.DataFrame:
    columns = [*SUMS, *ZONE_COUNTS, "points_in_paint", "team_turnovers", "team_turnovers_known"]
    other = rows[["moment", "team", *columns]].rename(
        columns={"team": "opponent", **{name: f"opp_{name}" for name in columns}}
    )
    return rows.merge(other, on=["moment", "opponent"], how="left", validate="one_to_one")


def counts(rows: pd.DataFrame, prefix: str = "") -> dict[str, box_formulas.Floats]:
    """SUMS of the team (prefix `opp_`: of the opponent) as floats, for the formulas."""
    return {name: floats(rows[f"{prefix}{name}"]) for name in SUMS}


def _with_possessions(rows: pd.DataFrame) -> pd.DataFrame:
    own, other = counts(rows), counts(rows, "opp_")
    own["tov"] = own["tov"] + floats(rows["team_turnovers"])
    other["tov"] = other["tov"] + floats(rows["opp_team_turnovers"])
    minutes = box_formulas.game_minutes(floats(rows["ot_periods"]))
    poss = box_formulas.possessions(own, other)
    rows["minutes"] = pd.Series(minutes, index=rows.index).astype("Int64")
    rows["possessions"], rows["pace"] = poss, box_formulas.pace(poss, minutes)
    return _with_quality(rows)


def _with_quality(rows: pd.DataFrame) -> pd.DataFrame:
    used = {PLAYERS: np.full(len(rows), True), TEAM_BOX: rows["has_team_box"].to_numpy(dtype=bool)}
    rows["sources_used"] = names_where(used)
    rows["missing_inputs"] = names_where({name: ~flags for name, flags in used.items()})
    known = (rows["team_turnovers_known"] & rows["opp_team_turnovers_known"]).to_numpy(dtype=bool)
    lacks = rows["ra_fga"].isna().to_numpy(dtype=float) + rows["conflict"].to_numpy(dtype=float) + ~known
    rows["quality"] = rows["of_quality"].to_numpy() - DEDUCTION * lacks
    return rows
