"""What each kind of game counts for, over all ten tables: from raw rows to features, by hand.

Boston beats New York on 12 November; bos0 scores 30. What happens on the 18th is the test; on the 20th they meet again,
T at 23:30 UTC.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import GAMEBOOK_AT, POINTS, man, person
from nba_assets_tests.transforms.chain import (
    LOST,
    ROSTER,
    Raw,
    Tables,
    ahead,
    of_player,
    of_team,
    played,
    tables,
    told,
)
from nba_assets_tests.transforms.leagues import at, game

FORTY = {"BOS": [40, 23, 15, 10, 10], "NYK": LOST["NYK"]}
"""bos0 scores 40, Boston loses."""
BEFORE = played("11-12", 1)
CONTEXT, TEAM, CACHE = "upcoming_player_game_context", "upcoming_team_game_context", "player_daily_cache"
SHOTS, DEFENSE, STORE = "player_shot_zone_analysis", "team_defense_zone_analysis", "ml_feature_store"
RATINGS = ["player_rating", "team_rating"]
PRE_GAME = [TEAM, CONTEXT, CACHE, SHOTS, DEFENSE, "player_composite_factors", STORE, *RATINGS]


def season(*parts: Raw, **facts: Any) -> Tables:
    return tables(told(BEFORE, *parts, ahead("11-20", **facts)))


PAIRS = {"1": "DEN LAL", "2": "MIA CHI", "3": "DAL PHX", "4": "ATL ORL", "5": "GSW SAC", "6": "BOS NYK"}
"""Teams that meet in each kind of game on the 18th."""


@pytest.fixture(scope="module")
def kinds() -> Tables:
    """Six pairs with a regular season game on the 12th and the 20th, and between them each has another kind of game."""
    parts: list[Raw] = []
    for number, (kind, pair) in enumerate(PAIRS.items()):
        away, home = pair.split()
        won, lost = ({away: points["BOS"], home: points["NYK"]} for points in (POINTS, FORTY))
        roster = {person(team, n): team for team in (away, home) for n in range(5)}
        parts += [
            played("11-12", 10 + number, "2", won, away, home),
            played("11-18", 20 + number, kind, lost, away, home),
            ahead("11-20", 30 + number, roster=roster, away=away, home=home),
        ]
    return tables(told(*parts))


@pytest.mark.parametrize(
    ("kind", "form", "stats"),
    [(kind, kind in "2456", kind == "2") for kind in PAIRS],
    ids=["preseason", "regular season", "all-star", "playoffs", "play-in", "cup final"],
)
def test_what_a_kind_of_game_counts_for(kinds: Tables, kind: str, form: bool, stats: bool) -> None:
    """Form is windows and load, stats season averages and the record."""
    away = PAIRS[kind].split()[0]
    who = person(away, 0)
    cache, store = of_player(kinds, CACHE, "11-20", who), of_player(kinds, STORE, "11-20", who)
    assert (cache["games_n_l10"], cache["points_avg_l10"]) == ((2, 35.0) if form else (1, 30.0))
    assert (cache["games_n_season"], cache["points_avg_season"]) == ((2, 35.0) if stats else (1, 30.0))
    assert (cache["games_last_7d"], cache["minutes_last_7d"]) == ((1, 48.0) if form else (0, 0.0))
    assert (cache["team_games_n_l10"], cache["team_games_n_season"]) == (1 + form, 1 + stats)
    assert cache["team_win_pct"] == (0.5 if stats else 1.0)
    names = ["points_avg_last_10", "points_avg_season", "games_in_last_7_days", "team_win_pct"]
    theirs = ["points_avg_l10", "points_avg_season", "games_last_7d", "team_win_pct"]
    assert store[names].tolist() == cache[theirs].tolist()

    player, team = of_player(kinds, CONTEXT, "11-20", who), of_team(kinds, TEAM, "11-20", away)
    for row in (player, team):
        assert (row["days_rest"], row["games_last_7d"], row["games_last_14d"]) == ((1, 1, 2) if form else (7, 0, 1))
    assert (player["points_avg_l5"], player["games_with_team"]) == ((35.0, 2) if form else (30.0, 1))
    assert (team["streak"], team["last_margin"]) == ((-1, -2) if form else (1, 2))
    assert (team["games_played"], team["game_number"]) == (1 + stats, 2 + stats)
    assert team["team_win_pct"] == cache["team_win_pct"]

    assert of_player(kinds, SHOTS, "11-20", who)["games_without_zones_l20"] == 1 + form
    assert of_team(kinds, DEFENSE, "11-20", away)["games_n"] == 1 + form


PHASES = {"1": "preseason", "2": "early", "4": "playoffs", "5": "play_in", "6": "early"}


def test_which_tables_have_a_kind_of_game() -> None:
    """After an All-Star game there are no rows, before it and before a preseason game there are none either."""
    kinds = ["1", "2", "3", "4", "5", "6"]
    games = [(f"11-{18 + n}", 2 + n, kind) for n, kind in enumerate(kinds)]
    found = tables(told(*(told(played(*each), ahead(*each)) for each in games)))

    for name in TRANSFORMS:
        rows = found[name]
        there = set(rows["game_id"].str[2])
        assert there == ({"2", "4", "5", "6"} if name in PRE_GAME else {"1", "2", "4", "5", "6"}), name
        if "season_phase" in rows.columns:
            assert (rows["season_phase"] == rows["game_id"].str[2].map(PHASES)).all(), name
    store = found[STORE]
    assert (store["playoff_game"] == store["game_id"].str[2].isin(["4", "5"])).all()


NEUTRAL = season(played("11-18", 2, is_neutral=True), is_neutral=True)


def test_a_neutral_site_keeps_its_home_side() -> None:
    found = NEUTRAL
    for name in ("player_game_summary", "team_offense_game_summary", "team_defense_game_summary"):
        rows = found[name][found[name]["game_date"] == pd.Timestamp("2024-11-18")]
        assert rows["is_neutral"].all()
        assert (rows["is_home"] == (rows["team"] == "NYK")).all()
    for name in (TEAM, CONTEXT):
        assert found[name]["is_neutral"].tolist() == (found[name]["game_date"] > pd.Timestamp("2024-11-12")).tolist()
        assert (found[name]["is_home"] == (found[name]["team"] == "NYK")).all()
    assert of_player(found, STORE, "11-20")["home_away"] == of_player(found, STORE, "11-20", "nyk0")["home_away"] == 0.5
    assert of_team(found, TEAM, "11-20")[["travel_miles", "time_zones"]].isna().all()


def test_a_neutral_game_is_rest_and_form_as_any_other() -> None:
    other = season(played("11-18", 2))

    for name in (CACHE, SHOTS, DEFENSE, "player_composite_factors"):
        rows = [found[name][found[name]["game_date"] == pd.Timestamp("2024-11-20")] for found in (NEUTRAL, other)]
        pd.testing.assert_frame_equal(*(each.reset_index(drop=True) for each in rows))


@pytest.mark.parametrize("stays", [True, False], ids=["its old date says so", "it is gone from its old date"])
def test_a_postponed_game_counts_on_the_date_it_was_played_and_no_other(stays: bool) -> None:
    """Listed for the 15th, postponed that afternoon, played on the 18th: one game, of one id, on two dates."""
    off_at = at("11-15 20:00")
    listed = game("11-15", 2, "BOS", "NYK", superseded_at=off_at)
    off = game("11-15", 2, "BOS", "NYK", is_postponed=True, known_at=off_at)
    found = season({"schedule": [listed, *([off] if stays else [])]}, played("11-18", 2, points=FORTY))

    for name in TRANSFORMS:
        days = set(found[name]["game_date"].dt.day)
        assert days >= ({18, 20} if name in PRE_GAME else {12, 18}) and 15 not in days, name
    cache, team = of_player(found, CACHE, "11-20"), of_team(found, TEAM, "11-20")
    assert (cache["games_n_season"], cache["points_avg_season"], cache["games_last_7d"]) == (2, 35.0, 1)
    assert (team["days_rest"], team["games_last_14d"], team["game_number"], team["games_played"]) == (1, 2, 3, 2)
    assert of_player(found, CONTEXT, "11-18")["days_rest"] == 5


def test_who_did_not_play_rests_while_his_team_does_not() -> None:
    """bos4 sits out on the 18th: in no average, in the rate, and his team has played."""
    short = {"BOS": [30, 25, 20, 25], "NYK": POINTS["NYK"]}
    games = played("11-18", 2, points=short)
    absent = man(
        games["schedule"][0], "BOS", 4, GAMEBOOK_AT, player_status="dnp", reason_category="coach_decision", reason="CD"
    )
    games["gamebook"].append(absent | {"known_at": at("11-19 06:00")})
    found = season(games)

    row = of_player(found, "player_game_summary", "11-18", "bos4")
    assert (row["status"], row["dnp_reason"], row["won"]) == ("dnp", "CD", True)
    cache, player = of_player(found, CACHE, "11-20", "bos4"), of_player(found, CONTEXT, "11-20", "bos4")
    assert (cache["points_avg_l10"], cache["games_n_l10"], cache["dnp_rate_l10"]) == (10.0, 1, 0.5)
    assert (player["days_rest"], player["games_last_7d"], player["team_games_missed"]) == (7, 0, 1)
    assert of_team(found, TEAM, "11-20")["days_rest"] == 1
    assert of_player(found, STORE, "11-20", "bos4")["rest_advantage"] == 0, "of teams, not of players"
    assert of_player(found, SHOTS, "11-20", "bos4")["games_without_zones_l10"] == 1


def test_a_traded_mans_form_goes_with_him_and_all_else_is_his_new_teams() -> None:
    """bos0 is New York's from the 20th on; New York also played DEN on the 18th, without him."""
    denver = played("11-18", 2, points={"DEN": [90], "NYK": NEW_POINTS}, away="DEN")
    found = season(denver, roster=ROSTER | {"bos0": "NYK"})

    player, cache = of_player(found, CONTEXT, "11-20"), of_player(found, CACHE, "11-20")
    assert player[["team", "opponent", "is_home", "team_source"]].tolist() == ["NYK", "BOS", True, "player_list"]
    assert (player["points_avg_l10"], player["games_with_team"]) == (30.0, 0)
    assert (player["days_rest"], player["team_games_missed"]) == (7, 1)
    mate, former = of_player(found, CACHE, "11-20", "nyk0"), of_player(found, CACHE, "11-20", "bos1")
    own = ["team_pace_l10", "team_off_rating_l10", "team_win_pct", "team_games_n_l10"]
    assert cache[own].tolist() == mate[own].tolist()
    assert (mate["team_win_pct"], former["team_win_pct"]) == (0.5, 1.0)
    store = of_player(found, STORE, "11-20")
    assert (store["team_win_pct"], store["home_away"], store["points_avg_last_5"]) == (0.5, 1.0, 30.0)
    assert store["opponent_pace"] == of_team(found, DEFENSE, "11-20", "BOS")["pace_l15"]
    assert of_player(found, "player_composite_factors", "11-20")["team"] == "NYK"
    past = of_player(found, "player_game_summary", "11-12")
    assert past["team"] == "BOS", "the team of the box score, not of today's list"


