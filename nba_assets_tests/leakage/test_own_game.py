"""Nothing of a game itself, or of a later one, is in what is said before it: traps 1, 5, 6 and 7, feature by feature.

Whatever its stamp: the game's box scores are here known an hour before anybody decides.
"""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets.contracts.prediction_columns import CACHE, CONTEXT, FORM, PRESENCE
from nba_assets.modeling import stages
from nba_assets.modeling.slate import FEATURE_NAMES
from nba_assets_tests.leakage.night import (
    DAY,
    DECIDED,
    HOUR,
    LINES,
    LISTS,
    PRE_GAME,
    PROPS,
    REPORTS,
    RESULTS,
    SCHEDULE,
    SUMMARY,
    VIEWS,
    Frames,
    Night,
    known,
    of_date,
    same,
    unmoved,
    with_numbers,
)

STORE = "ml_feature_store"
FEATURES_OF_STORE = [feature.name for feature in FEATURES]
FEATURES_OF_MODELS = list(dict.fromkeys((*FEATURE_NAMES, *(name for s in stages.STAGES for name in s.features))))
"""Whatever any model of points reads, in order."""

NOT_OF_RESULTS = {
    *("home_away", "playoff_game", "injury_risk", "rest_advantage", "games_in_last_7_days", "back_to_back"),
}
"""Features of the store that say nothing of what happened in a game but when and where it was."""


def told_before(name: str, night: Night, value: float) -> pd.DataFrame:
    """A table of results in which those of the date and later are known an hour before, every number the value."""
    rows = night.history[name]
    ahead = rows["game_date"] >= night.date
    key = [*contracts.table(name).key]
    rows = rows[~ahead | ~rows.duplicated(key)].reset_index(drop=True)
    ahead = rows["game_date"] >= night.date
    out = with_numbers(name, rows, ahead, value)
    if "status" in out.columns:
        out["status"] = out["status"].mask(ahead, "played")
    return out.assign(
        known_at=rows["known_at"].mask(ahead, night.first - HOUR), superseded_at=rows["superseded_at"].mask(ahead)
    )


def own_results(night: Night) -> Frames:
    """The tables of results with 99 for everybody, told before, and in each team a man of whom nobody had heard."""
    results = {name: told_before(name, night, 99) for name in RESULTS}
    box = results[SUMMARY]
    debut = box[box["game_date"] == night.date].drop_duplicates("team").assign(player_id="debutant")
    return results | {SUMMARY: pd.concat([box, debut], ignore_index=True)}


def with_scores(night: Night) -> pd.DataFrame:
    """The schedule with a score of 99 to 12 in every version of the date's games, the scheduled ones too."""
    rows = night.history[SCHEDULE]
    ahead = rows["game_date"] >= night.date
    home, away = rows["home_score"].mask(ahead, 99), rows["away_score"].mask(ahead, 12)
    return rows.assign(home_score=home, away_score=away)


@pytest.fixture(scope="module")
def over_early(night: Night) -> Night:
    """The same night if its finals had been known an hour before."""
    rows = night.history[SCHEDULE]
    ahead, early = rows["game_date"] >= night.date, night.first - HOUR
    moved = rows.assign(
        known_at=rows["known_at"].mask(ahead & (rows["game_status"] == 3), early),
        superseded_at=rows["superseded_at"].mask(ahead & (rows["superseded_at"] > early), early),
    )
    history, tables = night.history | {SCHEDULE: moved}, night.with_history(**{SCHEDULE: moved})
    return Night(history, tables, night.date, night.first, night.last)


@pytest.fixture(scope="module")
def own_game(over_early: Night) -> Frames:
    """Everybody has 99 of everything in the game itself, known beforehand."""
    results = own_results(over_early)
    assert (results[SUMMARY]["points"] == 99).any()
    return over_early.with_history(**results, **{SCHEDULE: with_scores(over_early)})


@pytest.mark.parametrize("name", DECIDED)
def test_trap_1_99_points_in_the_game_itself_move_no_table(over_early: Night, own_game: Frames, name: str) -> None:
    unmoved(own_game, over_early, name)


@pytest.mark.parametrize("feature", FEATURES_OF_MODELS)
def test_trap_1_no_feature_of_any_model_holds_the_game_itself(
    over_early: Night, own_game: Frames, feature: str
) -> None:
    same(of_date(own_game["slate"], over_early.date)[[feature]], over_early.of("slate")[[feature]])


@pytest.fixture(scope="module")
def other_past(night: Night) -> Frames:
    """Results of earlier dates are others."""
    changed = {
        name: with_numbers(name, rows, rows["game_date"] < night.date, 61)
        for name, rows in night.history.items()
        if name in RESULTS
    }
    games = night.history[SCHEDULE]
    home, away = games["away_score"], games["home_score"]
    return night.with_history(**changed, **{SCHEDULE: games.assign(home_score=home, away_score=away)})


