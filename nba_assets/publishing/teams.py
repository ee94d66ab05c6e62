"""`latest/teams/<tricode>.json`: a team's newest game on a slate, its last games, and who is on its list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from nba_assets.league import by_tricode
from nba_assets.publishing.envelope import Published, seal
from nba_assets.publishing.facts import TEAM_ON_DATE, Facts
from nba_assets.publishing.fields import Day, Field, Time, column, columns, many, model
from nba_assets.publishing.players import REACH, SHOWN
from nba_assets.publishing.rows import Record, grouped, latest, records
from nba_assets.publishing.slate import COUNTED, GAME_STATES, Slate, game_states

_GAMES = "team_offense_game_summary"
_CONTEXT = "upcoming_player_game_context"

NEXT_FIELDS: tuple[Field, ...] = (
    Field("game_date", Day, "League date"),
    column("nbac_schedule", "game_id"),
    Field("tip_at", Time, "Scheduled tip-off; null while to be determined", nullable=True),
    Field("game_status", str, "Where the game stands", values=GAME_STATES),
    Field("opponent", str, "Tricode of the opponent"),
    Field("is_home", bool, "Designated home side"),
)
RECENT_FIELDS: tuple[Field, ...] = (
    Field("game_date", Day, "League date"),
    *columns(_GAMES, ("game_id", "opponent", "is_home", "won", "points")),
    Field("opponent_points", int, "Points of the opponent", unit="points", low=0),
    *columns(_GAMES, ("pace", "off_rating", "def_rating"), decimals=1, low=0, high=None),
)
ROSTER_FIELDS: tuple[Field, ...] = (
    column(_CONTEXT, "player_id"),
    column(_CONTEXT, "player_name", name="name"),
    *columns(_CONTEXT, ("injury_status", "injury_reason")),
)
TEAM_DATA = model(
    "TeamData",
    "A team that was on a published slate.",
    (
        Field("team", str, "Tricode"),
        Field("name", str, "City and name; null for a team that is not of the league", nullable=True),
        Field("next", model("TeamNext", "Its newest game on a slate.", NEXT_FIELDS), "Its newest game on a slate"),
        Field("recent", many(model("TeamGame", "A past game.", RECENT_FIELDS)), "Last 20 games, newest first"),
        Field("roster", many(model("TeamPlayer", "A player of that game.", ROSTER_FIELDS)), "On its list then, by id"),
    ),
)
COLUMNS = ("game_date", "team", *(field.name for field in RECENT_FIELDS if field.source), "margin", "known_at")
"""What is read of the games."""


def name_of(team: str) -> str:
    """The document's name in the manifest."""
    return f"latest/teams/{team}.json"


def documents(facts: Facts, slate: Slate) -> Iterator[Published]:
    """One document per team with a game on the facts' dates, each from its newest game of any date with predictions."""
    games = _newest(facts)
    listed = _listed(facts, games)
    recent, roster = _recent(facts, games), grouped(listed["team"].tolist(), records(listed, ROSTER_FIELDS))
    of_list = listed.groupby("team")["listed_known_at"].max().to_dict()
    known = facts.table(_GAMES).groupby("team")["known_at"].max().to_dict()
    origin = facts.origin_of()
    said = records(games, NEXT_FIELDS)
    keys = zip(games["team"], games["game_date"], games["known_at"], strict=True)
    for (team, stamp, at), game_record in zip(keys, said, strict=True):
        found = by_tricode().get(team)
        day = stamp.strftime("%Y-%m-%d")
        data: Record = {
            "team": team,
            "name": found.full_name if found else None,
            "next": game_record,
            "recent": recent.get(team, []),
            "roster": roster.get(team, []),
        }
        body = seal(
            "team",
            data,
            as_of=latest(at, known.get(team), of_list.get(team)),
            game_date=day,
            data_origin=origin(day),
        )
        yield Published("games", name_of(team), "team", body)


def _newest(facts: Facts) -> pd.DataFrame:
    """The newest game, on a date with predictions, of every team with one on the facts' dates; by team."""
    schedule = facts.table("nbac_schedule")
    predicted = facts.table("player_points_predictions")["game_date"].unique()
    listed = schedule[schedule["season_type"].isin(COUNTED) & schedule["game_date"].isin(predicted)]
    sides = [
        listed.rename(columns={own: "team", other: "opponent"}).assign(is_home=is_home)
        for own, other, is_home in (
            ("home_tricode", "away_tricode", True),
            ("away_tricode", "home_tricode", False),
        )
    ]
    rows = pd.concat(sides).sort_values(["team", "game_date", "tip_at", "game_id"], kind="stable", ignore_index=True)
    asked = rows.loc[rows["game_date"].isin(list(facts.stamps)), "team"].unique()
    rows = rows[rows["team"].isin(asked)].drop_duplicates("team", keep="last").reset_index(drop=True)
    return rows.assign(game_status=game_states(rows))


def _recent(facts: Facts, games: pd.DataFrame) -> dict[Any, list[Record]]:
    played = facts.table(_GAMES)
    newest = games.set_index("team")["game_date"]
    played = played[played["team"].isin(newest.index)]
    played = played[played["game_date"] > played["team"].map(newest) - REACH]
    played = played.sort_values(["team", "game_date", "game_id"], ascending=[True, False, False], ignore_index=True)
    shown = played[played.groupby("team").cumcount() < SHOWN]
    shown = shown.assign(opponent_points=shown["points"] - shown["margin"])
    return grouped(shown["team"].tolist(), records(shown, RECENT_FIELDS))


def _listed(facts: Facts, games: pd.DataFrame) -> pd.DataFrame:
    """Who is on each team's list for its game, by team and player."""
    context = facts.table(_CONTEXT).rename(columns={"player_name": "name", "known_at": "listed_known_at"})
    return context.merge(games[TEAM_ON_DATE], on=TEAM_ON_DATE).sort_values(["team", "player_id"], kind="stable")
