"""Entity refresh: one player, team or game of a date, phase by phase, through the same steps with a scope."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.engine.graph import build_order
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets.errors import TransientError, UsageError
from nba_assets.scope import Scope

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay

REFRESH_PHASES = {
    "raw": "nba_raw",
    "analytics": "nba_analytics",
    "precompute": "nba_precompute",
    "predictions": "nba_predictions",
    "published": "published",
}
"""Phases of a refresh and the dataset each upserts into."""

LINE = "line"
PROPS = ("odds_api_player_points_props", "bettingpros_player_points_props")
KINDS = ("player", "team", "game", LINE)
"""What a key is about; `line`: a player of whom nothing but a line moved: a capture speaks for all that have one."""

WHOLE_DATE = ("stage_models", "points_model", "model_performance_daily")
"""Tables whose rows are of no player, team or game: a refresh leaves them to the date's own run."""


@dataclass(frozen=True)
class RefreshResult:
    """Rows computed per table, and `(asset key, date, rows)` of every daily partition touched."""

    rows: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    touched: list[tuple[tuple[str, str], str, int]] = field(default_factory=list)


def entity_key(day: dt.date, kind: str, entity: str) -> str:
    """`2025-11-15|player|1630567`."""
    return f"{day}|{kind}|{entity}"


def scope_of(keys: Sequence[str]) -> str:
    """Keys as the one text that failed work has them in; see `keys_of`."""
    return ",".join(sorted(keys))


def keys_of(scope: str) -> list[str]:
    """The keys of such a text."""
    return scope.split(",") if scope else []


def parse_key(key: str) -> tuple[dt.date, str, str]:
    """Date, kind and id of a key. Raises `UsageError` for a key of another form."""
    parts = key.split("|")
    if len(parts) != 3 or parts[1] not in KINDS or not parts[2]:
        kinds = ", ".join(KINDS)
        raise UsageError(f"{key!r} is not <date>|<kind>|<id>", f"kinds: {kinds}; as 2025-11-15|player|1630567")
    try:
        return dt.date.fromisoformat(parts[0]), parts[1], parts[2]
    except ValueError as error:
        raise UsageError(f"{parts[0]!r} in {key!r} is not a date", "write it as 2025-11-15") from error


def by_day(keys: Sequence[str]) -> dict[dt.date, list[tuple[str, str]]]:
    """Kinds and ids of the keys by date, in its order. Raises `UsageError` for a key of another form."""
    found: dict[dt.date, list[tuple[str, str]]] = defaultdict(list)
    for key in keys:
        day, kind, entity = parse_key(key)
        found[day].append((kind, entity))
    return dict(sorted(found.items()))


def refresh_phase(
    platform: Platform, phase: str, keys: Sequence[str], run_id: str = "", replay: Replay | None = None
) -> RefreshResult:
    """Refresh the entities' rows of one phase.

    A player's or team's scope is widened to its game: team mates' usage, opponents' ratings and the game's predictions
    move with it. A table that fails does not keep those from being refreshed that do not read it; the first failure is
    raised when they are done. Raises `TransientError` for an entity that has no game on its date any more: when it is
    tried again, the date is run whole.
    """
    dataset = REFRESH_PHASES[phase]
    counts: dict[str, int] = {}
    touched = []
    failures: list[Exception] = []
    for day, entities in by_day(keys).items():
        names = scope_of([entity_key(day, *entity) for entity in entities])
        try:
            scope = _scope(platform, dataset, day, entities)
        except UsageError as gone:
            raise TransientError(f"{gone}; it may have moved", "its date will be run whole") from gone
        if dataset == "published":
            released = publish(platform, [pd.Timestamp(day)], run_id=run_id, entities=names, replay=replay)
            counts = {name: counts.get(name, 0) + count for name, count in released.documents.items()}
            continue
        without: set[str] = set()
        for name in _tables(platform, dataset, day):
            contract = tables()[name]
            if without & {entry.table for entry in contract.inputs}:
                without.add(name)
                continue
            try:
                result = run_step(
                    platform, name, [pd.Timestamp(day)], scope=scope, entities=names, run_id=run_id, replay=replay
                )
            except Exception as error:
                failures.append(error)
                without.add(name)
                continue
            counts[name] = counts.get(name, 0) + result.rows
            touched.append(((contract.dataset, name), str(day), result.rows))
    if failures:
        raise failures[0]
    return RefreshResult(sum(counts.values()), counts, touched)


