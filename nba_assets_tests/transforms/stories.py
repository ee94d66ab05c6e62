"""Short stories of a league for property tests: a counterexample reads as a list of games with what befell them.

A story is told in the league's own order (listed, moved, reported, lined, played, boxed, corrected); hypothesis draws
the games and shrinks them to the fewest and plainest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from nba_assets_tests.transforms.leagues import corrected, final, frame, game, listing

FIRST = pd.Timestamp("2024-11-01")
MEN = 3
ROSTERS = {"BOS": ("10", "11", "12"), "DEN": ("20", "21", "22"), "LAL": ("30", "31", "32")}
PAIRS = (("DEN", "BOS"), ("LAL", "BOS"), ("DEN", "LAL"))
LAST_SEASON = -240
"""Day of a game of the season before."""

HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True)
class GameStory:
    """One game. `day` after 1 November; hours are before the tip (`_before`) or after the final (`_after`), which is
    known three hours after the tip; None: it never happened."""

    day: int
    pair: tuple[str, str]
    kind: str = "2"
    heat: int = 0
    """What the players' points come from."""
    matinee: bool = False
    neutral: bool = False
    listed_before: float = 12.0
    moved: str | None = None
    """earlier, later or postponed, known an hour and a half before the tip."""
    list_before: float | None = 13.0
    """The player list of the date."""
    gamebook_after: float | None = 4.0
    bdl_after: float | None = None
    log_after: float | None = None
    corrected_after: float | None = None
    """The gamebook again, two players' lines exchanged."""
    resting: tuple[str, ...] = ()
    reports_before: tuple[float, ...] = ()
    out: tuple[str, ...] = ()
    lines_before: tuple[float, ...] = ()
    located: bool = False
    """NBA.com's play-by-play, an hour after the final; every other game's lacks a basket until it is corrected."""
    sheet_after: float | None = None
    """BigDataBall's, which puts the shots elsewhere."""


@dataclass(frozen=True)
class Story:
    """Games of a league of three teams of three; player 10 may change from BOS to LAL on a day."""

    games: tuple[GameStory, ...]
    traded_on: int | None = None

    def team_of(self, player: str, day: int) -> str:
        if player == "10" and self.traded_on is not None and day >= self.traded_on:
            return "LAL"
        return next(team for team, men in ROSTERS.items() if player in men)

    def roster(self, team: str, day: int) -> list[str]:
        return [man for men in ROSTERS.values() for man in men if self.team_of(man, day) == team]


