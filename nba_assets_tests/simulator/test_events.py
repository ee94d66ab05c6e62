"""The events of a game add up to its box score, and could have happened in that order."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.simulator.draws import proportional, whole
from nba_assets.simulator.events import Event, play_by_play
from nba_assets.simulator.events.dealing import NOBODY, deal
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.lineups import shifts, whistles
from nba_assets.simulator.season import GameNight, Season

SEED, START = 7, dt.date(2025, 10, 21)
Night = tuple[GameNight, tuple[Event, ...]]


@pytest.fixture(scope="module")
def nights() -> list[Night]:
    """The games of three dates, one of them at least with an overtime on each."""
    season = Season(SEED, START, overtimes=1)
    return [(game, play_by_play(SEED, game)) for day in season.days(START + dt.timedelta(2)) for game in day.games]


def length(period: int) -> int:
    return 720 if period <= 4 else 300


def with_floor(game: GameNight, events: tuple[Event, ...]) -> Iterator[tuple[Event, tuple[set[int], set[int]]]]:
    """Every event with the ids of the men of (home, away) on the floor before it."""
    floor = tuple({line.player.player_id for line in side.active[:5]} for side in (game.home, game.away))
    for event in events:
        yield event, (set(floor[0]), set(floor[1]))
        if event.kind == "substitution" and event.player and event.entered and event.team is not None:
            floor[event.team].remove(event.player.player_id)
            floor[event.team].add(event.entered.player_id)


def counted(events: tuple[Event, ...]) -> Counter[tuple[int, str]]:
    """Every man's counts, as a scorer who sees only the events writes them down."""
    box: Counter[tuple[int, str]] = Counter()
    for event in events:
        names = []
        if event.kind == "shot":
            names = ["fga"] + ["fgm"] * event.made + (["fg3a"] + ["fg3m"] * event.made) * (event.value == 3)
        elif event.kind == "free throw":
            names = ["fta"] + ["ftm"] * event.made
        elif event.kind == "rebound":
            names = [{"offensive": "oreb", "defensive": "dreb"}[event.detail], "reb"]
        elif event.kind == "turnover":
            names = ["tov"]
        elif event.kind == "foul" and event.detail != "technical":
            names = ["pf"]
        for name in names:
            if event.player is not None:
                box[event.player.player_id, name] += 1
        if event.player is not None:
            box[event.player.player_id, "pts"] += event.points
        for name, man in (("ast", event.assist), ("blk", event.block), ("stl", event.steal)):
            if man is not None:
                box[man.player_id, name] += 1
    return box


def test_every_mans_counts_are_those_of_the_box_score(nights: list[Night]) -> None:
    for game, events in nights:
        box = counted(events)
        lines = [line for side in (game.home, game.away) for line in side.active]
        assert len({man for man, _ in box}) <= len(lines)
        for line in lines:
            assert line.counts == {name: box[line.player.player_id, name] for name in line.counts or {}}


def test_the_teams_own_turnovers_are_there_too(nights: list[Night]) -> None:
    for game, events in nights:
        own = Counter(event.team for event in events if event.kind == "turnover" and event.player is None)
        assert (own[0], own[1]) == (game.home.result.team_turnovers, game.away.result.team_turnovers)


def test_every_period_has_its_score_and_overtime_follows_a_tie(nights: list[Night]) -> None:
    assert any(game.overtimes for game, _ in nights)
    for game, events in nights:
        scored: Counter[tuple[int | None, int]] = Counter()
        for event in events:
            scored[event.team, event.period] += event.points
        for team, side in enumerate((game.home, game.away)):
            periods = range(1, len(side.result.periods) + 1)
            assert tuple(scored[team, period] for period in periods) == side.result.periods
        assert events[-1].score == (game.home.result.points, game.away.result.points)
        for event in events:
            if event.kind == "end":
                is_last = event.period == len(game.home.result.periods)
                assert event.period < 4 or (event.score[0] == event.score[1]) != is_last


def test_the_score_is_the_sum_so_far(nights: list[Night]) -> None:
    for _, events in nights:
        score = [0, 0]
        for event in events:
            if event.points:
                score[event.team or 0] += event.points
            assert event.score == tuple(score)


def test_periods_start_run_down_and_end(nights: list[Night]) -> None:
    for game, events in nights:
        for period in range(1, len(game.home.result.periods) + 1):
            own = [event for event in events if event.period == period and event.kind != "game end"]
            told = [event for event in own if "startperiod" not in event.qualifiers]
            assert (told[0].kind, told[0].left) == ("start", length(period))
            assert (told[-1].kind, told[-1].left) == ("end", 0)
            assert [event.kind for event in own].count("start") == [event.kind for event in own].count("end") == 1
            assert all(before.left >= after.left for before, after in pairwise(own))
        assert [event.period for event in events] == sorted(event.period for event in events)
        assert events[-1].kind == "game end"