@pytest.mark.parametrize("feature", [name for name in FEATURES_OF_STORE if name not in NOT_OF_RESULTS])
def test_every_feature_of_results_is_moved_by_earlier_ones(night: Night, other_past: Frames, feature: str) -> None:
    """So that it would be moved by the game's own if that were among them."""
    before, after = (rows[feature] for rows in (night.of(STORE), of_date(other_past[STORE], night.date)))
    assert before.notna().any()
    assert not after.equals(before)


def test_every_feature_of_a_model_is_of_a_table_that_is_looked_at() -> None:
    """Nothing reaches a model but by the store, the context, the cache, and the line."""
    slate_has = {*FEATURES_OF_STORE, *CONTEXT, *PRESENCE, *CACHE, *FORM}
    made = set(FEATURES_OF_MODELS) - slate_has
    assert made == {
        *("consensus_line", "line_minus_last_5", "line_minus_last_10", "line_minus_season", "line_range", "n_books"),
        *("p_play", "mates_minutes", "mates_shots", "mates_points", "minutes_share", "gone_minutes", "gone_shots"),
        *("opponent_points", "efficiency_shrunk"),
        *stages.VOLUME,
    }


@pytest.mark.parametrize("name", DECIDED)
def test_trap_5_without_the_games_box_score_all_is_as_it_was(night: Night, boxless: Frames, name: str) -> None:
    unmoved(boxless, night, name)


@pytest.fixture(scope="module")
def boxless(night: Night) -> Frames:
    """No box score of the date: nobody started, nobody played."""
    return night.with_history(
        **{name: rows[rows["game_date"] != night.date] for name in RESULTS for rows in [night.history[name]]}
    )


@pytest.fixture(scope="module")
def truncated(night: Night) -> Frames:
    """History as it stood: results to the day before, all else as it was known at the last decision."""
    history = {name: known(rows, night.last) for name, rows in night.history.items()}
    past = {name: rows[rows["game_date"] < night.date] for name, rows in history.items() if name in RESULTS}
    ahead = {name: rows[rows["game_date"] <= night.date] for name, rows in history.items() if name in (PROPS, LINES)}
    ahead |= {name: history[name][history[name]["game_date"] <= night.date] for name in (REPORTS, LISTS)}
    return night.with_history(**{SCHEDULE: history[SCHEDULE]}, **past, **ahead)


@pytest.mark.parametrize("name", DECIDED)
def test_trap_6_history_truncated_at_the_day_before_gives_the_same(night: Night, truncated: Frames, name: str) -> None:
    unmoved(truncated, night, name)


@pytest.fixture(scope="module")
def late_tip(night: Night) -> Night:
    """The date's games at 22:30 in Los Angeles, which is tomorrow, 06:30, in UTC; finals two hours later."""
    rows = night.history[SCHEDULE]
    tonight = rows["game_date"] == night.date
    tip = (night.date + DAY).tz_localize("UTC") + 6.5 * HOUR
    at, over = tip - HOUR / 2, tip + 2 * HOUR
    replaced = tonight & (rows["superseded_at"] > night.last)
    moved = {
        SCHEDULE: rows.assign(
            tip_at=rows["tip_at"].mask(tonight, tip),
            known_at=rows["known_at"].mask(tonight & (rows["game_status"] == 3), over),
            superseded_at=rows["superseded_at"].mask(replaced, over),
        )
    }
    for name in RESULTS:
        box = night.history[name]
        box = box[(box["game_date"] != night.date) | ~box.duplicated([*contracts.table(name).key])]
        own = box["game_date"] == night.date
        moved[name] = box.assign(
            known_at=box["known_at"].mask(own, over), superseded_at=box["superseded_at"].mask(own)
        ).reset_index(drop=True)
    return Night(night.history | moved, night.with_history(**moved), night.date, at, at)


@pytest.fixture(scope="module")
def own_late_game(late_tip: Night) -> Frames:
    """Everybody has 99 of everything in it, known beforehand."""
    return late_tip.with_history(**own_results(late_tip), **{SCHEDULE: with_scores(late_tip)})


@pytest.mark.parametrize("name", (*PRE_GAME, *VIEWS))
def test_trap_7_a_game_at_half_past_ten_in_los_angeles_is_of_its_own_date(
    late_tip: Night, own_late_game: Frames, name: str
) -> None:
    """It is tomorrow in UTC, and the game is not among its own past."""
    rows = late_tip.of(name)
    assert len(rows)
    assert set(rows["decision_at"]) == {late_tip.last}
    assert late_tip.last.date() == (late_tip.date + DAY).date()
    unmoved(own_late_game, late_tip, name)
