"""`historical/<date>/games/<game_id>.json`: a game, who is out, and every player's whole distribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from nba_assets.league import by_tricode
from nba_assets.publishing.changes import CHANGE
from nba_assets.publishing.daily import judged, sources_of
from nba_assets.publishing.distribution import RUNGS, TOP, distributions
from nba_assets.publishing.envelope import Published, seal
from nba_assets.publishing.facts import PLAYER_ON_DATE, TEAM_ON_DATE, Facts
from nba_assets.publishing.fields import LINE_DECIMALS, Field, column, columns, if_public, many, model
from nba_assets.publishing.rows import Record, grouped, latest, plain, records
from nba_assets.publishing.slate import GAME, PLAYER_FIELDS, Slate, side_means

FEEDS = ("odds_api_player_points_props", "bettingpros_player_points_props")
BOOK_FIELDS: tuple[Field, ...] = (
    *columns(FEEDS[0], ("book", "captured_at")),
    column(FEEDS[0], "line", decimals=LINE_DECIMALS),
    *columns(FEEDS[0], ("over_price", "under_price")),
)
OWN = "imported:"
"""How the books of a user's own lines begin; they are his and are not published."""

OUT = ("out", "doubtful", "questionable")
OUT_FIELDS: tuple[Field, ...] = (
    column("upcoming_player_game_context", "player_id"),
    column("upcoming_player_game_context", "player_name", name="name"),
    *columns("upcoming_player_game_context", ("injury_status", "injury_reason")),
)
TEAM_FACTS: tuple[Field, ...] = (
    *if_public("upcoming_team_game_context", "days_rest", name="rest_days"),
    *if_public("upcoming_team_game_context", "is_b2b", nullable=True),
)

RUNG = model(
    "Rung",
    "One rung of the ladder.",
    (
        Field("k", int, "Number of points", values=()),
        Field("p", float, "P(points >= k), given he plays", low=0, high=1),
    ),
)
BOOK = model("Book", "A book's main line at the decision.", BOOK_FIELDS)
DISTRIBUTION_FIELDS: tuple[Field, ...] = (
    Field(
        "points_pmf",
        list[float],
        f"P(points = k) for k = 0 .. {TOP}, the last for {TOP} or more, given he plays; adds up to 1",
        nullable=True,
    ),
    Field("ladder", many(RUNG), f"P(points >= k) for k = {RUNGS[0]}, {RUNGS[1]} .. {RUNGS[-1]}"),
)
BOOKS = Field("books", many(BOOK), "Each book's newest main line by the decision, by book")

TEAM_POINTS = Field("expected_points", float, "Mean of the side's points", nullable=True, unit="points", decimals=2)
TEAM = model(
    "GameTeam",
    "One side of the game.",
    (
        column("upcoming_team_game_context", "team"),
        Field("name", str, "City and name; null for a team that is not of the league", nullable=True),
        Field("is_home", bool, "Designated home side"),
        *TEAM_FACTS,
        TEAM_POINTS,
        Field(
            "out",
            many(model("Absence", "A player whose part in the game is in doubt.", OUT_FIELDS)),
            "Players reported out, doubtful or questionable, by id",
        ),
    ),
)
GAME_PLAYER = model(
    "GamePlayer",
    "A player's slate row with his whole distribution.",
    (*PLAYER_FIELDS, *DISTRIBUTION_FIELDS, BOOKS),
)
GAME_DATA = model(
    "GameData",
    "A game with both teams and every player's distribution.",
    (
        Field("game", GAME, "The game as on the slate"),
        Field("teams", many(TEAM), "Home side, then visitors"),
        Field("players", many(GAME_PLAYER), "Most expected points first"),
        Field(
            "changes", many(CHANGE), "What was said anew before the game, oldest first; empty without live predictions"
        ),
    ),
)


def name_of(day: str, game_id: str) -> str:
    """The document's name in the manifest."""
    return f"historical/{day}/games/{game_id}.json"


