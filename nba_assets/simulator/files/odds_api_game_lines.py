"""The Odds API's spreads, totals and moneylines of all games of a date, at two times before its first tip."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.simulator.draws import Purpose, generator
from nba_assets.simulator.files.folder import Folder, stamp
from nba_assets.simulator.files.odds_api_events import bookmaker, event, team_name
from nba_assets.simulator.game_market import GameOpinions, GameQuote, game_quotes
from nba_assets.simulator.season import CAPTURES, Day, GameNight


def write(folder: Folder, day: Day) -> None:
    """A file per capture, a list of the date's games."""
    rng = generator(day.seed, Purpose.GAME_LINES, day.day)
    opinions = [GameOpinions.drawn(rng) for _ in day.games]
    for capture, time in CAPTURES.items():
        captured = dt.datetime.combine(day.day, time)
        payload = [
            event(
                day, game, [_book(game, quote, captured) for quote in game_quotes(of, capture, game.expected[capture])]
            )
            for game, of in zip(day.games, opinions, strict=True)
        ]
        name = f"odds-api/game-lines/{day.day}/{stamp(day.day, time)}-snap-{time:%H%M}.json"
        folder.write("odds_api_game_lines", name, payload)


def _book(game: GameNight, quote: GameQuote, captured: dt.datetime) -> dict[str, Any]:
    home, away = team_name(game.home.team), team_name(game.away.team)
    prices = dict(zip((home, away), quote.moneyline, strict=True))
    spreads = {home: (quote.spread, quote.spread_prices[0]), away: (0.0 - quote.spread, quote.spread_prices[1])}
    totals = zip(("Over", "Under"), quote.total_prices, strict=True)
    return bookmaker(
        quote.book,
        captured,
        {
            "h2h": [{"name": name, "price": prices[name]} for name in sorted(prices)],
            "spreads": [
                {"name": name, "price": price, "point": point} for name, (point, price) in sorted(spreads.items())
            ],
            "totals": [{"name": side, "price": price, "point": quote.total} for side, price in totals],
        },
    )
