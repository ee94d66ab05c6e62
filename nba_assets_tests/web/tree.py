"""Published trees written by hand: the weekend's documents, a slate of 15 games, and the states a day can be in."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nba_assets.engine.manifest import MANIFEST, object_name, split
from nba_assets.league import by_tricode
from nba_assets.publishing import sign_off
from nba_assets.publishing.envelope import seal
from nba_assets.publishing.schemas import DOCUMENTS
from nba_assets_tests.publishing.conftest import documents
from nba_assets_tests.release_rows import facts, weekend

Record = dict[str, Any]
DAY = "2024-11-02"
SLATE = f"historical/{DAY}/daily.json"
SEASON = "track-record/2024-25.json"
TEAMS = sorted(by_tricode())
BOOKS = (("alpha", 0.0, -110, -110), ("beta", -1.0, -120, 100), ("gamma", 0.5, -105, -115))


def weekend_bodies() -> dict[str, Record]:
    """Bodies of the weekend's documents by name."""
    return {name: copy.deepcopy(found.body) for name, found in documents(facts(weekend())).items()}


def write(folder: Path, bodies: Mapping[str, Record], sequence: int = 1) -> None:
    """Write the objects, the manifest that names them and its parts, and the copy that the page asks for first."""
    latest = {name.replace(f"historical/{DAY}/", "latest/"): body for name, body in bodies.items()}
    files = {}
    for name, body in (bodies | latest).items():
        text = sign_off.encode(body)
        digest = hashlib.sha256(text).hexdigest()
        _put(folder, digest, text)
        files[name] = {"sha256": digest, "bytes": len(text), "status": body["status"]}
    at = f"{DAY}T{18 + sequence:02d}:02:00Z"
    manifest = {"schema_version": "1.0", "sequence": sequence, "as_of": at, "generated_at": at, "previous": None}
    written, parts = split(manifest | {"files": files})
    for digest, text in parts.items():
        _put(folder, digest, text)
    copy = folder / "v1" / "latest" / "daily.json"
    if "latest/daily.json" in latest:
        stamp = b'{"sequence":%d,"generated_at":"%s",' % (sequence, at.encode())
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(stamp + sign_off.encode(latest["latest/daily.json"])[1:])
    temporary = folder / "v1" / "manifest.tmp"
    temporary.write_bytes(sign_off.encode(written))
    temporary.replace(folder / MANIFEST)


def _put(folder: Path, digest: str, text: bytes) -> None:
    target = folder / object_name(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text)


def pmf(mean: float, spread: float) -> list[float]:
    """A bell over 0 to 60 points."""
    weights = [math.exp(-0.5 * ((k - mean) / spread) ** 2) for k in range(61)]
    return [weight / sum(weights) for weight in weights]


def full_slate(games: int = 15, each: int = 9) -> dict[str, Record]:
    """A day of `games` games with `each` players a side, its game documents and its search index."""
    bodies = weekend_bodies()
    daily = bodies[SLATE]
    document = bodies[f"historical/{DAY}/games/0022400140.json"]
    game, player = document["data"]["game"], document["data"]["players"][0]
    slate_only = set(daily["data"]["players"][0])
    daily["data"] |= {"games": [], "players": []}
    tip = dt.datetime(2024, 11, 2, 23, tzinfo=dt.UTC)
    for number in range(games):
        away, home = TEAMS[2 * number : 2 * number + 2]
        key = f"00224002{number:02d}"
        one = copy.deepcopy(document)
        own = game | {
            "game_id": key,
            "home": home,
            "away": away,
            "tip_at": f"{tip + dt.timedelta(minutes=30 * number):%Y-%m-%dT%H:%M:%SZ}",
        }
        own |= {"home_spread": -3.5, "total_line": 224.5}
        people = [
            _player(player, key, number, place, side, other)
            for side, other in ((home, away), (away, home))
            for place in range(each)
        ]
        people.sort(key=lambda row: -row["points_mean"])
        one["data"] |= {"game": own, "players": people}
        for team, side in zip(one["data"]["teams"], (home, away), strict=True):
            team |= {"team": side, "name": side}
        bodies[f"historical/{DAY}/games/{key}.json"] = one
        daily["data"]["games"].append(own)
        daily["data"]["players"] += [{k: v for k, v in row.items() if k in slate_only} for row in people]
    rows = daily["data"]["players"]
    daily["data"]["counts"] = {
        "games": games,
        "players": len(rows),
        "lined": len(rows),
        "over": 0,
        "under": 0,
        "pass": len(rows),
    }
    return bodies


