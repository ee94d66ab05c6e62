"""What the document store keeps of a slate: all of it, or, of one too large for live readers, where the rest is."""

from __future__ import annotations

from typing import Any

import orjson

from nba_assets.engine.store_documents import LARGEST, store_body
from nba_assets.publishing.sign_off import encode

PATH = "predictions/daily/2025-11-15"
GAMES = [f"00225000{number:02}" for number in range(15)]


def slate(players: int, note: int = 0) -> dict[str, Any]:
    """A slate of fifteen games with so many players each, and a text of so many bytes."""
    rows = [
        {"player_id": str(number), "game_id": game, "reasons": ["x" * 1000], "ev": None}
        for game in GAMES
        for number in range(players)
    ]
    games = [{"game_id": game, "game_status": "scheduled"} for game in GAMES]
    data = {"games": games, "players": rows, "changes": [{"game_id": GAMES[0]}], "counts": {"players": len(rows)}}
    return {"document": "daily", "game_date": "2025-11-15", "reasons": ["n" * note], "data": data}


def test_a_slate_of_the_largest_size_is_kept_whole() -> None:
    room = LARGEST - len(encode(slate(30)))
    whole = slate(30, room)
    assert len(encode(whole)) == LARGEST
    assert store_body(PATH, encode(whole)) == whole


def test_a_larger_slate_keeps_its_games_and_says_where_the_players_are() -> None:
    large = slate(80)
    payload = encode(large)
    assert len(payload) > LARGEST
    kept = store_body(PATH, payload)
    assert kept["data"]["players"] == []
    assert kept["data"].pop("players_in") == [f"predictions/games/{game}" for game in GAMES]
    kept["data"]["players"] = large["data"]["players"]
    assert kept == large, "nothing else is another"
    assert orjson.loads(payload) == large


def test_no_other_document_is_cut_down() -> None:
    large = encode(slate(80))
    assert store_body("predictions/games/0022500001", large) == orjson.loads(large)