NEW_POINTS = [28, 25, 20, 15, 10]


def test_of_two_listings_of_a_date_the_one_that_is_on_counts() -> None:
    """A postponed duplicate of the 20th's game, with another id."""
    twin = game("11-20", 901, "BOS", "NYK", is_postponed=True, known_at=at("11-20 15:00"))
    found, alone = season({"schedule": [twin]}), season()

    for name in (TEAM, CONTEXT, CACHE, DEFENSE):
        pd.testing.assert_frame_equal(found[name], alone[name])


def test_the_phase_is_by_the_game_number_whatever_the_month() -> None:
    """Boston's 61st game is late, New York's first of the same night early; an April playoff game is neither."""
    earlier = [game(f"11-{n % 28 + 1:02d}", 100 + n, "BOS", "DEN", known_at=at("10-01 12:00")) for n in range(60)]
    dates = pd.date_range("2024-11-01", periods=60)
    earlier = [row | {"game_date": date} for row, date in zip(earlier, dates, strict=True)]
    last = game("2025-01-02", 800, "BOS", "NYK")
    cup = game("2025-01-04", 1, "BOS", "NYK", "6")
    april = game("2025-04-20", 1, "BOS", "NYK", "4")
    found = tables({"schedule": [*earlier, last, cup, april]})

    rows = found[TEAM].set_index(["game_date", "team"])["season_phase"]
    assert rows[pd.Timestamp("2025-01-02")].to_dict() == {"BOS": "late", "NYK": "early"}
    assert rows[pd.Timestamp("2025-01-04")].to_dict() == {"BOS": "late", "NYK": "early"}
    assert set(rows[pd.Timestamp("2025-04-20")]) == {"playoffs"}


def test_a_season_is_the_schedules_whatever_the_month() -> None:
    """2019-20 ended in October: a game of 4 October 2020 is of season 2019, and form reaches back within it."""
    old = played("2020-10-02", 1, season=2019)
    found = tables(told(old, {"schedule": [game("2020-10-04", 2, "BOS", "NYK", season=2019)]}))

    cache = found[CACHE]
    rows = cache[(cache["game_date"] == pd.Timestamp("2020-10-04")) & (cache["player_id"] == "bos0")]
    assert rows[["season", "games_n_season", "games_last_7d"]].to_numpy().tolist() == [[2019, 1, 1]]
    assert set(found["player_game_summary"]["season"]) == {2019}
