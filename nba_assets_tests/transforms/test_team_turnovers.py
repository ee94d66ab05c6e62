"""A team's own turnovers: of the team log, else of play-by-play, else not known; in both teams' tables alike."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import LISTED, bdl, gamebook, inputs_of, scheduled, team_box
from nba_assets_tests.transforms.leagues import at, day
from nba_assets_tests.transforms.plays import BIGDATABALL, MEN, NBAC, Row, event, game_of

DAY = [day("11-01")]
OFFENSE, DEFENSE, PLAYERS = "team_offense_game_summary", "team_defense_game_summary", "player_game_summary"
BOTH = pytest.mark.parametrize("table", [NBAC, BIGDATABALL])


def lost(table: str, boston: int = 2, new_york: int = 0, **facts: Any) -> list[Row]:
    """A game in which every man has the two turnovers of his box score, and the teams so many of their own."""
    men = [event(table, who, "turnover", "2 9:00") for who in MEN for _ in range(2)]
    teams = [event(table, "bos", "turnover", "3 9:00")] * boston + [
        event(table, "nyk", "turnover", "3 9:00")
    ] * new_york
    unknown = [event(table, "bos", "", "3 9:00", event_type=None)] if table == BIGDATABALL else []
    return game_of(table, more=[*men, *teams, *unknown], **facts)


def teams(**rows: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Offence and defence of the game as they stand now, by team."""
    given = {"schedule": scheduled(LISTED), "gamebook": gamebook(), "bdl": bdl()} | rows
    inputs = inputs_of(**given)
    inputs[PLAYERS] = TRANSFORMS[PLAYERS](inputs, DAY, None)
    found = (TRANSFORMS[name](inputs, DAY, None) for name in (OFFENSE, DEFENSE))
    offense, defense = (rows[rows["superseded_at"].isna()].set_index("team") for rows in found)
    assert offense["possessions"].nunique() == defense["possessions"].nunique() == 1
    assert offense.loc["BOS", "possessions"] == defense.loc["BOS", "possessions"]
    assert (offense["def_rating"] == defense["def_rating"]).all()
    assert defense["opp_team_turnovers"].tolist() == offense["team_turnovers"].tolist()[::-1]
    return offense, defense


def told(offense: pd.DataFrame) -> dict[str, tuple[int, bool]]:
    return {team: (row["team_turnovers"], row["team_turnovers_known"]) for team, row in offense.iterrows()}


@BOTH
def test_without_a_team_log_they_are_all_turnovers_of_play_by_play_less_the_players(table: str) -> None:
    plain, _ = teams()
    offense, defense = teams(**{table: lost(table, boston=2, new_york=1)})

    assert told(offense) == {"BOS": (2, True), "NYK": (1, True)}
    assert offense["tov"].tolist() == [10, 10]
    assert offense.loc["BOS", "possessions"] == pytest.approx(plain.loc["BOS", "possessions"] + 1.5)
    assert (offense["quality"] == plain["quality"] + 10).all()
    for rows in (offense, defense):
        assert all(table in names for names in rows["sources_used"])
        assert not any(table in names for names in rows["missing_inputs"])


def test_the_team_log_goes_before() -> None:
    offense, defense = teams(team_box=team_box(team_turnovers=3), **{NBAC: lost(NBAC)})

    assert told(offense) == {"BOS": (3, True), "NYK": (3, True)}
    for names in defense["sources_used"]:
        assert names == [PLAYERS, "nbac_team_boxscore"], "nothing of the play-by-play is in the row"
    assert all(names == [BIGDATABALL] for names in defense["missing_inputs"])


def test_a_box_score_whose_turnovers_are_the_players_gives_way() -> None:
    box = team_box(team_turnovers=0, tov_includes_team=False)

    assert told(teams(team_box=box, **{NBAC: lost(NBAC)})[0]) == {"BOS": (2, True), "NYK": (0, True)}
    fewer = team_box(team_turnovers=-1)
    assert told(teams(team_box=fewer, **{NBAC: lost(NBAC)})[0]) == {"BOS": (2, True), "NYK": (0, True)}


def test_a_team_without_a_turnover_has_none_of_its_own() -> None:
    men = {"gamebook": gamebook(tov=0), "bdl": bdl(tov=0)}
    plays = game_of(NBAC, more=[event(NBAC, "bos", "turnover")])

    assert told(teams(**men, **{NBAC: plays})[0]) == {"BOS": (1, True), "NYK": (0, True)}


def test_what_no_source_can_tell_is_not_known() -> None:
    nowhere = {"BOS": (0, False), "NYK": (0, False)}
    assert told(teams()[0]) == nowhere
    assert told(teams(**{NBAC: game_of(NBAC)})[0]) == nowhere, "without turnovers of players it tells none"
    assert told(teams(**{NBAC: lost(NBAC)[1:]})[0]) == nowhere, "of other points than the score"
    assert told(teams(**{NBAC: lost(NBAC, boston=7)})[0])["BOS"] == (7, True)
    assert told(teams(**{NBAC: lost(NBAC, boston=8)})[0]) == {"BOS": (0, False), "NYK": (0, True)}


def test_the_first_source_that_can_tell_counts() -> None:
    both = {BIGDATABALL: game_of(BIGDATABALL), NBAC: lost(NBAC)}
    assert told(teams(**both)[0])["BOS"] == (2, True)
    both[BIGDATABALL] = lost(BIGDATABALL, boston=3)
    assert told(teams(**both)[0])["BOS"] == (3, True)


def test_possessions_are_in_doubt_if_either_teams_are_not_known() -> None:
    plain, _ = teams()
    offense, _ = teams(**{NBAC: lost(NBAC, boston=8)})
    assert offense["team_turnovers_known"].tolist() == [False, True]
    assert offense["quality"].tolist() == plain["quality"].tolist()


def test_a_log_that_comes_later_makes_a_version() -> None:
    inputs = inputs_of(
        schedule=scheduled(LISTED),
        gamebook=gamebook(),
        bdl=bdl(),
        team_box=team_box(team_turnovers=3, known_at=at("11-03 12:00")),
        **{NBAC: lost(NBAC)},
    )
    inputs[PLAYERS] = TRANSFORMS[PLAYERS](inputs, DAY, None)
    for name, column in ((OFFENSE, "team_turnovers"), (DEFENSE, "opp_team_turnovers")):
        rows = TRANSFORMS[name](inputs, DAY, None)
        one = rows[rows["opponent" if name == DEFENSE else "team"] == "BOS"]
        assert one["known_at"].tolist() == [at("11-02 07:00"), at("11-02 08:00"), at("11-03 12:00")]
        assert one[column].tolist() == [0, 2, 3]
