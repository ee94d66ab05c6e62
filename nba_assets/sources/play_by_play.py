"""One game's play-by-play, whatever form it came in: its events, and the rules that hold between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nba_assets.sources.game_clock import REGULATION
from nba_assets.sources.league_ids import is_all_star
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.play_by_play_cells import Sighting
from nba_assets.sources.settle import Unit, settled

SOURCE = "nbac_play_by_play"


@dataclass(frozen=True)
class Events:
    """The events of a game in order: the contract's columns but those of the game itself.

    `people`: who was seen on which team. `is_final`: the file says that the game is over.
    """

    columns: dict[str, Sequence[Any]]
    place: Callable[[int], str]
    is_final: bool
    people: Sequence[Sighting] = ()

    def __len__(self) -> int:
        return len(self.columns["period"])


Read = tuple[Events, Sequence[Reject]]
"""Events, and what is wrong with them: then they are not to be used."""


def judged(events: Events, unit: Unit) -> Parsed:
    """The parsed drop of one game. One that is not over gives its rows and waits for the rest: partial."""
    size = len(events)
    if not size:
        return Parsed(Outcome.EMPTY)
    game_id = str(unit.game_id)
    away, home = sides(events)
    columns: dict[str, Sequence[Any]] = {
        "game_date": [unit.game_date] * size,
        "game_id": [game_id] * size,
        "away_tricode": [away] * size,
        "home_tricode": [home] * size,
        **events.columns,
        "is_final": [events.is_final] * size,
    }
    rejects = _teams(events, game_id)
    if events.is_final:
        rejects += [*_periods(events, game_id), *_points(events, game_id)]
    people = sorted(dict.fromkeys(events.people))
    identities: dict[str, Sequence[Any]] = {
        "game_date": [unit.game_date] * len(people),
        "player_id": [str(player) for player, _, _ in people],
        "player_name": [name for _, name, _ in people],
        "team_tricode": [team for _, _, team in people],
        "game_id": [game_id] * len(people),
        "source": [SOURCE] * len(people),
    }
    return settled(
        columns,
        [game_id] * size,
        {game_id: Unit(unit.game_date, game_id, away, home)},
        rejects,
        identities=(identities, [game_id] * len(people)),
        incomplete=not events.is_final,
    )


def sides(events: Events) -> tuple[str | None, str | None]:
    """(away, home), as the score tells them apart; (None, None) as long as it does not."""
    made = _made(events)
    away, home = _last_score(events)
    by_points = {points: team for team, points in made.items()}
    if len(made) != 2 or set(by_points) != {away, home}:
        return None, None
    return (by_points[away], by_points[home]) if away != home else (None, None)


def is_over(events: dict[str, Sequence[Any]]) -> bool:
    """Whether the last period (the fourth or a later one) has ended with a winner."""
    last = max(events["period"], default=0)
    marks = zip(*(events[c] for c in ("period", "action_type", "sub_type")), strict=True)
    ended = (last, "period", "end") in marks
    return last >= REGULATION and ended and events["score_home"][-1] != events["score_away"][-1]


def _last_score(events: Events) -> tuple[int, int]:
    return events.columns["score_away"][-1], events.columns["score_home"][-1]


def _made(events: Events) -> dict[str, int]:
    """Points of the made shots of every team that acts."""
    points = {team: 0 for team in events.columns["team_tricode"] if team is not None}
    shots = zip(*(events.columns[c] for c in ("team_tricode", "is_made", "shot_value")), strict=True)
    for team, is_made, value in shots:
        if is_made and team is not None:
            points[team] += value or 0
    return points


def _teams(events: Events, game_id: str) -> list[Reject]:
    """Two teams act, no third."""
    teams = list(dict.fromkeys(team for team in events.columns["team_tricode"] if team is not None))
    if len(teams) <= 2:
        return []
    row = list(events.columns["team_tricode"]).index(teams[2])
    return [Reject(events.place(row), "teams", f"events of {', '.join(teams)} in one game", game=game_id)]


def _periods(events: Events, game_id: str) -> list[Reject]:
    """Every period of a final game starts and ends, and there are four or more."""
    about = zip(*(events.columns[c] for c in ("period", "action_type", "sub_type")), strict=True)
    marks = {(period, sub) for period, type_, sub in about if type_ == "period"}
    last = max(events.columns["period"])
    missing = [
        f"no {sub} of period {period}"
        for period in range(1, last + 1)
        for sub in ("start", "end")
        if (period, sub) not in marks
    ]
    if last < REGULATION and not is_all_star(game_id):
        missing.append(f"over in period {last}")
    place = events.place(len(events) - 1)
    return [Reject(place, "periods", "; ".join(missing), game=game_id)] if missing else []


def _points(events: Events, game_id: str) -> list[Reject]:
    """The made shots of each team add up to its score."""
    made = _made(events)
    final = sorted(_last_score(events))
    if sorted([*made.values(), *[0] * (2 - len(made))]) == final:
        return []
    told = ", ".join(f"{team} {points}" for team, points in sorted(made.items())) or "nothing"
    message = f"made shots give {told}, but the last score is {final[0]} to {final[1]}"
    return [Reject(events.place(len(events) - 1), "points", message, game=game_id)]
