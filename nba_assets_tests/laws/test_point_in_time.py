"""The second law on a simulated season: nothing that becomes known after T moves what was decided or known at T.

Two things are left out. That a player has no line because all his lines are from in play (`tipped`, else `no_line`) is
read from captures after the tip by design: it names the reason of a PASS that stands without it. And a name that nobody
knows yet, in a table that never closes rows, gives way to the same row with its player when the registry grows: it fed
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from nba_assets.contracts import tables
from nba_assets.contracts.model import Table, Versioning
from nba_assets.engine.graph import build_order
from nba_assets.sources.matching import UNRESOLVED
from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.edits import corrected, games, scrambled
from nba_assets_tests.laws.story import BDL, DAY, GAMEBOOK, HOUR, PROPS, RESULTS, SCHEDULE, SOURCES, best_two
from nba_assets_tests.laws.tables import Frames, MovedError, World, assert_same, rebuilt

SUMMARY, CACHE, CONTEXT = "player_game_summary", "player_daily_cache", "upcoming_player_game_context"
MODELS, PREDICTIONS, GAMES, GRADES = (
    "points_model",
    "player_points_predictions",
    "game_predictions",
    "prediction_grades",
)
PRE_GAME = [name for name in build_order() if "decision_at" in tables()[name].column_names and name != GRADES]
REMEMBERED = [name for name in build_order() if tables()[name].versioning is not Versioning.REPLACED and name != GRADES]
"""Raw and post-game tables: they can say what was known at a time."""

SECOND = pd.Timedelta(seconds=1)
PERCENT = st.integers(0, 99)
TREATMENTS = st.fixed_dictionaries({source: st.sampled_from(["keep", "scramble", "forget"]) for source in SOURCES})
LATER = st.lists(st.tuples(PERCENT, st.sampled_from([1, 600, 1_800, 7_200, 90_000])), max_size=4)
"""Captures of the last three days before T (by place) that come again, scrambled, so many seconds after it."""


def laws(examples: int) -> settings:
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(max_examples=examples, deadline=None, derandomize=True, phases=phases)


@pytest.fixture(scope="module")
def turn(world: World) -> pd.Timestamp:
    """The last decision of the ninth date: most of the season is before it."""
    rows = world.frames[PREDICTIONS]
    return pd.Timestamp(rows.loc[rows["game_date"] == world.dates[8], "decision_at"].max())


@pytest.fixture(scope="module")
def otherwise(world: World, turn: pd.Timestamp) -> World:
    """The season as it would be if all that became known after that time had been something else."""
    every = [(place, 1) for place in range(100)]
    return with_another_future(world, turn, dict.fromkeys(SOURCES, "scramble"), every)


def test_nothing_moves_if_everything_later_is_something_else(
    world: World, otherwise: World, turn: pd.Timestamp
) -> None:
    assert_nothing_moved(otherwise.frames, world.frames, turn)


@pytest.mark.parametrize("name", PRE_GAME)
def test_what_is_decided_later_moves(world: World, otherwise: World, turn: pd.Timestamp, name: str) -> None:
    with pytest.raises(MovedError):
        assert_same(tables()[name], otherwise.frames[name], world.frames[name])


@laws(3)
@given(moment=PERCENT, treatment=TREATMENTS, later=LATER)
@example(moment=52, treatment=dict.fromkeys(SOURCES, "forget"), later=[])
def test_what_becomes_known_later_moves_nothing(
    world: World, moment: int, treatment: dict[str, str], later: list[tuple[int, int]]
) -> None:
    at = decision(world.frames[PREDICTIONS], moment)
    assert_nothing_moved(with_another_future(world, at, treatment, later).frames, world.frames, at)


@laws(1)
@given(moment=st.integers(70, 90))
def test_no_result_of_the_date_or_later_moves_a_decision(world: World, moment: int) -> None:
    """Not even if its games had been over, with these numbers or with others, an hour before."""
    at = decision(world.frames[PREDICTIONS], moment)
    said = world.frames[PREDICTIONS]
    date = said.loc[said["decision_at"] == at, "game_date"].min().date()
    results = [drop for drop in world.drops if min(drop.dates) >= date and tells_results(drop)]
    early = [drop.again(at - HOUR + place * SECOND) for place, drop in enumerate(results)]
    others = [scrambled(drop) if drop.source in RESULTS else drop for drop in early]
    rest = set(world.drops) - set(results)
    before, found = (rebuilt(world, [*rest, *drops]).frames for drops in (early, others))
    assert not found[SUMMARY].equals(before[SUMMARY])
    assert_decisions_stand(found, before, at)


@laws(3)
@given(game=PERCENT, moment=PERCENT, seconds=st.integers(0, 1), both=st.booleans())
def test_a_stat_correction_moves_what_is_decided_after_it_and_nothing_before(
    world: World, game: int, moment: int, seconds: int, both: bool
) -> None:
    """Two men of a game have each other's line two nights later or more: at a decision about one, or just before."""
    book = corrigible(world, game)
    later = pd.Timestamp(min(book.dates), tz="UTC") + 2 * DAY + 16 * HOUR
    men = list(two_lines(world.frames, book, later).index)
    cache = world.frames[CACHE]
    known_at = decision(cache[cache["player_id"].isin(men)], moment, later) - seconds * SECOND
    sources = (GAMEBOOK, BDL) if both else (GAMEBOOK,)
    boxes = [drop for drop in world.drops if drop.source in sources and drop.folder in (book.folder, bdl_of(book))]
    newest = {drop.source: drop for drop in sorted(boxes, key=lambda drop: drop.known_at)}
    found = rebuilt(
        world, [*world.drops, *(corrected(drop, best_two(book)).again(known_at) for drop in newest.values())]
    )

    assert_nothing_moved(found.frames, world.frames, known_at - SECOND)
    before, after = (two_lines(frames, book, known_at) for frames in (world.frames, found.frames))
    assert list(after["points"]) == list(before["points"])[::-1]
    assert_moved(CACHE, "points_avg_season", found.frames, world.frames, men, known_at)
    assert_regraded(found.frames, men, after)


