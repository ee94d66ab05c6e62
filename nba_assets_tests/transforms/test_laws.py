"""The two laws of every transform, on stories of a small league and on random seasons.

1. Equality: rows of a scope, of one date, or from shuffled inputs are those of the full rebuild, byte for byte, and
   depend only on the input dates that the contract declares.
2. Point in time: a pre-game row of date D decided at T depends on nothing known after T and on no result of D or
   later; what a post-game table knew at T depends on nothing known later.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Role, Table, Type
from nba_assets.engine.graph import build_order, read_range
from nba_assets.scope import Scope, in_scope
from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.leagues import league
from nba_assets_tests.transforms.stories import GameStory, Story, raw, stories

Frames = dict[str, pd.DataFrame]

ORDER = [name for name in build_order() if name in TRANSFORMS]
"""Every transform there is, inputs first."""

PRE_GAME = [name for name in ORDER if "decision_at" in contracts.table(name).column_names]

SCRAMBLED = (Type.INT64, Type.FLOAT64, Type.BOOL)
"""Types of columns that a scrambled row has other values in; `season` says of what it is."""


def laws(examples: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def test_every_transform_is_reached_by_a_plain_story() -> None:
    facts: dict[str, Any] = {"reports_before": (6.0,), "lines_before": (2.0,), "located": True}
    sheets = (12.0, None, 0.5)
    games = [GameStory(day, ("DEN", "BOS"), heat=day, sheet_after=sheets[day], **facts) for day in range(3)]

    built, _ = told(Story(tuple(games)))

    assert set(built) == set(TRANSFORMS)
    assert all(len(rows) for rows in built.values())
    played = built["player_game_summary"][built["player_game_summary"]["status"] == "played"]
    sources = (
        played.sort_values("known_at").groupby("game_date")["zone_source"].agg(lambda names: [*names.dropna().unique()])
    )
    assert sources.tolist() == [["nbac", "bigdataball"], ["nbac"], ["bigdataball"]]
    assert built["player_shot_zone_analysis"]["paint_share_l10"].notna().any()
    assert built["team_offense_game_summary"]["second_chance_points"].notna().any()


@laws(4)
@given(stories(), st.data())
def test_both_laws_on_stories(story: Story, data: st.DataObject) -> None:
    built, history = told(story)
    check_equality(built, history, data)
    check_point_in_time(built, history, data)


@laws(2)
@given(st.integers(0, 10**6), st.data())
def test_both_laws_over_a_season(seed: int, data: st.DataObject) -> None:
    built, history = with_pre_game(league(seed, days=14))
    check_equality(built, history, data)
    check_point_in_time(built, history, data)


def check_equality(built: Frames, history: Frames, data: st.DataObject) -> None:
    """One date alone, of the declared spans, in any order, of a scope, is that part of the whole."""
    date = data.draw(st.sampled_from(dates_of(history)), label="date")
    shuffle = data.draw(st.booleans(), label="shuffle the inputs")
    for name, whole in built.items():
        table = contracts.table(name)
        rows = whole[whole["game_date"] == date]
        scope = data.draw(scopes(rows), label=f"scope of {name}")
        inputs = within_spans(table, history, [date])
        if shuffle:
            inputs = {key: rows.sample(frac=1, random_state=1, ignore_index=True) for key, rows in inputs.items()}

        found = TRANSFORMS[name](inputs, [date], scope)

        assert_equal(table, found, rows if scope is None else rows[in_scope(rows, scope)])


def check_point_in_time(built: Frames, history: Frames, data: st.DataObject) -> None:
    """What comes after one of the decisions is forgotten or scrambled; what was known then stands."""
    decisions = built["upcoming_team_game_context"][["game_date", "decision_at"]].drop_duplicates()
    if decisions.empty:
        return
    date, at = decisions.iloc[data.draw(st.integers(0, len(decisions) - 1), label="decision")]
    scramble = data.draw(st.booleans(), label="scramble what comes later, else forget it")
    for name, whole in built.items():
        table = contracts.table(name)
        tampered = {
            entry.table: later_changed(
                history[entry.table], contracts.table(entry.table), entry.role, date, at, scramble
            )
            for entry in table.inputs
            if entry.table in history
        }
        if name in PRE_GAME:
            found = TRANSFORMS[name](tampered, [date], None)
            assert_equal(table, decided(found, date, at), decided(whole, date, at))
        elif not scramble:
            found = TRANSFORMS[name](tampered, dates_of(history), None)
            assert_equal(table, known(found, at), known(whole, at))


def told(story: Story) -> tuple[Frames, Frames]:
    """(every transform's rows, every input), all from the raw tables of the story."""
    history = raw(story)
    dates = dates_of(history)
    built: Frames = {}
    for name in ORDER:
        table = contracts.table(name)
        built[name] = TRANSFORMS[name](within_spans(table, history, dates), dates, None)
        history[name] = built[name]
    return built, history


def with_pre_game(history: Frames) -> tuple[Frames, Frames]:
    """(the pre-game transforms' rows, every input) of a season that has its post-game tables."""
    dates = dates_of(history)
    built: Frames = {}
    for name in PRE_GAME:
        built[name] = TRANSFORMS[name](within_spans(contracts.table(name), history, dates), dates, None)
        history = history | {name: built[name]}
    return built, history


def dates_of(history: Frames) -> list[pd.Timestamp]:
    return sorted(history["nbac_schedule"]["game_date"].unique())


def within_spans(table: Table, history: Frames, dates: list[pd.Timestamp]) -> Frames:
    """The table's inputs for the dates, cut to the dates that its contract declares."""
    found: Frames = {}
    for entry in table.inputs:
        if entry.table in history:
            first, last = read_range(entry, [date.date() for date in dates])
            rows = history[entry.table]
            inside = rows["game_date"].between(pd.Timestamp(first), pd.Timestamp(last))
            found[entry.table] = rows[inside].reset_index(drop=True)
    return found


def later_changed(
    rows: pd.DataFrame, table: Table, role: Role, date: pd.Timestamp, at: pd.Timestamp, scramble: bool
) -> pd.DataFrame:
    """The rows with those known after `at`, and those of `date` on where only the past is read, changed or gone.

    Changed, the latter were known in time: whatever its stamp, a result of the date itself is nobody's past.
    """
    ahead = (rows["game_date"] >= date) & (role is Role.HISTORY)
    late = (rows["known_at"] > at) | ahead
    if scramble:
        changed = scrambled(rows, table, late)
        return changed.assign(known_at=rows["known_at"].mask(ahead, at - pd.Timedelta(hours=1)))
    kept = rows[~late].reset_index(drop=True)
    if "superseded_at" in kept.columns:
        kept["superseded_at"] = kept["superseded_at"].where(kept["superseded_at"] <= at)
    return kept


def scrambled(rows: pd.DataFrame, table: Table, late: pd.Series[bool]) -> pd.DataFrame:
    """The rows with other numbers, the opposite flags and later tips where `late`."""
    changed = rows.copy()
    for column in table.columns:
        if column.type in SCRAMBLED and column.name != "season":
            other = ~rows[column.name] if column.type is Type.BOOL else rows[column.name] + 7
            changed[column.name] = rows[column.name].mask(late, other)
    if "tip_at" in rows.columns:
        changed["tip_at"] = rows["tip_at"].mask(late, rows["tip_at"] + pd.Timedelta(hours=1))
    return changed


def scopes(rows: pd.DataFrame) -> st.SearchStrategy[Scope | None]:
    """No scope, or one of some of the rows' players, teams and games."""

    def some(column: str) -> st.SearchStrategy[frozenset[str]]:
        values = sorted(rows[column].unique()) if column in rows.columns else []
        return st.frozensets(st.sampled_from(values), max_size=2) if values else st.just(frozenset())

    return st.none() | st.builds(Scope, players=some("player_id"), teams=some("team"), games=some("game_id"))


def decided(rows: pd.DataFrame, date: pd.Timestamp, at: pd.Timestamp) -> pd.DataFrame:
    """The date's rows that were decided at `at`."""
    return rows[(rows["game_date"] == date) & (rows["decision_at"] == at)]


def known(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The versions that were the newest at `at`, as they looked then."""
    then = rows[(rows["known_at"] <= at) & ~(rows["superseded_at"] <= at).fillna(False)]
    return then.assign(superseded_at=pd.Series(pd.NaT, index=then.index, dtype=then["superseded_at"].dtype))


def assert_equal(table: Table, found: pd.DataFrame, expected: pd.DataFrame) -> None:
    found, expected = found.reset_index(drop=True), expected.reset_index(drop=True)
    if not frames.to_arrow(found, table).equals(frames.to_arrow(expected, table)):
        pd.testing.assert_frame_equal(found, expected, obj=table.name)
        raise AssertionError(f"{table.name}: equal to the eye, not to the byte")
