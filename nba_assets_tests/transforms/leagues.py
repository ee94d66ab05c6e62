"""Leagues for tests of transforms: rows by hand, of which a test names what matters, and small random seasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Column, Type

PLAIN: dict[Type, Any] = {
    Type.STRING: "-",
    Type.JSON: "{}",
    Type.INT64: 0,
    Type.FLOAT64: 0.0,
    Type.BOOL: False,
    Type.DATE: pd.Timestamp("2024-11-01"),
    Type.TIMESTAMP: pd.Timestamp("2024-11-01T12:00Z"),
}
TEAMS = ("BOS", "DEN", "LAL", "NYK")
KINDS = {"2": "regular", "4": "playoffs", "5": "play_in", "6": "cup_final", "1": "preseason", "3": "all_star"}


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A frame of the contract's types; what a row does not name is null, or plain where null is not allowed."""
    contract = contracts.table(table)
    if not rows:
        return frames.empty(contract)
    data = pd.DataFrame({c.name: [row.get(c.name, _plain(c)) for row in rows] for c in contract.columns}, dtype=object)
    unknown = {name for row in rows for name in row} - set(contract.column_names)
    assert not unknown, f"{table} has no {unknown}"
    return frames.conform(data, contract)


def _plain(column: Column) -> Any:
    if column.type is Type.STRINGS:
        return []
    if column.nullable:
        return None
    return column.values[0] if column.values else PLAIN[column.type]


def day(text: str) -> pd.Timestamp:
    """A game date; `11-05` is of 2024."""
    return pd.Timestamp(text if len(text) > 5 else f"2024-{text}")


def at(text: str) -> pd.Timestamp:
    """A UTC time; `11-05 12:00` is of 2024."""
    return pd.Timestamp(text if text[:2] == "20" else f"2024-{text}", tz="UTC")


def game(date: str, number: int, away: str, home: str, kind: str = "2", **facts: Any) -> dict[str, Any]:
    """A schedule row as listed at 12:00 UTC of its date: tip at midnight UTC, 19:00 in New York."""
    on = day(date)
    season = facts.get("season", on.year if on.month >= 10 else on.year - 1)
    return {
        "game_date": on,
        "game_id": f"00{kind}{season % 100:02d}{number:05d}",
        "season": season,
        "season_type": KINDS[kind],
        "home_tricode": home,
        "away_tricode": away,
        "game_status": 1,
        "tip_at": (on + pd.Timedelta(days=1)).tz_localize("UTC"),
        "known_at": (on + pd.Timedelta(hours=12)).tz_localize("UTC"),
    } | facts


def final(listed: dict[str, Any], away: int, home: int, **facts: Any) -> list[dict[str, Any]]:
    """The listed row and its final version, known at 07:00 UTC of the next day."""
    known = facts.pop("known_at", (listed["game_date"] + pd.Timedelta(hours=31)).tz_localize("UTC"))
    score = {"game_status": 3, "away_score": away, "home_score": home, "known_at": known}
    return [listed | {"superseded_at": known}, listed | score | facts]


def man(played: dict[str, Any], player_id: str, team: str, points: int | None = None, **facts: Any) -> dict[str, Any]:
    """A row of player_game_summary of a schedule row's game, known at 08:00 UTC of the next day; no points: DNP."""
    home = played["home_tricode"]
    phase = {"regular": "early", "cup_final": "early"}.get(played["season_type"], played["season_type"])
    stats: dict[str, Any] = {"status": "dnp"}
    if points is not None:
        stats = {"status": "played", "points": points, "minutes": 30.0, "usage_rate": 20.0}
    return (
        {
            "game_date": played["game_date"],
            "game_id": played["game_id"],
            "season": played["season"],
            "season_phase": phase,
            "player_id": player_id,
            "player_name": f"Man {player_id}",
            "team": team,
            "opponent": played["away_tricode"] if team == home else home,
            "is_home": team == home,
            "known_at": (played["game_date"] + pd.Timedelta(hours=32)).tz_localize("UTC"),
        }
        | stats
        | facts
    )


