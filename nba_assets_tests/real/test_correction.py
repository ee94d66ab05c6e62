"""A box score of opening night is corrected eighteen days later: just what depends on it and was decided since moves.

Real drops of 22 October to 12 November 2024. On 9 November at 12:00 UTC all four box scores of the Knicks in Boston
come again, with Jalen Brunson's line and Karl-Anthony Towns's in each other's place: no total of the game is another.
The Knicks play on 10 and 12 November; on Monday the 11th the models are refitted.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.contracts.frames import to_arrow
from nba_assets.engine.graph import STEP_DATASETS, build_order
from nba_assets.engine.ingest import ingest
from nba_assets.engine.intake import scan
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import NOW, early_steps, rows
from nba_assets_tests.laws.drops import Drop, read
from nba_assets_tests.laws.edits import corrected
from nba_assets_tests.laws.story import BDL, BOX, BOXES, GAMEBOOK, LOG
from nba_assets_tests.laws.tables import Frames, assert_same
from nba_assets_tests.laws.test_point_in_time import assert_nothing_moved

FIRST, LAST = dt.date(2024, 10, 22), dt.date(2024, 11, 12)
GAME, DAY = "0022400061", pd.Timestamp(FIRST)
MEN = {"1628973": "Jalen Brunson", "1626157": "Karl-Anthony Towns"}
KNOWN_AT = pd.Timestamp("2024-11-09 12:00", tz="UTC")
SUMMARY, CACHE, CONTEXT, STORE = (
    "player_game_summary",
    "player_daily_cache",
    "upcoming_player_game_context",
    "ml_feature_store",
)
MODELS, PREDICTIONS, GRADES, RECORD = (
    "points_model",
    "player_points_predictions",
    "prediction_grades",
    "model_performance_daily",
)
RATINGS, GAMES = "player_rating", "game_predictions"
ENTITY = ("game_date", "game_id", "player_id", "team", "target", "window", "segment")
"""Of a table those that it has: what a row is about, whichever version or model it is of."""
WINDOWS = {"1d": 1, "7d": 7, "30d": 30, "season": 366}

Row = tuple[object, ...]


@dataclass(frozen=True, repr=False)
class State:
    """All versions of every table's rows, and the version of every partition."""

    frames: Frames
    versions: dict[str, dict[str, str]]


@dataclass(frozen=True, repr=False)
class Told:
    """The tables before the correction, after it, and of a run that had all drops at once; the files of it."""

    before: State
    after: State
    clean: State
    files: list[Drop]

    def moved(self, name: str) -> dict[Row, tuple[int, int]]:
        """By what the rows are about: how many of its rows before are no more as they were, how many after are new."""
        days = self.rebuilt(name)
        one, other = (_by_entity(name, state.frames[name], days) for state in (self.before, self.after))
        return {
            entity: (was, came)
            for entity in one.keys() | other.keys()
            if (was := (one[entity] - other[entity]).total()) + (came := (other[entity] - one[entity]).total())
        }

    def rebuilt(self, name: str) -> list[str]:
        """The dates whose partition is another."""
        one, other = (state.versions[name] for state in (self.before, self.after))
        return sorted(day for day in one.keys() | other.keys() if one.get(day) != other.get(day))

    def account(self) -> str:
        """Per table: dates rebuilt, rows touched, rows before."""
        lines = (
            f"{name}: {len(self.rebuilt(name))} dates, {len(found)} of {len(self.before.frames[name])} rows"
            for name in build_order()
            if (found := self.moved(name))
        )
        return "\n".join(lines)


def _by_entity(name: str, frame: pd.DataFrame, days: Iterable[str]) -> dict[Row, Counter[str]]:
    table = tables()[name]
    found: dict[Row, Counter[str]] = _Counters()
    chosen = frame[frame["game_date"].isin(pd.to_datetime(list(days)))]
    for row in to_arrow(chosen.reset_index(drop=True), table).to_pylist():
        found[tuple(row[column] for column in ENTITY if column in row)][repr(row)] += 1
    return found