def _tables(platform: Platform, dataset: str, day: dt.date) -> list[str]:
    """The dataset's tables that a refresh builds; of raw ones those that pending drops of the date speak for, if any.

    Without a pending drop the refresh is somebody's wish, and every raw table is looked at.
    """
    names = [name for name in build_order() if tables()[name].dataset == dataset and name not in WHOLE_DATE]
    if dataset != "nba_raw":
        return names
    sources = {drop["source"] for drop in platform.ledger.drops(date=day, status=["pending"])}
    return [name for name in names if sources & set(tables()[name].sources)] or names


def widened(platform: Platform, day: dt.date, entities: Sequence[tuple[str, str]], mates: bool = False) -> Scope:
    """The scope of the games that the entities play in on `day`: the games, both teams and their players.

    Of a line the players of his game who have lines, for a capture of an event speaks for all of them; with `mates`
    all players of its teams. Raises `UsageError` for an entity that has no game on the day.
    """
    games = platform.warehouse.read(
        "nbac_schedule", dates=(day, day), columns=["game_id", "home_tricode", "away_tricode"]
    )
    people = _rosters(platform, day)
    wanted: dict[str, set[str]] = {kind: set() for kind in KINDS}
    named: set[str] = set()
    for kind, entity in entities:
        if kind == "game":
            found = games.loc[games["game_id"] == entity, "game_id"]
        else:
            teams = {entity} if kind == "team" else set(people.loc[people["player_id"] == entity, "team_tricode"])
            playing = games["home_tricode"].isin(teams) | games["away_tricode"].isin(teams)
            found = games.loc[playing, "game_id"]
        if found.empty:
            raise UsageError(f"{kind} {entity} has no game on {day}", f"nba-assets status --date {day} lists the games")
        wanted[kind] |= set(found)
        named |= {entity} if kind in ("player", LINE) else set()
    whole = set().union(*(ids for kind, ids in wanted.items() if kind != LINE))
    chosen = games[games["game_id"].isin(whole)]
    teams = set(chosen["home_tricode"]) | set(chosen["away_tricode"])
    players = set(people.loc[people["team_tricode"].isin(teams), "player_id"]) | named
    lined = games[games["game_id"].isin(wanted[LINE] - whole)]
    if mates:
        sides = set(lined["home_tricode"]) | set(lined["away_tricode"])
        players |= set(people.loc[people["team_tricode"].isin(sides), "player_id"])
    players |= _lined(platform, day, set(lined["game_id"]))
    return Scope(frozenset(players), frozenset(teams), frozenset(whole))


def _scope(platform: Platform, dataset: str, day: dt.date, entities: Sequence[tuple[str, str]]) -> Scope:
    """The scope that a dataset needs.

    Of raw tables a line is all of its game's: who else has one may only be in the new drop. Of predictions it is every
    man's of both teams: that he has one says that he is there, and his team mates have less of the ball.
    """
    if dataset != "nba_raw":
        return widened(platform, day, entities, mates=dataset == "nba_predictions")
    return widened(platform, day, [("player" if kind == LINE else kind, entity) for kind, entity in entities])


def _lined(platform: Platform, day: dt.date, games: set[str]) -> set[str]:
    """Who has lines in the games."""
    if not games:
        return set()
    read = (platform.warehouse.read(name, dates=(day, day), columns=["game_id", "player_id"]) for name in PROPS)
    return {str(player) for rows in read for player in rows.loc[rows["game_id"].isin(games), "player_id"].dropna()}


def _rosters(platform: Platform, day: dt.date) -> pd.DataFrame:
    span = (day - dt.timedelta(days=14), day)
    found = platform.warehouse.read(
        "player_identity", dates=span, columns=["game_date", "player_id", "team_tricode", "known_at"]
    )
    return found.sort_values(["player_id", "game_date", "known_at"]).drop_duplicates("player_id", keep="last")
