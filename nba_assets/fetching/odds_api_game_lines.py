"""The Odds API's spreads, totals and money lines: all games of a date in one request."""

from __future__ import annotations

from nba_assets.fetching.bodies import json_list, json_object
from nba_assets.fetching.cadence import LINES
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.odds_api import (
    BASE,
    KEY,
    SPORT,
    games_with_tip,
    iso,
    parameters,
    snapshot_label,
    snapshots,
    within,
)
from nba_assets.fetching.session import Ask, Session

MARKETS = "h2h,spreads,totals"


def fetch(session: Session, ask: Ask) -> None:
    """Live: one file. Past: one for each moment that is a decision time or 5 minutes before a tip."""
    games = games_with_tip(ask.slate, ask.now, past=ask.is_past)
    if not games:
        return
    wanted = parameters(session.key(KEY), MARKETS) | within(ask.day)
    if not ask.is_past:
        with session.piece("game lines"):
            answer = session.get(f"{BASE}/{SPORT}/odds", json_list, wanted)
            name = f"odds-api/game-lines/{ask.day}/{answer.stamp}-snap-{answer.received_at:%H%M}.json"
            session.land(name, answer)
        return
    for moment in sorted({moment for tip in ask.slate.tips for moment in snapshots(tip)}):
        with session.piece(f"game lines of {iso(moment)}"):
            url = f"{BASE}/historical/{SPORT}/odds"
            answer = session.get(url, json_object("timestamp", "data"), wanted | {"date": iso(moment)})
            label = snapshot_label(answer.body, moment)
            session.land(f"odds-api/game-lines-history/{ask.day}/{answer.stamp}-snap-{label}.json", answer)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=LINES,
    key=KEY,
)
