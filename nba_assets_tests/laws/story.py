"""What happens to a simulated season's drops on their way: late, missing, repeated, corrected, moved, contradicting."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pandas as pd

from nba_assets.sources.paths import path_date
from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.edits import (
    corrected,
    games,
    half,
    postponed,
    retimed,
    scores,
    scrambled,
    with_game,
    without_game,
)
from nba_assets_tests.laws.event_edits import unknown_man
from nba_assets_tests.laws.market_edits import only, renamed
from nba_assets_tests.laws.report_edits import EASTERN, other_statuses

SCHEDULE, LIST, GAMEBOOK = "nbac_schedule", "nbac_player_list", "nbac_gamebook_player_stats"
BDL, LOG, BOX = "bdl_player_boxscores", "nbac_player_boxscores", "nbac_team_boxscore"
PROPS, LINES = "odds_api_player_points_props", "odds_api_game_lines"
BETTINGPROS, REFEREES, INJURIES = "bettingpros_player_points_props", "nbac_referee_assignments", "nbac_injury_report"
EVENTS, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"
BOXES = (GAMEBOOK, BDL, LOG, BOX)
RESULTS = (*BOXES, EVENTS, BIGDATABALL)
SOURCES = (SCHEDULE, LIST, *RESULTS, PROPS, LINES, BETTINGPROS, REFEREES, INJURIES)

DETAILED = (0, 2, 8, 10)
"""Dates with referees, BettingPros and play-by-play; the other sources are there on all."""
DETAILED_DROPS = {REFEREES: 1, BETTINGPROS: 2, EVENTS: 2, BIGDATABALL: 2}
"""Of such a date; of play-by-play a drop is a game."""

MINUTE = pd.Timedelta(minutes=1)
HOUR = pd.Timedelta(hours=1)
DAY = pd.Timedelta(days=1)


class Story:
    """Drops by source and date, to be dropped, delayed and added to."""

    def __init__(self, drops: list[Drop]) -> None:
        self.drops = {drop.name: drop for drop in drops}
        self.dates = sorted({day for drop in drops if drop.source == LIST for day in drop.dates})

    def of(self, source: str, date: int) -> list[Drop]:
        """The source's drops of a date (by number), by name."""
        day = self.dates[date]
        return [drop for name, drop in sorted(self.drops.items()) if drop.source == source and day in drop.dates]

    def lose(self, *drops: Drop) -> None:
        for drop in drops:
            del self.drops[drop.name]

    def add(self, *drops: Drop) -> None:
        self.drops |= {drop.name: drop for drop in drops}

    def delay(self, drop: Drop, by: pd.Timedelta) -> None:
        self.lose(drop)
        self.add(drop.again(drop.known_at + by))

    def morning(self, date: int, hour: int) -> pd.Timestamp:
        """An hour of a date, UTC."""
        return pd.Timestamp(self.dates[date], tz="UTC") + hour * HOUR


def told(drops: list[Drop]) -> list[Drop]:
    """The season's drops with everything in them that the laws must stand."""
    story = Story(drops)
    _details(story)
    _player_lists(story)
    _box_scores(story)
    _corrections(story)
    _play_by_play(story)
    _props(story)
    _other_lines(story)
    _announcements(story)
    _schedules(story)
    _repeats(story)
    return list(story.drops.values())


def _details(story: Story) -> None:
    """Sources with much to read on some dates only."""
    dates = [story.dates[date] for date in DETAILED]
    kept: Counter[tuple[str, dt.date | None]] = Counter()
    for name, drop in sorted(story.drops.items()):
        if drop.source in DETAILED_DROPS:
            of = (drop.source, path_date(name))
            kept[of] += 1
            if of[1] not in dates or kept[of] > DETAILED_DROPS[drop.source]:
                story.lose(drop)


def _player_lists(story: Story) -> None:
    """None on the first date: books find their men when box scores and the next list name them. One after the tips,
    and one with trades between the tips of its date.
    """
    story.lose(*story.of(LIST, 0), *story.of(LIST, 3))
    (late,) = story.of(LIST, 4)
    story.delay(late, 18 * HOUR)
    (traded,) = story.of(LIST, 8)
    story.add(scrambled(traded).again(story.morning(9, 0) + 40 * MINUTE))


def _box_scores(story: Story) -> None:
    """A game without a gamebook, a date whose second source is two days late, one that never has it."""
    story.lose(story.of(GAMEBOOK, 3)[1], *story.of(BDL, 7))
    (late,) = story.of(BDL, 5)
    story.delay(late, 2 * DAY)
    story.delay(story.of(GAMEBOOK, 6)[0], 9 * HOUR)
    story.delay(story.of(BOX, 6)[0], 30 * HOUR)


def _corrections(story: Story) -> None:
    """Two days later the gamebook gives two men each other's line, once with balldontlie, once against it."""
    for date, sources in ((1, (GAMEBOOK, BDL)), (2, (GAMEBOOK,)), (4, (BDL,))):
        men = best_two(story.of(GAMEBOOK, date)[0])
        for source in sources:
            story.add(corrected(story.of(source, date)[0], men).again(story.morning(date + 2, 15)))


