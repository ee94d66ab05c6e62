"""A good drop of every form of every source: what the fuzzers start from."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nba_assets.simulator.events import play_by_play
from nba_assets.simulator.faults.night import Drop, drops_of
from nba_assets.simulator.files import stats_play_by_play
from nba_assets.simulator.season import Day, Season
from nba_assets_tests.sources import test_bettingpros, test_box_scores, test_injury_report
from nba_assets_tests.sources.conftest import NAMES

DATE = dt.date(2025, 1, 15)
AT = "20250116_080000"
GAMEBOOK = "nbac_gamebook_player_stats"


@dataclass(frozen=True)
class Seed:
    """A drop; `form` names its source's form."""

    form: str
    source: str
    name: str
    data: bytes


@functools.cache
def seeds() -> dict[str, Seed]:
    """The first drop of every form by the form's name: of a simulated game, or by hand where that writes none."""
    twins, books = (next(Season(7, DATE, pdf=pdf, games=1).days(DATE)) for pdf in (False, True))
    drops = list(drops_of(twins).values())
    drops += [drop for drop in drops_of(books).values() if drop.source == GAMEBOOK]
    found: dict[str, Seed] = {}
    for drop in [*drops, *_older_play_by_play(twins), *_of_history(drops), *_by_hand(drops)]:
        form = _form(drop)
        found.setdefault(form, Seed(form, drop.source, drop.name, drop.data))
    return dict(sorted(found.items()))


def seeds_of(source: str) -> list[Seed]:
    """The seeds of one source."""
    return [seed for seed in seeds().values() if seed.source == source]


def _form(drop: Drop) -> str:
    """The folders above the date, the kind of file, and what else parts a form from its kin."""
    kind = ""
    if drop.name.endswith(".json"):
        payload = drop.payload()
        keys = set(payload) if isinstance(payload, dict) else set()
        kind = next((f"-{key}" for key in ("boxScoreTraditional", "props", "offers") if key in keys), "")
        if drop.source == "nbac_team_boxscore" and not kind:
            kind = f"-{payload['resource']}"
    return f"{'-'.join(drop.name.split('/')[:2])}{kind}.{drop.name.rpartition('.')[2]}"


def _older_play_by_play(day: Day) -> Iterator[Drop]:
    (game,) = day.games
    events = play_by_play(day.seed, game)
    for version, answer in (("v2", stats_play_by_play.v2), ("v3", stats_play_by_play.v3)):
        name = f"nba-com/play-by-play-{version}/{DATE}/game-{game.fixture.game_id}/{AT}.json"
        yield _json("nbac_play_by_play", name, answer(game, events))


def _of_history(drops: list[Drop]) -> Iterator[Drop]:
    """What The Odds API said back then, as it tells it today; and a user's own lines."""
    for drop in drops:
        if drop.source.startswith("odds_api"):
            envelope = {"timestamp": "2025-01-15T17:00:00Z", "previous_timestamp": None, "data": drop.payload()}
            for kind in ("player-props", "game-lines"):
                if f"/{kind}/" in drop.name:
                    yield _json(drop.source, drop.name.replace(f"/{kind}/", f"/{kind}-history/"), envelope)
            if drop.source == "odds_api_player_points_props":
                event = drop.payload() | {"game_date": str(DATE), "away_team": "BOS", "home_team": "OKC"}
                own = envelope | {"imported": True, "data": event}
                yield _json(drop.source, f"imported/lines/{DATE}/BOSOKC-17/20250115_170000.json", own)


def _by_hand(drops: list[Drop]) -> Iterator[Drop]:
    schedule = next(drop for drop in drops if drop.source == "nbac_schedule")
    yield _json("nbac_schedule", f"nba-com/schedule-cdn/2024-25/{AT}.json", schedule.payload())
    yield _json("nbac_team_boxscore", NAMES["box"], test_box_scores.v3())
    prices = test_bettingpros.SOURCE
    yield _json(prices, test_bettingpros.NAME, test_bettingpros.older())
    yield _json(prices, test_bettingpros.EVENTS, {"events": test_bettingpros.events()})
    twin = test_injury_report.twin(("NYK", "One, Abe", "Out", "Injury/Illness - Left Knee; Soreness"))
    yield _json(test_injury_report.SOURCE, test_injury_report.TWIN, twin)


def _json(source: str, name: str, payload: Any) -> Drop:
    return Drop(source, name, json.dumps(payload).encode())