def test_only_men_on_the_floor_act_five_a_side(nights: list[Night]) -> None:
    for game, events in nights:
        for event, floor in with_floor(game, events):
            assert [len(five) for five in floor] == [5, 5]
            if event.team is None:
                continue
            own, other = floor[event.team], floor[1 - event.team]
            for man in (event.player, event.assist):
                assert man is None or man.player_id in own
            for man in (event.block, event.steal, event.drawn):
                assert man is None or man.player_id in other
            if event.entered is not None:
                assert event.entered.player_id not in own
            if event.jumpers is not None:
                assert all(man.player_id in five for man, five in zip(event.jumpers, floor, strict=True))


def test_time_on_the_floor_is_that_of_the_box_score(nights: list[Night]) -> None:
    for game, events in nights:
        seconds: Counter[int] = Counter()
        period, left = 1, length(1)
        for event, floor in with_floor(game, events):
            if event.period != period:
                period, left = event.period, length(event.period)
            for man in (*floor[0], *floor[1]):
                seconds[man] += left - event.left
            left = event.left
        lines = [line for side in (game.home, game.away) for line in side.active]
        assert {line.player.player_id: line.seconds for line in lines} == dict(seconds)


def test_a_man_with_six_fouls_is_gone(nights: list[Night]) -> None:
    left_early = 0
    for _, events in nights:
        fouls: Counter[int] = Counter()
        for event in events:
            men = [event.player, event.assist, event.block, event.steal, event.drawn, event.entered]
            if event.kind != "substitution":
                assert all(fouls[man.player_id] < 6 for man in men if man is not None)
            else:
                assert event.entered is not None and fouls[event.entered.player_id] < 6
                left_early += event.player is not None and fouls[event.player.player_id] == 6
            if event.kind == "foul" and event.detail != "technical" and event.player is not None:
                fouls[event.player.player_id] += 1
    assert left_early


def test_assists_come_from_team_mates_and_blocks_and_steals_are_of_misses_and_turnovers(nights: list[Night]) -> None:
    for _, events in nights:
        for event in events:
            assert event.assist is None or (event.kind == "shot" and event.made and event.assist is not event.player)
            assert event.block is None or (event.kind == "shot" and not event.made)
            assert event.steal is None or (event.kind == "turnover" and event.player is not None)


def test_free_throws_come_in_trips_after_a_foul(nights: list[Night]) -> None:
    for _, events in nights:
        plays = [event for event in events if event.kind in ("foul", "free throw", "shot")]
        for n, event in enumerate(plays):
            if event.kind != "free throw" or event.number > 1:
                continue
            foul, trip = plays[n - 1], plays[n : n + event.of]
            assert (foul.kind, foul.of, foul.team) == ("foul", event.of, 1 - (event.team or 0))
            assert [(throw.player, throw.number, throw.left) for throw in trip] == [
                (event.player, number, event.left) for number in range(1, event.of + 1)
            ]
            if foul.detail == "technical":
                continue
            assert foul.drawn is event.player
            if event.of == 1 and foul.descriptor == "shooting":
                basket = plays[n - 2]
                assert (basket.player, basket.made, basket.left) == (event.player, True, event.left)


def test_every_miss_is_followed_by_its_rebound(nights: list[Night]) -> None:
    for _, events in nights:
        for event, after in pairwise(events):
            missed = event.kind in ("shot", "free throw") and not event.made
            if event.kind == "shot" and event.made:
                continue
            assert missed == (after.kind == "rebound"), (event, after)
            if missed:
                assert (after.team == event.team) == (after.detail == "offensive")


def test_the_ball_changes_hands_after_baskets_turnovers_and_lost_rebounds(nights: list[Night]) -> None:
    """Who shoots or loses the ball has it. Free throws of one are and-ones or technical ones."""
    for _, events in nights:
        ball: int | None = None
        for event in events:
            if event.kind in ("shot", "turnover") or (event.kind == "free throw" and event.of > 1):
                assert event.team == ball, event
            other = 1 - (event.team or 0)
            if event.kind in ("start", "jump ball", "rebound"):
                ball = event.ball
            elif event.kind == "turnover" or (event.kind == "shot" and event.made) or ends_a_trip(event):
                ball = other


def ends_a_trip(event: Event) -> bool:
    return event.kind == "free throw" and event.made and event.number == event.of and event.descriptor == ""