def _player(row: Record, game_id: str, number: int, place: int, side: str, other: str) -> Record:
    mean = 27.3 - 2.4 * place + 0.1 * number
    line = round(mean) - 0.5
    shares = {"05": 0.45, "10": 0.55, "25": 0.78, "50": 0.98, "75": 1.2, "90": 1.45, "95": 1.6}
    books = [
        {"book": book, "captured_at": f"{DAY}T21:00:00Z", "line": line + more, "over_price": over, "under_price": under}
        for book, more, over, under in BOOKS
    ]
    return row | {
        "player_id": f"{number:02d}{place:02d}{side}",
        "name": f"{side} Player {place + 1}",
        "team": side,
        "opponent": other,
        "game_id": game_id,
        "points_mean": round(mean, 1),
        "expected_points": round(0.97 * mean, 2),
        "line_value": line,
        "consensus_line": line,
        "points_pmf": pmf(mean, 4.0),
        "books": books,
        **{f"points_q{level}": round(mean * share, 1) for level, share in shares.items()},
    }


def model_card(version: str) -> Record:
    """The document of a model with a gate of each verdict."""
    gates = [
        {"name": f"gate_{verdict}", "value": -0.0035, "limit": 0.05, "n": 1316, "verdict": verdict}
        for verdict in ("passed", "failed", "insufficient")
    ]
    data = {
        "model_version": version,
        "target": "points",
        "family": "stages_blend",
        "train_start": "2024-10-22",
        "train_end": "2024-11-01",
        "refit_at": "2024-11-02T00:00:00Z",
        "n_rows": 3138,
        "n_lined": 2457,
        "n_two_sided": 2400,
        "n_dates": 11,
        "gate_status": "passed",
        "incumbent_version": None,
        "metrics": [{"name": "crps", "value": 3.71}, {"name": "ece", "value": None}],
        "gates": gates,
    }
    body = seal("model", data, as_of=None, data_origin="real", model_version=version)
    return DOCUMENTS["model"].model_validate(body, strict=False).model_dump(mode="json")


def many_graded(rows: int = 20_000) -> dict[str, Record]:
    """A weekend whose Friday has that many graded decisions, and a season of 60 dates with bins of calibration."""
    bodies = weekend_bodies()
    day = bodies["track-record/days/2024-11-01.json"]["data"]
    first = day["decisions"][0]
    day["decisions"] = [first | {"player_id": str(n), "name": f"Player {n:05d}"} for n in range(rows)]
    season = bodies[SEASON]["data"]
    window, one = season["windows"][0], season["days"][0]
    dates = [f"{dt.date(2024, 11, 1) + dt.timedelta(days=n)}" for n in range(60)]
    season["days"] = [
        one
        | {"game_date": date, "n_lined": 100, "wins": 10, "losses": 9 + n % 3, "mae": 4.9 + n % 7 / 20, "line_mae": 5.0}
        for n, date in enumerate(dates)
    ]
    whole = {
        "window": "season",
        "n_lined": rows,
        "n_bets": 1204,
        "hit_rate": 0.519,
        "hit_rate_lo": 0.49,
        "hit_rate_hi": 0.548,
    }
    whole |= {"roi": -0.02, "roi_lo": -0.08, "roi_hi": 0.04, "verdict": "inconclusive"}
    season["windows"] = [
        window,
        window | whole,
        window | whole | {"segment": "line_20_25", "n_lined": 140, "verdict": "insufficient"},
    ]
    season["reliability"] = [
        {"run_kind": "backfill", "p": 0.35 + 0.03 * n, "hit": 0.36 + 0.029 * n, "n": rows // 10} for n in range(10)
    ]
    return bodies