def corrected(row: dict[str, Any], known_at: pd.Timestamp, **facts: Any) -> list[dict[str, Any]]:
    """The row until `known_at`, and the version with other facts from then on."""
    return [row | {"superseded_at": known_at}, row | facts | {"known_at": known_at}]


def listing(date: str, roster: dict[str, str], **facts: Any) -> list[dict[str, Any]]:
    """Rows of a player list, captured at 11:00 UTC: player id to tricode."""
    known = (day(date) + pd.Timedelta(hours=11)).tz_localize("UTC")
    return [
        {
            "game_date": day(date),
            "player_id": player,
            "full_name": f"Man {player}",
            "team_tricode": team,
            "is_rostered": True,
            "known_at": known,
        }
        | facts
        for player, team in roster.items()
    ]


def as_known(rows: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """The history as it stood at the moment: nothing known later, nothing superseded later."""
    kept = rows[rows["known_at"] <= moment].reset_index(drop=True)
    if "superseded_at" in kept.columns:
        kept["superseded_at"] = kept["superseded_at"].where(kept["superseded_at"] <= moment)
    return kept


def league(seed: int, days: int = 24, men: int = 5) -> dict[str, pd.DataFrame]:
    """History frames of a random season of four teams: anything may be late, missing, corrected, moved or postponed.

    Schedule, player lists, player and team summaries, injury reports, game lines and props; every row's times lie in
    order. Dates from 2024-11-01; kinds of games are mixed, some at neutral sites; players are traded and rested.
    """
    random = np.random.default_rng(seed)
    made = _League(random, days, men)
    return made.inputs()


class _League:
    def __init__(self, random: np.random.Generator, days: int, men: int) -> None:
        self.random = random
        self.first = dt.date(2024, 11, 1)
        self.days = days
        self.team_of = {f"{100 * (t + 1) + n}": team for t, team in enumerate(TEAMS) for n in range(men)}
        self.never_listed = {player for player in self.team_of if self.chance(0.15)}
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: []
            for name in (
                "nbac_schedule",
                "nbac_player_list",
                "player_game_summary",
                "team_offense_game_summary",
                "team_defense_game_summary",
                "nbac_injury_report",
                "odds_api_game_lines",
                "odds_api_player_points_props",
            )
        }

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def one_of(self, *values: Any) -> Any:
        return values[int(self.random.integers(len(values)))]

    def inputs(self) -> dict[str, pd.DataFrame]:
        for number in range(self.days):
            self.play(self.first + dt.timedelta(days=number), number)
        return {name: frame(name, rows) for name, rows in self.rows.items()}

    def play(self, date: dt.date, number: int) -> None:
        if self.chance(0.1):
            self.team_of[self.one_of(*self.team_of)] = self.one_of(*TEAMS)
        if self.chance(0.8):
            self.list_players(date)
        teams = list(self.random.permutation(TEAMS))
        for pair in range(int(self.random.integers(0, 3))):
            self.one_game(date, 10 * number + pair, str(teams[2 * pair]), str(teams[2 * pair + 1]))

    def list_players(self, date: dt.date) -> None:
        hour = self.one_of(5, 11, 30)
        listed = {p: team for p, team in self.team_of.items() if p not in self.never_listed and self.chance(0.9)}
        known = pd.Timestamp(date, tz="UTC") + pd.Timedelta(hours=hour)
        self.rows["nbac_player_list"] += listing(str(date), listed, known_at=known)

    def one_game(self, date: dt.date, number: int, away: str, home: str) -> None:
        kind = self.one_of("2", "2", "2", "2", "2", "4", "5", "6")
        neutral = self.chance(0.1) or kind == "6"
        midnight = pd.Timestamp(date, tz="UTC")
        listed = game(str(date), number, away, home, kind, is_neutral=neutral)
        listed["known_at"] = midnight + pd.Timedelta(hours=self.one_of(-100, -30, 12, 12, 12, 23.6))
        listed["tip_at"] = midnight + pd.Timedelta(hours=self.one_of(17, 24, 24, 27))
        versions = [listed]
        if self.chance(0.2):
            moved = listed["known_at"] + pd.Timedelta(hours=self.one_of(1, 9, 11.7))
            change = self.one_of(
                {"tip_at": listed["tip_at"] + pd.Timedelta(hours=self.one_of(-2, 1))}, {"is_postponed": True}
            )
            versions = corrected(listed, moved, **change)
        last = versions[-1]
        if last.get("is_postponed"):
            self.rows["nbac_schedule"] += versions
            return
        score = self.random.integers(80, 130, size=2)
        score[1] += score[0] == score[1]
        over = max(last["tip_at"], last["known_at"]) + pd.Timedelta(hours=self.one_of(3, 6, 20))
        versions = versions[:-1] + final(last, int(score[0]), int(score[1]), known_at=over)
        self.rows["nbac_schedule"] += versions
        self.before(last, away, home)
        if self.chance(0.9):
            self.after(last, away, home, score, over)

    def before(self, listed: dict[str, Any], away: str, home: str) -> None:
        """Injury reports, game lines and props: some known late, some in play."""
        tip = listed["tip_at"]
        key = {"game_date": listed["game_date"], "game_id": listed["game_id"]}
        for hours in (30.0, 6.0, 2.0, 0.4):
            if self.chance(0.6):
                self.report(key, tip - pd.Timedelta(hours=hours), away, home)
        for hours in (20.0, 5.0, 1.0, 0.3, -1.0):
            if self.chance(0.5):
                self.lines(key, tip - pd.Timedelta(hours=hours), away, home)

    def report(self, key: dict[str, Any], when: pd.Timestamp, away: str, home: str) -> None:
        known = when + pd.Timedelta(minutes=self.one_of(0, 5, 90))
        for team, other in ((away, home), (home, away)):
            common = key | {"report_at": when, "known_at": known, "team_tricode": team, "opponent_tricode": other}
            row = common | {"player_key": f"team:{team}", "is_home": team == home, "resolution": "id"}
            if self.chance(0.2):
                self.rows["nbac_injury_report"].append(row | {"row_kind": "not_submitted"})
                continue
            for player in [p for p, t in self.team_of.items() if t == team and self.chance(0.3)]:
                status = self.one_of("out", "doubtful", "questionable", "probable", "available")
                man = {"row_kind": "player", "player_key": player, "player_id": player, "injury_status": status}
                self.rows["nbac_injury_report"].append(row | man | {"injury_reason": "Injury/Illness - Knee"})

    def lines(self, key: dict[str, Any], when: pd.Timestamp, away: str, home: str) -> None:
        tip_known = {"captured_at": when, "known_at": when + pd.Timedelta(minutes=self.one_of(0, 10))}
        for book in ("draftkings", "fanduel"):
            if self.chance(0.7):
                spread, total = float(self.random.integers(-12, 12)) + 0.5, float(self.random.integers(200, 250))
                row = key | tip_known | {"book": book, "home_spread": spread, "total": total}
                self.rows["odds_api_game_lines"].append(row | self.one_of({}, {}, {"home_spread": None}))
            for player in [p for p, t in self.team_of.items() if t in (away, home) and self.chance(0.4)]:
                prices = {"over_price": -110, "under_price": -110, "over_decimal": 1.91, "under_decimal": 1.91}
                self.rows["odds_api_player_points_props"].append(
                    key
                    | tip_known
                    | prices
                    | {"book": book, "player_key": player, "player_id": player, "line_count": 1}
                    | {"line": float(self.random.integers(5, 30)) + 0.5, "resolution": "exact", "is_in_play": False}
                )

    def after(self, listed: dict[str, Any], away: str, home: str, score: Any, over: pd.Timestamp) -> None:
        """Box scores of both teams, sometimes corrected days later."""
        known = over + pd.Timedelta(hours=self.one_of(0, 2, 30))
        fixed = known + pd.Timedelta(hours=self.one_of(1, 40)) if self.chance(0.3) else None
        for team, other, own, theirs in ((away, home, score[0], score[1]), (home, away, score[1], score[0])):
            for player in [p for p, t in self.team_of.items() if t == team]:
                self.box(listed, player, team, known, fixed)
            facts = self.team_facts(int(own), int(theirs))
            row = _identity(listed, team, other) | facts | {"known_at": known, "won": bool(own > theirs)}
            both = corrected(row, fixed, possessions=facts["possessions"] + 1.0) if fixed is not None else [row]
            self.rows["team_offense_game_summary"] += both
            self.rows["team_defense_game_summary"] += [_defense(version) for version in both]

    def box(self, listed: dict[str, Any], player: str, team: str, known: pd.Timestamp, fixed: Any) -> None:
        plays = self.chance(0.8)
        points = int(self.random.integers(0, 40)) if plays else None
        line = float(self.random.integers(5, 30)) + self.one_of(0.0, 0.5) if self.chance(0.7) else None
        facts: dict[str, Any] = {"known_at": known, "is_starter": self.one_of(True, False), "closing_line": line}
        if points is not None:
            facts |= {"minutes": float(self.random.integers(60, 2400)) / 60.0}
            facts |= {"usage_rate": float(np.round(self.random.uniform(5, 40), 3)), **self.shots(points)}
            if line is not None:
                facts["line_result"] = "over" if points > line else "under" if points < line else "push"
        elif self.chance(0.5):
            facts["status"] = "inactive"
        row = man(listed, player, team, points, **facts)
        again = {"points": points + 1} if points is not None else {"dnp_reason": "Rest"}
        self.rows["player_game_summary"] += corrected(row, fixed, **again) if fixed is not None else [row]

    def shots(self, points: int) -> dict[str, int]:
        """Zones and free throws in proportion to the points; a third of the games has no zones."""
        tries = {f"{z}_fga": int(self.random.integers(0, 6)) for z in ("ra", "paint_non_ra", "mid", "corner3")}
        tries["above_break3_fga"] = int(self.random.integers(0, 6))
        made = {name.replace("fga", "fgm"): int(self.random.integers(0, tried + 1)) for name, tried in tries.items()}
        box = {"fga": sum(tries.values()), "fta": points // 5, "ftm": points // 7}
        if self.chance(0.3):
            return box
        return box | tries | made | {"zone_coverage": 1.0, "assisted_fgm": 0, "unassisted_fgm": sum(made.values())}

    def team_facts(self, own: int, theirs: int) -> dict[str, Any]:
        possessions = float(np.round(self.random.uniform(85, 110), 3))
        zones = {f"{z}_fga": int(self.random.integers(10, 30)) for z in ("ra", "paint_non_ra", "mid", "corner3")}
        zones["above_break3_fga"] = int(self.random.integers(10, 30))
        made = {name.replace("fga", "fgm"): int(tried // 2) for name, tried in zones.items()}
        return {
            "points": own,
            "margin": own - theirs,
            "possessions": possessions,
            "pace": possessions,
            "off_rating": 100 * own / possessions,
            "def_rating": 100 * theirs / possessions,
            "fga": sum(zones.values()),
            "fta": int(self.random.integers(10, 30)),
            "ftm": 10,
            **(zones | made if self.chance(0.8) else {}),
        }


def _identity(listed: dict[str, Any], team: str, other: str) -> dict[str, Any]:
    phase = {"regular": "early", "cup_final": "early"}.get(listed["season_type"], listed["season_type"])
    same = {name: listed[name] for name in ("game_date", "game_id", "season")}
    side = {"is_home": team == listed["home_tricode"], "is_neutral": listed.get("is_neutral", False)}
    return same | side | {"team": team, "opponent": other, "season_phase": phase}


def _defense(offense: dict[str, Any]) -> dict[str, Any]:
    """A defence row of the same game; the opponent's counts are the team's own, which no test minds."""
    columns = contracts.table("team_defense_game_summary").column_names
    return {name: value for name, value in offense.items() if name in columns} | {
        f"opp_{name}": value for name, value in offense.items() if f"opp_{name}" in columns
    }