def test_second_chances_points_from_turnovers_and_paint_are_marked(nights: list[Night]) -> None:
    marked: Counter[str] = Counter()
    for _, events in nights:
        rebounded, lost = None, None
        for event in events:
            if event.kind in ("start", "jump ball"):
                rebounded = lost = None
            elif event.kind == "rebound" and "deadball" not in event.qualifiers:
                rebounded = event.team if event.detail == "offensive" else None
                lost = lost if event.detail == "offensive" else None
            elif event.kind == "turnover":
                rebounded, lost = None, event.team
            elif ends_a_trip(event):
                rebounded = lost = None
            elif event.kind == "shot" and event.shot is not None:
                in_paint = event.shot.spot.area in ("Restricted Area", "In The Paint (Non-RA)")
                assert ("pointsinthepaint" in event.qualifiers) == in_paint
                assert ("2ndchance" in event.qualifiers) == (rebounded == event.team)
                assert ("fromturnover" in event.qualifiers) == (lost is not None and lost != event.team)
                marked.update(event.qualifiers)
                if event.made:
                    rebounded = lost = None
    assert set(marked) == {"pointsinthepaint", "2ndchance", "fromturnover", "fastbreak"}


def test_places_are_in_the_zones_that_features_would_give_them(nights: list[Night]) -> None:
    """features.md, shot zones: by distance, paint and corners; no shot at (0, 0), which means not located."""
    zones: Counter[str] = Counter()
    for _, events in nights:
        for event in events:
            if event.shot is None:
                continue
            x, y = event.shot.spot.x / 10, event.shot.spot.y / 10
            far = math.hypot(x, y)
            assert far > 0
            if event.value == 2:
                in_paint = abs(x) <= 8 and y <= 13.75
                zone = "Restricted Area" if far <= 4.4 else "In The Paint (Non-RA)" if in_paint else "Mid-Range"
                assert far < 23.75
            else:
                corner = "Left Corner 3" if x < 0 else "Right Corner 3"
                zone = corner if abs(x) >= 21.5 and y <= 9.25 else "Above the Break 3"
                assert far >= (22 if zone == corner else 23.75)
            assert event.shot.spot.area == zone
            zones[zone] += 1
    assert len(zones) == 6
    assert all(count > 0.03 * sum(zones.values()) for count in zones.values())


def test_makes_are_nearer_to_the_basket_than_misses(nights: list[Night]) -> None:
    far: dict[bool, list[float]] = {True: [], False: []}
    for _, events in nights:
        for event in events:
            if event.shot is not None and event.value == 2:
                far[event.made].append(event.shot.spot.feet)
    assert np.mean(far[True]) < np.mean(far[False]) - 1


def test_a_game_looks_like_a_game(nights: list[Night]) -> None:
    for _, events in nights:
        kinds = Counter(event.kind for event in events)
        assert 380 < len(events) < 620
        assert 30 <= kinds["substitution"] <= 90
        assert kinds["timeout"] <= 14
        first = next(event for event in events if event.kind == "jump ball")
        assert (first.period, first.descriptor) == (1, "startperiod")


def test_the_same_seed_tells_the_same_game_and_another_seed_another(nights: list[Night]) -> None:
    game, events = nights[0]
    again = next(iter(Season(SEED, START, overtimes=1).days(START))).games[0]
    assert play_by_play(SEED, again) == events
    assert play_by_play(SEED + 1, game) != events


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2), st.lists(st.integers(1, 100), min_size=8, max_size=13))
def test_everybody_plays_exactly_his_seconds(seed: int, overtimes: int, weights: list[int]) -> None:
    """Given seconds that sum to five games', none longer than it, shifts give every man his."""
    game = 2880 + 300 * overtimes
    seconds = whole(proportional(np.array(weights, dtype=np.float64), 5.0 * game, float(game)), 5 * game).tolist()
    dice = Dice(np.random.default_rng(seed))
    found = shifts(dice, seconds, whistles(dice, game))
    assert found[0].start == 0
    played: Counter[int] = Counter()
    for shift, end in zip(found, [*(shift.start for shift in found[1:]), game], strict=True):
        assert len(set(shift.five)) == 5
        assert end > shift.start
        played.update(dict.fromkeys(shift.five, end - shift.start))
    assert [played[man] for man in range(len(weights))] == seconds


def test_a_deal_gives_out_all_that_can_be_given() -> None:
    """Man 0 could take either item, man 1 only the first: both get one, whatever the dice say."""
    for seed in range(20):
        assert deal(Dice(np.random.default_rng(seed)), [1, 1], [(0, 1), (0,)]) == [1, 0]


def test_what_nobody_may_have_stays_nobodys() -> None:
    assert deal(Dice(np.random.default_rng(0)), [1, 3], [(), (1,), (0,), (0,)]).count(NOBODY) == 2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.data())
def test_a_deal_is_no_smaller_than_one_that_is_known(seed: int, data: st.DataObject) -> None:
    """Given items with a hidden owner among those who may have them, every item finds one."""
    hidden = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=30))
    more = [data.draw(st.sets(st.integers(0, 5))) for _ in hidden]
    allowed = [sorted({owner} | others) for owner, others in zip(hidden, more, strict=True)]
    counts = [hidden.count(man) for man in range(6)]
    owners = deal(Dice(np.random.default_rng(seed)), counts, allowed)
    assert [owners.count(man) for man in range(6)] == counts
    assert all(owner in able for owner, able in zip(owners, allowed, strict=True))