def _play_by_play(story: Story) -> None:
    """A first date whose names resolve when the box scores come, and one of them never; a game read while it is on and
    once more from there after its end; men who change places two days later, in both; games of a date two days late.
    """
    for drop in story.of(BIGDATABALL, 0):
        story.lose(drop)
        story.add(unknown_man(drop, "Nobody Knows").again(story.morning(1, 6) + 40 * MINUTE))
    running = story.of(EVENTS, 2)[0]
    story.add(half(running).again(running.known_at - 4 * HOUR), half(running).again(running.known_at + HOUR))
    for source in (EVENTS, BIGDATABALL):
        story.add(scrambled(story.of(source, 2)[-1]).again(story.morning(4, 16)))
        story.delay(story.of(source, 8)[0], 2 * DAY)


def _props(story: Story) -> None:
    """A game with lines from in play only, one with new lines just before its tip, one with a name nobody knows."""
    of_game = {drop.folder: drop for drop in story.of(PROPS, 6)}
    first, second, third = list(of_game)[:3]
    for drop in story.of(PROPS, 6):
        if drop.folder == first:
            story.lose(drop)
        elif drop.folder == third:
            story.add(renamed(drop, "Nobody Knows"))
    story.add(of_game[first].again(story.morning(7, 5)))
    story.add(scrambled(of_game[second]).again(_tip(of_game[second]) - 20 * MINUTE))


def _tip(props: Drop) -> pd.Timestamp:
    return pd.Timestamp(props.payload()["commence_time"])


def _other_lines(story: Story) -> None:
    """A capture of game lines in two drops of one time, one with other numbers, and one of BettingPros from in play."""
    whole = story.of(LINES, 3)[-1]
    story.lose(whole)
    story.add(only(whole, "spreads"), only(whole, "h2h", "totals"))
    doubled = story.of(LINES, 4)[-1]
    story.add(only(scrambled(doubled), "totals"))
    for date in DETAILED[1:]:
        last = story.of(BETTINGPROS, date)[-1]
        story.add(scrambled(last).again(story.morning(date + 1, 3)))


def _announcements(story: Story) -> None:
    """A report of injuries between the tips that says something else, and officials who are named anew after a tip."""
    for date in (2, 6, 8):
        evening = pd.Timestamp(dt.datetime.combine(story.dates[date], dt.time(20, 30), EASTERN)).tz_convert("UTC")
        story.add(other_statuses(story.of(INJURIES, date)[2], evening))
    (crews,) = story.of(REFEREES, 2)
    story.add(scrambled(crews).again(story.morning(3, 3)))
    story.delay(story.of(REFEREES, 8)[0], 15 * HOUR)


def _schedules(story: Story) -> None:
    """New tips and a postponement some hours before; a game set anew for the next date, and never played."""
    before = story.of(SCHEDULE, 5)[0]
    story.add(retimed(before).again(story.morning(5, 20)))
    date, game = _free_next_day(story)
    other = story.dates[date + 1]
    first, last = story.of(SCHEDULE, date)[0], story.of(SCHEDULE, date)[-1]
    for box in (drop for source in (GAMEBOOK, BOX, EVENTS, BIGDATABALL) for drop in story.of(source, date)):
        if game["gameId"] in box.name or game["gameCode"].replace("/", "-") in box.name:
            story.lose(box)
    story.add(without_game(last, game["gameId"]))
    for following in story.of(SCHEDULE, date + 1):
        story.add(with_game(following, game, other))
    story.add(postponed(first, game["gameId"], other).again(story.morning(date, 19)))


def _free_next_day(story: Story) -> tuple[int, dict[str, Any]]:
    """A date from the eighth on and one of its games whose teams have none on the next."""
    for date in range(7, len(story.dates) - 1):
        if story.dates[date + 1] - story.dates[date] != dt.timedelta(days=1):
            continue
        busy = {game[side]["teamTricode"] for game in _listed(story, date + 1) for side in ("homeTeam", "awayTeam")}
        for game in _listed(story, date):
            if not {game[side]["teamTricode"] for side in ("homeTeam", "awayTeam")} & busy:
                return date, game
    raise AssertionError("every team plays on both of two consecutive dates")


def _listed(story: Story, date: int) -> list[dict[str, Any]]:
    return games(story.of(SCHEDULE, date)[0].payload())


def _repeats(story: Story) -> None:
    """Of every source some file twice, the same bytes three hours later."""
    for place, source in enumerate(SOURCES):
        drop = story.of(source, 8)[-1]
        story.add(drop.again(drop.known_at + 3 * HOUR + place * MINUTE))


def best_two(gamebook: Drop) -> tuple[str, str]:
    """The best scorer of a gamebook's visitors and the team mate with the fewest points."""
    points = scores(gamebook)
    team = next(iter(points))[0]
    men = sorted((name for of, name in points if of == team), key=lambda name: (points[team, name], name))
    return men[-1], men[0]
