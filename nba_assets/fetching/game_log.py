"""The league's game log of a date, one request for all its games: `leaguegamelog`."""

from __future__ import annotations

from collections.abc import Iterator

from nba_assets.fetching.client import Answer
from nba_assets.fetching.session import Ask, Session
from nba_assets.fetching.stats_nba import BASE, HEADERS, SEASON_TYPES, TABULAR


def game_logs(session: Session, ask: Ask, player_or_team: str) -> Iterator[Answer]:
    """The answer for each season type among the date's games that may be over; `player_or_team` is `P` or `T`."""
    over = ask.slate.over(ask.now)
    for season_type in sorted({game.season_type for game in over} & SEASON_TYPES.keys()):
        with session.piece(f"game log, {SEASON_TYPES[season_type]}"):
            yield session.get(
                f"{BASE}/leaguegamelog",
                TABULAR,
                {
                    "Counter": "1000",
                    "DateFrom": str(ask.day),
                    "DateTo": str(ask.day),
                    "Direction": "DESC",
                    "LeagueID": "00",
                    "PlayerOrTeam": player_or_team,
                    "Season": ask.season_label,
                    "SeasonType": SEASON_TYPES[season_type],
                    "Sorter": "DATE",
                },
                HEADERS,
            )