class _Counters(dict[Row, Counter[str]]):
    """A counter for every key, also to look at."""

    def __missing__(self, key: Row) -> Counter[str]:
        self[key] = Counter()
        return self[key]


@pytest.fixture(scope="module")
def told(shared: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Told:
    work = tmp_path_factory.mktemp("correction")
    tool = [sys.executable, str(shared / "tools" / "make_real_drops.py"), str(work / "drops")]
    subprocess.run([*tool, "--start", str(FIRST), "--end", str(LAST)], check=True, capture_output=True)
    files = _corrections(read(work / "drops"))
    write(work / "correction", files)
    with new_database(postgres) as url:
        platform = _open(work / "home", url)
        before = _taken(platform, work / "drops")
        after = _taken(platform, work / "correction")
        platform.close()
    write(work / "drops", files)
    with new_database(postgres) as url:
        platform = _open(work / "clean", url)
        clean = _taken(platform, work / "drops")
        platform.close()
    return Told(before, after, clean, files)


def _corrections(drops: list[Drop]) -> list[Drop]:
    """Every box score of the date that has lines of the two men, with them in each other's place."""
    boxes = [drop for drop in drops if drop.source in BOXES and FIRST in drop.dates]
    changed = ((drop, corrected(drop, (*MEN.values(),))) for drop in boxes)
    return [new.again(KNOWN_AT) for old, new in changed if new.payload() != old.payload()]


def write(folder: Path, drops: Iterable[Drop]) -> None:
    for drop in drops:
        path = folder / drop.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drop.data)


def _open(home: Path, url: str) -> Platform:
    return Platform.open(Settings(home=home, database_url=SecretStr(url)), FixedClock(NOW))


def _taken(platform: Platform, folder: Path) -> State:
    """What the platform has after it took the folder in: every step of Phases 2 to 5."""
    result = ingest(platform, scan(folder), lambda window, _: early_steps(platform, window, STEP_DATASETS))
    assert result.quarantined == []
    names = build_order()
    return State({n: rows(platform, n) for n in names}, {n: platform.warehouse.versions(n) for n in names})


def of_men(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["player_id"].isin(list(MEN))]


def since(rows: pd.DataFrame) -> pd.DataFrame:
    """What was decided when the correction was known."""
    return rows[rows["decision_at"] >= KNOWN_AT]


def about(name: str, rows: pd.DataFrame) -> set[Row]:
    """What the rows are about, as `Told.moved` has it."""
    columns = [column for column in ENTITY if column in tables()[name].column_names]
    dates = {"game_date": rows["game_date"].dt.date}
    return set(rows.assign(**dates)[columns].astype(object).itertuples(index=False, name=None))


@pytest.mark.long
def test_every_box_score_of_the_game_comes_again(told: Told) -> None:
    assert sorted(drop.source for drop in told.files) == sorted([GAMEBOOK, BDL, LOG, BOX])
    assert {drop.known_at for drop in told.files} == {KNOWN_AT}


@pytest.mark.long
def test_the_tables_are_those_of_a_run_that_had_it_all_at_once(told: Told) -> None:
    for name in build_order():
        assert_same(tables()[name], told.after.frames[name], told.clean.frames[name])
    assert told.after.versions == told.clean.versions


def test_nothing_that_was_decided_before_moves(told: Told) -> None:
    assert_nothing_moved(told.after.frames, told.before.frames, KNOWN_AT - pd.Timedelta(seconds=1))


def test_of_the_game_the_two_mens_rows_are_another_version(told: Told) -> None:
    for name in (GAMEBOOK, BDL, LOG, SUMMARY):
        assert {entity[1:3] for entity in told.moved(name)} == {(GAME, man) for man in MEN}, told.account()
        assert set(told.moved(name).values()) == {(1, 2)}, "the former, now closed, and its successor"
    box = of_men(told.after.frames[SUMMARY])
    former, current = (box[(box["game_id"] == GAME) & (box[at] == KNOWN_AT)] for at in ("superseded_at", "known_at"))
    assert former["points"].tolist() == current["points"].tolist()[::-1] == [12, 22]


