"""Names that do not fit: other suffixes, nicknames, namesakes, men whom no list has yet, men listed elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Effect, Night
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import Day, GameNight, TeamNight

PROPS, LIST = "odds_api_player_points_props", "nbac_player_list"
NAMES_ONLY = "bigdataball_play_by_play"
"""Knows men on the court by name alone: of two of one name it cannot say who did what."""
SUFFIXES = (" Jr.", " Sr.", " II", " III", " IV", " Jr", " Sr")
NICKNAME = "Skip"


def names(night: Night, flag: Flag) -> None:
    """Books write suffixes their own way (`suffix`) or call one man of a game by a nickname (`rename`)."""
    kinds = flag.options or {"suffix": "", "rename": ""}
    if "suffix" in kinds:
        night.change((PROPS,), flag.name, "no suffixes", _without_suffixes)
    if "rename" in kinds:
        for drop in night.one_of(PROPS):
            payload = drop.payload()
            if _nicknamed(payload):
                night.add(drop.saying(payload), Effect(flag.name, drop.name, "a man under a nickname"))
    if "rookie" in kinds:
        _rookie(night, flag)
    if "collision" in kinds:
        for drop in night.of(NAMES_ONLY):
            night.add(drop, Effect(flag.name, drop.name, "ten men of nine names", expected="bad", valid=False))


def collided(day: Day, flag: Flag) -> Day:
    """`names:collision`: in every game a man of the away team, unlisted at the books, has the name of one of the home
    team.
    """
    if "collision" not in flag.options:
        return day
    others = {}
    for game in day.games:
        home, away = game.home.active[0].player, game.away.active[0].player
        others[away.number] = replace(
            away, first_name=home.first_name, bare_last_name=home.bare_last_name, suffix=home.suffix
        )
    return _with_players(day, others)


def trade(night: Night, flag: Flag) -> None:
    """A man of the date's first game is on another team's list in the early morning, on his own hours later."""
    man = night.day.games[0].home.active[0].player
    other = night.day.games[0].away.team
    for drop in night.of(LIST):
        payload = drop.payload()
        table = payload["resultSets"][0]
        place = {name: number for number, name in enumerate(table["headers"])}
        for row in table["rowSet"]:
            if row[place["PERSON_ID"]] == man.player_id:
                row[place["TEAM_ID"]], row[place["TEAM_ABBREVIATION"]] = other.team_id, other.tricode
        early = drop.saying(payload).earlier(dt.timedelta(hours=4))
        night.add(early, Effect(flag.name, early.name, f"{man.full_name} is still on {other.tricode}"))


def _without_suffixes(payload: Any) -> bool:
    changed = False
    for book in payload["bookmakers"]:
        for outcome in book["markets"][0]["outcomes"]:
            bare = outcome["description"]
            for suffix in SUFFIXES:
                bare = bare.removesuffix(suffix)
            changed |= bare != outcome["description"]
            outcome["description"] = bare
    return changed


def _nicknamed(payload: Any) -> bool:
    for book in payload["bookmakers"]:
        outcomes = book["markets"][0]["outcomes"]
        first = outcomes[0]["description"] if outcomes else ""
        for outcome in outcomes:
            if outcome["description"] == first:
                outcome["description"] = f"{NICKNAME} {first.partition(' ')[2]}"
    return bool(payload["bookmakers"])


def _rookie(night: Night, flag: Flag) -> None:
    """The date's list does not have one starter of its first game yet."""
    man = night.day.games[0].home.active[0].player

    def edit(payload: Any) -> bool:
        table = payload["resultSets"][0]
        number = table["headers"].index("PERSON_ID")
        rows = [row for row in table["rowSet"] if row[number] != man.player_id]
        gone = len(rows) < len(table["rowSet"])
        table["rowSet"] = rows
        return gone

    night.change((LIST,), flag.name, f"{man.full_name} is not listed", edit)


def _with_players(day: Day, others: dict[int, Player]) -> Day:
    """The date with some of its men otherwise called."""

    def team(night: TeamNight) -> TeamNight:
        lines = [replace(line, player=others.get(line.player.number, line.player)) for line in night.lines]
        return replace(night, lines=tuple(lines))

    def game(night: GameNight) -> GameNight:
        quotes = {at: [q for q in posted if q.player not in others] for at, posted in night.quotes.items()}
        return replace(night, home=team(night.home), away=team(night.away), quotes=quotes)

    listings = [replace(listed, player=others.get(listed.player.number, listed.player)) for listed in day.listings]
    return replace(day, listings=tuple(listings), games=tuple(game(night) for night in day.games))