def with_another_future(
    world: World, at: pd.Timestamp, treatment: Mapping[str, str], later: Iterable[tuple[int, int]]
) -> World:
    """The world with what became known after `at` kept, scrambled or forgotten by source, and `later` added."""
    past = [drop for drop in world.drops if drop.known_at <= at]
    future = [
        scrambled(drop) if treatment[drop.source] == "scramble" else drop
        for drop in world.drops
        if drop.known_at > at and treatment[drop.source] != "forget"
    ]
    recent = [drop for drop in past if drop.known_at > at - 3 * DAY]
    added = [
        scrambled(recent[len(recent) * place // 100]).again(at + seconds * SECOND) for place, seconds in later if recent
    ]
    return rebuilt(world, dict.fromkeys([*past, *future, *added]))


def decision(rows: pd.DataFrame, percent: int, since: pd.Timestamp | None = None) -> pd.Timestamp:
    """One of the rows' decision times (from `since` on): 0 the first, 99 (nearly) the last."""
    times = rows["decision_at"]
    moments = np.sort((times if since is None else times[times >= since]).unique())
    return pd.Timestamp(moments[len(moments) * percent // 100])


def tells_results(drop: Drop) -> bool:
    """A box score, play-by-play, or a schedule with finals."""
    return drop.source in RESULTS or (
        drop.source == SCHEDULE and any(game["gameStatus"] == 3 for game in games(drop.payload()))
    )


def assert_nothing_moved(found: Frames, expected: Frames, at: pd.Timestamp) -> None:
    """Versions known at the time as they looked then; everything decided by then, and its grades."""
    for name in REMEMBERED:
        table = tables()[name]
        assert_same(table, *(known(resolved(table, frames[name]), at) for frames in (found, expected)))
    assert_decisions_stand(found, expected, at)
    ids = pd.concat([decided(name, expected[name], at)["prediction_id"] for name in (PREDICTIONS, GAMES)])
    graded = [known(frames[GRADES][frames[GRADES]["prediction_id"].isin(ids)], at) for frames in (found, expected)]
    assert_same(tables()[GRADES], *graded)


def assert_decisions_stand(found: Frames, expected: Frames, at: pd.Timestamp) -> None:
    """Pre-game rows decided by the time, and the models that they are of."""
    for name in PRE_GAME:
        assert_same(tables()[name], decided(name, found[name], at), decided(name, expected[name], at))
    dates = decided(PREDICTIONS, expected[PREDICTIONS], at)["game_date"].unique()
    models = [frames[MODELS][frames[MODELS]["game_date"].isin(dates)] for frames in (found, expected)]
    assert_same(tables()[MODELS], *models)


def resolved(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that may still find their player and then be of a later time."""
    if table.versioning is not Versioning.CAPTURES or "resolution" not in rows.columns:
        return rows
    return rows[(rows["resolution"] != "unresolved").fillna(True)]


def known(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The rows known at the time, those superseded later as if they stood."""
    then = rows[rows["known_at"] <= at]
    if "superseded_at" not in rows.columns:
        return then[then["resolution"] != UNRESOLVED] if "resolution" in then.columns else then
    return then.assign(superseded_at=then["superseded_at"].mask(then["superseded_at"] > at))


def decided(name: str, rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The rows decided by the time; of predictions the reason `tipped` is read as `no_line`."""
    then = rows[rows["decision_at"] <= at]
    if name != PREDICTIONS:
        return then
    plain = [sorted({"no_line" if reason == "tipped" else reason for reason in reasons}) for reasons in then["reasons"]]
    return then.assign(reasons=pd.Series(plain, index=then.index, dtype=object))


def corrigible(world: World, percent: int) -> Drop:
    """The newest gamebook of one of the games of the dates from the second to the sixth from last."""
    dates = {date.date() for date in world.dates[1:-5]}
    books = [drop for drop in world.drops if drop.source == GAMEBOOK and drop.dates <= dates]
    newest = {drop.folder: drop for drop in sorted(books, key=lambda drop: (drop.folder, drop.known_at))}
    return list(newest.values())[len(newest) * percent // 100]


def bdl_of(book: Drop) -> str:
    return f"ball-dont-lie/boxscores/{min(book.dates)}"


def two_lines(frames: Frames, book: Drop, at: pd.Timestamp) -> pd.DataFrame:
    """The two men's rows in the summary of the game as known at the time, by player: points, game."""
    day = pd.Timestamp(min(book.dates))
    rows = known(frames[SUMMARY], at)
    rows = rows[(rows["game_date"] == day) & rows["superseded_at"].isna() & rows["player_name"].isin(best_two(book))]
    return rows.set_index("player_id")[["game_id", "points"]]


def assert_moved(name: str, column: str, found: Frames, expected: Frames, men: list[str], since: pd.Timestamp) -> None:
    """Of every later decision about the men the column is another."""
    key = ["game_date", "player_id"]
    one, other = (
        frames[name][frames[name]["player_id"].isin(men) & (frames[name]["decision_at"] >= since)].set_index(key)[
            column
        ]
        for frames in (found, expected)
    )
    assert len(other)
    assert one.index.equals(other.index)
    assert (one != other).all()


def assert_regraded(frames: Frames, men: list[str], truth: pd.DataFrame) -> None:
    """The current grades of the game have the men's new points, and are not the first."""
    rows = frames[GRADES]
    current = rows[rows["superseded_at"].isna() & rows["player_id"].isin(men) & rows["game_id"].isin(truth["game_id"])]
    assert list(current["actual_points"]) == list(truth["points"].reindex(current["player_id"]))
    assert (current["grade_version"] > 1).all()


Variant = Callable[[Frames], pd.DataFrame]


def season_average(*, with_own_game: bool, with_hindsight: bool) -> Variant:
    """The player cache with a season average of its own: before the date or up to it, as known then or as known now."""

    def build(frames: Frames) -> pd.DataFrame:
        cache, box = frames[CACHE], frames[SUMMARY]
        games = box[["player_id", "game_date", "points", "known_at", "superseded_at"]].rename(
            columns={"game_date": "played_on", "known_at": "box_known_at"}
        )
        pairs = cache[["game_date", "player_id", "decision_at"]].merge(games, on="player_id")
        past = pairs["played_on"] <= pairs["game_date"] if with_own_game else pairs["played_on"] < pairs["game_date"]
        then = (pairs["box_known_at"] <= pairs["decision_at"]) & ~(pairs["superseded_at"] <= pairs["decision_at"])
        stands = pairs["superseded_at"].isna() if with_hindsight else then
        means = pairs[past & stands].groupby(["game_date", "player_id"])["points"].mean().rename("mean").reset_index()
        joined = cache[["game_date", "player_id"]].merge(means, on=["game_date", "player_id"], how="left")
        return cache.assign(points_avg_season=joined["mean"].astype("float64").to_numpy())

    return build


def line(*, with_hindsight: bool) -> Variant:
    """The player context with the median of the lines before the tip: those known at the decision, or all."""

    def build(frames: Frames) -> pd.DataFrame:
        context = frames[CONTEXT]
        key = ["game_date", "game_id", "player_id"]
        props = frames[PROPS][[*key, "line", "captured_at", "known_at"]].rename(columns={"known_at": "line_known_at"})
        pairs = context[[*key, "tip_at", "decision_at"]].merge(props, on=key)
        usable = pairs["captured_at"] < pairs["tip_at"]
        if not with_hindsight:
            usable &= pairs["line_known_at"] <= pairs["decision_at"]
        median = pairs[usable].groupby(key)["line"].median().rename("median").reset_index()
        return context.assign(consensus_line=context[key].merge(median, on=key, how="left")["median"].to_numpy())

    return build


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        pytest.param(CACHE, season_average(with_own_game=True, with_hindsight=True), id="the game itself"),
        pytest.param(CACHE, season_average(with_own_game=False, with_hindsight=True), id="a result known later"),
        pytest.param(CONTEXT, line(with_hindsight=True), id="a line known later"),
    ],
)
def test_a_planted_leak_is_seen(
    world: World, otherwise: World, turn: pd.Timestamp, name: str, variant: Variant
) -> None:
    found, expected = (decided(name, variant(frames), turn) for frames in (otherwise.frames, world.frames))
    with pytest.raises(MovedError, match=name):
        assert_same(tables()[name], found, expected)


@pytest.mark.parametrize(
    ("name", "variant"),
    [(CACHE, season_average(with_own_game=False, with_hindsight=False)), (CONTEXT, line(with_hindsight=False))],
)
def test_the_same_without_the_leak_stands(
    world: World, otherwise: World, turn: pd.Timestamp, name: str, variant: Variant
) -> None:
    found, expected = (decided(name, variant(frames), turn) for frames in (otherwise.frames, world.frames))
    assert_same(tables()[name], found, expected)