def test_the_rows_touched(told: Told) -> None:
    """The two men's rows of the game and of two later dates; with new models all that they say on two dates.

    A rating rests on who played with and against whom: theirs move those of others, and the games of four dates.
    """
    said = told.before.frames[PREDICTIONS]
    refitted = said[said["game_date"] >= pd.Timestamp("2024-11-11")]
    touched = {name: len(found) for name in build_order() if (found := told.moved(name)) and name != RECORD}
    assert touched == {
        GAMEBOOK: 2,
        BDL: 2,
        LOG: 2,
        SUMMARY: 2,
        RATINGS: 47,
        CACHE: 4,
        CONTEXT: 4,
        GAMES: 15,
        STORE: 4,
        MODELS: 2,
        PREDICTIONS: 2 + len(refitted),
        GRADES: 2 + len(refitted) + 15,
    }, told.account()
    assert len(refitted) == 504 and len(said) == 6359, told.account()
    assert told.rebuilt(CACHE) == ["2024-11-10", "2024-11-12"] and told.rebuilt(SUMMARY) == [str(FIRST)]


def test_rolling_rows_move_exactly_where_they_were_decided_since(told: Told) -> None:
    for name in (CACHE, CONTEXT, STORE):
        assert told.moved(name).keys() == about(name, since(of_men(told.before.frames[name]))), told.account()
    columns = ["points_avg_season", "points_avg_l10", "minutes_avg_season", "usage_season"]
    one, other = (since(of_men(state.frames[CACHE]))[columns] for state in (told.before, told.after))
    assert len(one) == 4 and (one.to_numpy() != other.to_numpy()).all()


def test_predictions_move_with_their_features_and_with_the_next_refit(told: Told) -> None:
    models, said = told.before.frames[MODELS], told.before.frames[PREDICTIONS]
    later = models[(models["refit_at"] > KNOWN_AT) & (models["target"] == "points")]
    assert told.moved(MODELS).keys() == about(MODELS, later)
    expected = about(PREDICTIONS, said[said["game_date"].isin(later["game_date"])])
    expected |= about(PREDICTIONS, since(of_men(said)))
    assert told.moved(PREDICTIONS).keys() == expected, told.account()
    assert (
        min(since(said)["decision_at"]) > KNOWN_AT > max(said.loc[~said.index.isin(since(said).index), "decision_at"])
    )


def test_the_games_grades_are_made_anew(told: Told) -> None:
    moved = {entity for entity in told.moved(GRADES) if entity[0] == FIRST}
    assert {entity[1:3] for entity in moved} == {(GAME, man) for man in MEN}, told.account()
    grades = of_men(told.after.frames[GRADES])
    grades = grades[(grades["game_id"] == GAME) & (grades["known_at"] >= KNOWN_AT)].set_index("player_id")
    box = told.after.frames[SUMMARY]
    truth = box[(box["game_id"] == GAME) & box["superseded_at"].isna()].set_index("player_id")["points"]
    assert (grades["grade_version"] == 2).all() and len(grades) == 2
    assert grades["actual_points"].astype("int64").to_dict() == truth[list(MEN)].astype("int64").to_dict()
    said = told.after.frames[PREDICTIONS].set_index("prediction_id")["line_value"]
    over = {man: float(truth[man]) > said[grades.loc[man, "prediction_id"]] for man in MEN}
    assert grades["outcome"].to_dict() == {man: "over" if more else "under" for man, more in over.items()}


def test_the_track_record_moves_in_windows_that_hold_a_moved_grade(told: Told) -> None:
    graded = {pd.Timestamp(entity[0]) for entity in told.moved(GRADES)}
    assert told.moved(RECORD)
    for day, _, window, _ in told.moved(RECORD):
        last = pd.Timestamp(day)
        assert any(last - pd.Timedelta(days=WINDOWS[window] - 1) <= date <= last for date in graded), (day, window)