def _some(*values: Any, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(lambda found: tuple(sorted(found)))


def games() -> st.SearchStrategy[GameStory]:
    """One game; the first of each choice is the plain one."""
    return st.builds(
        GameStory,
        day=st.sampled_from((*range(9), LAST_SEASON, LAST_SEASON + 2)),
        pair=st.sampled_from(PAIRS),
        kind=st.sampled_from("222256413"),
        heat=st.integers(0, 9),
        matinee=st.booleans(),
        neutral=st.booleans(),
        listed_before=st.sampled_from((12.0, 100.0, 1.0, 0.4)),
        moved=st.sampled_from((None, None, "later", "earlier", "postponed")),
        list_before=st.sampled_from((13.0, None, 0.2)),
        gamebook_after=st.sampled_from((4.0, None, 1.0, 30.0)),
        bdl_after=st.sampled_from((None, 0.5, 5.0)),
        log_after=st.sampled_from((None, 1.0, 20.0)),
        corrected_after=st.sampled_from((None, 40.0, 70.0)),
        resting=_some("12", "21", "31", most=3),
        reports_before=_some(20.0, 6.0, 0.6, 0.3),
        out=_some("11", "20", "30", most=3),
        lines_before=_some(10.0, 2.0, 0.4, -1.0),
        located=st.booleans(),
        sheet_after=st.sampled_from((None, 12.0, 0.5)),
    )


def stories(most: int = 7) -> st.SearchStrategy[Story]:
    """Leagues of up to `most` games, at most one of a pair and date."""
    told = st.lists(games(), min_size=1, max_size=most, unique_by=lambda g: (g.day, g.pair))
    return st.builds(Story, games=told.map(tuple), traded_on=st.sampled_from((None, 2, 4)))


def raw(story: Story) -> dict[str, pd.DataFrame]:
    """History frames of the raw tables that the story wrote, by name."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    lists: dict[int, float] = {}
    for number, played in enumerate(story.games):
        _Telling(story, played, number, rows).all()
        if played.list_before is not None:
            lists.setdefault(played.day, played.list_before)
    for day, before in lists.items():
        date = FIRST + pd.Timedelta(days=day)
        known = date.tz_localize("UTC") + 24 * HOUR - before * HOUR
        everybody = {man: story.team_of(man, day) for men in ROSTERS.values() for man in men}
        rows["nbac_player_list"] += listing(str(date.date()), everybody, known_at=known)
    return {name: frame(name, found) for name, found in rows.items()}


TABLES = (
    "nbac_schedule",
    "nbac_player_list",
    "nbac_gamebook_player_stats",
    "bdl_player_boxscores",
    "nbac_player_boxscores",
    "nbac_injury_report",
    "odds_api_game_lines",
    "odds_api_player_points_props",
    "nbac_play_by_play",
    "bigdataball_play_by_play",
)
SPOTS = {
    "nbac_play_by_play": {2: ((0.0, 2.0), (0.0, 9.0), (0.0, 18.0)), 3: ((22.5, 1.0), (0.0, 25.0))},
    "bigdataball_play_by_play": {2: ((0.0, 9.0), (0.0, 18.0)), 3: ((0.0, 25.0),)},
}
"""Where shots of either worth are taken from in turn, by play-by-play."""


class _Telling:
    """The rows of one game."""

    def __init__(self, story: Story, played: GameStory, number: int, rows: dict[str, list[dict[str, Any]]]) -> None:
        self.story, self.game, self.number, self.rows = story, played, number, rows
        self.away, self.home = played.pair
        date = FIRST + pd.Timedelta(days=played.day)
        tip = date.tz_localize("UTC") + (17 if played.matinee else 24) * HOUR
        known = tip - played.listed_before * HOUR
        self.listed = game(
            str(date.date()),
            number + 1,
            self.away,
            self.home,
            played.kind,
            season=2024 if played.day >= 0 else 2023,
            is_neutral=played.neutral,
            tip_at=tip,
            known_at=known,
        )
        self.key = {"game_date": self.listed["game_date"], "game_id": self.listed["game_id"]}
        self.tip = tip
        self.lines = {man: self.line(man) for team in played.pair for man in story.roster(team, played.day)}
        if self.score(self.away) == self.score(self.home):
            first = next(man for man in story.roster(self.home, played.day) if self.lines[man])
            self.lines[first] |= {name: self.lines[first][name] + 1 for name in ("fgm", "fga")}
            self.lines[first]["pts"] += 2

    def line(self, man: str) -> dict[str, int]:
        """Stats of a man; none if he rests."""
        if man in self.game.resting:
            return {}
        points = 3 + (7 * self.game.heat + 5 * self.number + 11 * int(man)) % 30
        threes = points // 9
        free = (points - 3 * threes) % 2
        made = threes + (points - 3 * threes) // 2
        rest = {name: (points + k) % 5 for k, name in enumerate(("oreb", "dreb", "ast", "stl", "blk", "tov", "pf"))}
        shots = {
            "fgm": made,
            "fga": made + points % 7,
            "fg3m": threes,
            "fg3a": threes + 1,
            "ftm": free,
            "fta": free + 1,
        }
        return shots | rest | {"reb": rest["oreb"] + rest["dreb"], "pts": points, "seconds_played": 600 + 61 * points}

    def score(self, team: str) -> int:
        return sum(self.lines[man].get("pts", 0) for man in self.story.roster(team, self.game.day))

    def all(self) -> None:
        last = self.schedule()
        self.reports()
        self.market()
        if not last.get("is_postponed"):
            over = max(last["tip_at"], last["known_at"]) + 3 * HOUR
            self.rows["nbac_schedule"] += final(last, self.score(self.away), self.score(self.home), known_at=over)
            self.boxes(over)

    def schedule(self) -> dict[str, Any]:
        """Versions before the final but for the last one, which is given back."""
        told = {
            None: {},
            "later": {"tip_at": self.tip + 2 * HOUR},
            "earlier": {"tip_at": self.tip - HOUR},
            "postponed": {"is_postponed": True},
        }[self.game.moved]
        known = self.tip - 1.5 * HOUR
        if not told or known <= self.listed["known_at"]:
            return self.listed
        first, second = corrected(self.listed, known, **told)
        self.rows["nbac_schedule"].append(first)
        if second.get("is_postponed"):
            self.rows["nbac_schedule"].append(second)
        return second

    def side(self, team: str) -> dict[str, Any]:
        other = self.away if team == self.home else self.home
        return self.key | {"team_tricode": team, "opponent_tricode": other, "is_home": team == self.home}

    def reports(self) -> None:
        for before in self.game.reports_before:
            when = self.tip - before * HOUR
            for team in self.game.pair:
                for man in [m for m in self.story.roster(team, self.game.day) if m in self.game.out]:
                    row = {"row_kind": "player", "player_key": man, "player_id": man, "resolution": "id"}
                    status = "out" if before < 10 else "questionable"
                    row |= {"report_at": when, "known_at": when + HOUR / 12, "injury_status": status}
                    self.rows["nbac_injury_report"].append(self.side(team) | row)

    def market(self) -> None:
        for before in self.game.lines_before:
            when = self.tip - before * HOUR
            stamp = self.key | {"captured_at": when, "known_at": when, "book": "draftkings"}
            self.rows["odds_api_game_lines"].append(stamp | {"home_spread": -before / 2, "total": 220.0 + before})
            prices = {"over_price": -110, "under_price": -110, "over_decimal": 1.91, "under_decimal": 1.91}
            for man in self.lines:
                row = {"player_key": man, "player_id": man, "line": 10.5 + int(before), "line_count": 1}
                row |= {"resolution": "id", "is_in_play": before < 0, "is_dfs": False}
                self.rows["odds_api_player_points_props"].append(stamp | prices | row)

    def boxes(self, over: pd.Timestamp) -> None:
        plan = (
            ("nbac_gamebook_player_stats", self.game.gamebook_after),
            ("bdl_player_boxscores", self.game.bdl_after),
            ("nbac_player_boxscores", self.game.log_after),
        )
        for table, after in plan:
            if after is not None:
                self.box(table, over + after * HOUR, over)
        if self.game.located:
            self.plays("nbac_play_by_play", over + HOUR)
        if self.game.sheet_after is not None:
            self.plays("bigdataball_play_by_play", over + self.game.sheet_after * HOUR)

    def plays(self, table: str, known: pd.Timestamp) -> None:
        """An event per shot and free throw of every man."""
        shots = [
            shot
            for team in self.game.pair
            for man in self.story.roster(team, self.game.day)
            for shot in self.shots(man)
        ]
        for place, (team, man, value, is_made) in enumerate(shots):
            when = {"order_number": place, "period": 1 + place % 4, "elapsed_seconds": 720.0 * (place % 4) + place}
            told = self.key | when | {"team_tricode": team, "player_id": man, "is_made": is_made, "shot_value": value}
            told |= self.event(table, place, value, is_made) | {"known_at": known}
            if table == "nbac_play_by_play" and is_made and not place and self.number % 2:
                wrong, right = corrected(told, known + 20 * HOUR, is_made=True)
                self.rows[table] += [wrong | {"is_made": False}, right]
            else:
                self.rows[table].append(told)

    def event(self, table: str, place: int, value: int, is_made: bool) -> dict[str, Any]:
        """What each source says of a shot (value 2 or 3) or free throw."""
        places = SPOTS[table].get(value, ((None, None),))
        x, y = places[place % len(places)]
        there = {"shot_x_ft": x, "shot_y_ft": y}
        if table == "nbac_play_by_play":
            kind = {1: "freethrow", 2: "2pt", 3: "3pt"}[value]
            return there | {
                "action_type": kind,
                "is_field_goal": value > 1,
                "qualifiers": "2ndchance" if value > 2 else "",
            }
        kind = "free throw" if value == 1 else "shot"
        return there | {"event_type": kind, "pts": value * is_made}

    def shots(self, man: str) -> list[tuple[str, str, int, bool]]:
        """(team, man, value, made) of everything he threw at the basket, makes first."""
        line = self.lines[man]
        if not line:
            return []
        team = self.story.team_of(man, self.game.day)
        tries = {3: (line["fg3m"], line["fg3a"]), 1: (line["ftm"], line["fta"])}
        tries[2] = (line["fgm"] - line["fg3m"], line["fga"] - line["fg3a"])
        return [(team, man, value, n < made) for value, (made, tried) in tries.items() for n in range(max(made, tried))]

    def box(self, table: str, known: pd.Timestamp, over: pd.Timestamp) -> None:
        fixed = self.game.corrected_after if table == "nbac_gamebook_player_stats" else None
        for team in self.game.pair:
            men = self.story.roster(team, self.game.day)
            playing = [man for man in men if self.lines[man]]
            for man in men:
                row = self.side(team) | {"player_id": man, "player_name": f"Man {man}", "known_at": known}
                if table == "nbac_player_boxscores" and not self.lines[man]:
                    continue
                line = self.lines[man]
                told = row | line | self.told(table, man)
                if fixed is not None and team == self.home and man in playing[:2]:
                    other = playing[1 - playing.index(man)] if len(playing) > 1 else man
                    self.rows[table] += corrected(told, over + fixed * HOUR, **self.lines[other])
                else:
                    self.rows[table].append(told)

    def told(self, table: str, man: str) -> dict[str, Any]:
        """What each source says beside the stats."""
        plays = bool(self.lines[man])
        second = {"minutes_precision": "second"} if plays else {}
        if table == "nbac_gamebook_player_stats":
            status = {"player_status": "active"} if plays else {"player_status": "dnp", "status_code": "DNP"}
            return second | status | {"player_key": man, "resolution": "id", "is_starter": int(man) % 10 == 0}
        if table == "bdl_player_boxscores":
            return second | {"player_key": man, "resolution": "id", "is_final": True, "did_play": plays}
        return second | {"won": None}