def documents(facts: Facts, slate: Slate) -> Iterator[Published]:
    """One document per game of the facts' dates."""
    wanted = slate.games["game_date"].isin(list(facts.stamps))
    rows = slate.players["game_date"].isin(list(facts.stamps))
    keys = list(zip(slate.players["game_date"], slate.players["game_id"], strict=True))
    said = with_distributions(slate, rows, _books(facts, slate.players[rows]))
    means = side_means(slate.games)
    players = grouped([key for key, used in zip(keys, rows, strict=True) if used], said)
    of_side = zip(*(means[name] for name in TEAM_ON_DATE), strict=True)
    team_points = dict(zip(of_side, plain(means["team_points"], TEAM_POINTS), strict=True))
    known = slate.players.groupby(["game_date", "game_id"])["known_at"].max().to_dict()
    versions = slate.players.groupby(["game_date", "game_id"])["model_version"].max().to_dict()
    ids, origin = facts.ids_by_game(), facts.origin_of()
    sides, absences = _sides(facts), _absences(facts)
    every = zip(slate.game_records, slate.games["game_date"], slate.games["known_at"], wanted, strict=True)
    for game, stamp, at in ((game, stamp, at) for game, stamp, at, used in every if used):
        key = (stamp, game["game_id"])
        day, own = stamp.strftime("%Y-%m-%d"), players.get(key, [])
        status, reasons = judged([game], own, facts.halt_of(day), facts.failed.get(day, 0))
        teams = [
            _team(game["home"], True, key, sides, team_points, absences),
            _team(game["away"], False, key, sides, team_points, absences),
        ]
        body = seal(
            "game",
            {"game": game, "teams": teams, "players": own, "changes": slate.changes.get(key, [])},
            as_of=latest(at, known.get(key)),
            game_date=day,
            status=status,
            reasons=reasons,
            correlation_ids=ids.get(key, ()),
            data_origin=origin(day),
            model_version=versions.get(key),
            **facts.sources(day, sources_of([game])),
        )
        yield Published("games", name_of(day, game["game_id"]), "game", body)


def with_distributions(
    slate: Slate, rows: pd.Series[bool], books: dict[Any, list[Record]] | None = None
) -> list[Record]:
    """The slate rows of the mask with pmf and ladder, and where `books` are given with each player's."""
    frame = slate.players[rows]
    found = []
    keys = zip(*(frame[name] for name in PLAYER_ON_DATE), strict=True)
    for index, key, distribution in zip(rows.to_numpy().nonzero()[0], keys, distributions(frame), strict=True):
        record = slate.player_records[index]
        more: Record = {"points_pmf": distribution.points_pmf, "ladder": distribution.ladder}
        if books is not None:
            more["books"] = books.get(key, [])
        found.append(record | more)
    return found


def _books(facts: Facts, players: pd.DataFrame) -> dict[Any, list[Record]]:
    """Each player's books: the newest capture before the tip that was known at the decision."""
    feeds = [facts.table(name)[[*PLAYER_ON_DATE, "known_at", *(field.name for field in BOOK_FIELDS)]] for name in FEEDS]
    filled = [feed for feed in feeds if len(feed)]
    if not filled or players.empty:
        return {}
    lines = pd.concat(filled, ignore_index=True).merge(
        players[[*PLAYER_ON_DATE, "decision_at", "game_tip_at"]], on=PLAYER_ON_DATE
    )
    used = (lines["known_at"] <= lines["decision_at"]) & ~(lines["captured_at"] >= lines["game_tip_at"])
    lines = lines[used & ~lines["book"].str.startswith(OWN)].sort_values(
        [*PLAYER_ON_DATE, "book", "captured_at", "known_at"], kind="stable"
    )
    lines = lines.drop_duplicates([*PLAYER_ON_DATE, "book"], keep="last")
    keys = zip(*(lines[name] for name in PLAYER_ON_DATE), strict=True)
    return grouped(list(keys), records(lines, BOOK_FIELDS))


def _sides(facts: Facts) -> dict[Any, Record]:
    """What is published of a team's game, by date, game and team."""
    context = facts.table("upcoming_team_game_context").rename(columns={"days_rest": "rest_days"})
    keys = zip(*(context[name] for name in TEAM_ON_DATE), strict=True)
    return dict(zip(keys, records(context, TEAM_FACTS), strict=True))


def _absences(facts: Facts) -> dict[Any, list[Record]]:
    context = facts.table("upcoming_player_game_context").rename(columns={"player_name": "name"})
    context = context[context["injury_status"].isin(OUT)].sort_values([*TEAM_ON_DATE, "player_id"])
    keys = zip(*(context[name] for name in TEAM_ON_DATE), strict=True)
    return grouped(list(keys), records(context, OUT_FIELDS))


def _team(
    tricode: str,
    is_home: bool,
    game: tuple[Any, str],
    sides: dict[Any, Record],
    team_points: dict[Any, float | None],
    absences: dict[Any, list[Record]],
) -> Record:
    team = by_tricode().get(tricode)
    facts = sides.get((*game, tricode)) or {field.name: None for field in TEAM_FACTS}
    return {
        "team": tricode,
        "name": team.full_name if team else None,
        "is_home": is_home,
        **facts,
        TEAM_POINTS.name: team_points.get((*game, tricode)),
        "out": absences.get((*game, tricode), []),
    }
