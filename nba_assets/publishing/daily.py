"""`historical/<date>/daily.json`: the slate of a date. Every date has one, also without games or lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from nba_assets.publishing import changes
from nba_assets.publishing.envelope import Published, halt_reason, reason, seal
from nba_assets.publishing.facts import RESULT_SOURCES, SLATE_SOURCES, Facts, Halted
from nba_assets.publishing.fields import Day, Field, column, many, model
from nba_assets.publishing.rows import Record, latest
from nba_assets.publishing.slate import GAME, PLAYER, Slate

COUNTS = model(
    "SlateCounts",
    "Counts of the slate.",
    tuple(
        Field(name, int, text, low=0)
        for name, text in (
            ("games", "Games"),
            ("players", "Players with a prediction"),
            ("lined", "Of these, with a line"),
            ("over", "Decisions OVER"),
            ("under", "Decisions UNDER"),
            ("pass", "Decisions PASS"),
        )
    ),
)

SLATE_CHANGE = model(
    "SlateChange", "A change of one of the games.", (column("nbac_schedule", "game_id"), *changes.FIELDS)
)
DAILY = model(
    "Daily",
    "The slate of a date: its games in tip order, and in each the players, most expected points first.",
    (
        Field("games", many(GAME), "Games by tip and id"),
        Field("players", many(PLAYER), "Players by game, then most expected points first"),
        Field("changes", many(SLATE_CHANGE), "What was said anew before the games and matters, oldest first"),
        Field("counts", COUNTS, "How many of what"),
        Field("next_game_date", Day, "Next date with games on the schedule; null if none is known", nullable=True),
    ),
)


def name_of(day: str) -> str:
    """The document's name in the manifest."""
    return f"historical/{day}/daily.json"


def documents(facts: Facts, slate: Slate) -> Iterator[Published]:
    """One document per date of the facts."""
    ids = facts.ids_by_date()
    origin = facts.origin_of()
    versions = slate.players.groupby("game_date")["model_version"].max().to_dict()
    games_known = slate.games.groupby("game_date")["known_at"].max().to_dict()
    players_known = slate.players.groupby("game_date")["known_at"].max().to_dict()
    told = _told(slate)
    scheduled = sorted(facts.partitions.get("nbac_schedule", frozenset()))
    for stamp in facts.stamps:
        day = stamp.strftime("%Y-%m-%d")
        games, players = slate.games_by_date.get(day, []), slate.players_by_date.get(day, [])
        status, reasons = judged(games, players, facts.halt_of(day), facts.failed.get(day, 0))
        counts = Counter(player["decision"].lower() for player in players)
        data = {
            "games": games,
            "players": players,
            "changes": told.get(day, []),
            "counts": {
                "games": len(games),
                "players": len(players),
                "lined": sum(player["line_value"] is not None for player in players),
                **{name: counts[name] for name in ("over", "under", "pass")},
            },
            "next_game_date": next((other for other in scheduled if other > day), None),
        }
        body = seal(
            "daily",
            data,
            as_of=latest(games_known.get(stamp), players_known.get(stamp)),
            game_date=day,
            status=status,
            reasons=reasons,
            correlation_ids=ids.get(day, ()),
            data_origin=origin(day),
            model_version=versions.get(stamp),
            **facts.sources(day, sources_of(games)),
        )
        yield Published("slate", name_of(day), "daily", body)


def _told(slate: Slate) -> dict[str, list[Record]]:
    """The notable changes of all games by date."""
    found: dict[str, list[Record]] = {}
    for (stamp, game), news in slate.changes.items():
        own = [{"game_id": game, **change} for change in news if changes.is_notable(change)]
        found.setdefault(stamp.strftime("%Y-%m-%d"), []).extend(own)
    return {
        day: sorted(news, key=lambda one: (one["at"], one["game_id"], one["player_id"])) for day, news in found.items()
    }


def sources_of(games: Sequence[Record]) -> tuple[str, ...]:
    """The sources a slate could have: those before the games, and once one is final those of results."""
    final = any(game["game_status"] == "final" for game in games)
    return tuple(dict.fromkeys((*SLATE_SOURCES, *(RESULT_SOURCES if final else ()))))


def judged(
    games: Sequence[Record], players: Sequence[Record], halt: Halted | None = None, failed: int = 0
) -> tuple[str, list[Record]]:
    """Status and reasons of a slate (or of one game of it).

    `halt`: the one that is about its date. `failed`: how much of its work failed for good: its rows are the last good.
    """
    if not games:
        return "empty", [reason("no_games")]
    if halt is not None:
        return "halted", [halt_reason(halt.since, halt.why), *judged(games, players, failed=failed)[1]]
    if failed:
        return "stale", [reason("work_failed", n=failed), *judged(games, players)[1]]
    live = [game for game in games if game["game_status"] != "postponed"]
    waiting = sum(bool(game["waiting"]) for game in games)
    lined = {player["game_id"] for player in players if player["line_value"] is not None}
    reasons = [reason("waiting", n=waiting, of=len(games))] if waiting else []
    if not players and live:
        reasons.append(reason("no_predictions"))
    elif players and not lined:
        reasons.append(reason("no_lines"))
    elif unlined := sum(game["game_id"] not in lined for game in live):
        reasons.append(reason("lines_missing", n=unlined, of=len(games)))
    return ("partial" if reasons else "complete"), reasons
