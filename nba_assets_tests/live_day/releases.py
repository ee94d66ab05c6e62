"""Every release while the day passes: its files are there, as the manifest says, and say the same of the same thing."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import orjson

from nba_assets.engine.manifest import MANIFEST, object_name

PAUSE = 0.02


class Releases(threading.Thread):
    """Reads each new release until `stop`; `wrong`: what did not hold, `seen`: how many were read."""

    def __init__(self, published: Path) -> None:
        super().__init__(daemon=True)
        self._published = published
        self._read: dict[str, Any] = {}
        self._stop_reading = threading.Event()
        self.seen = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        last = b""
        while not self._stop_reading.wait(PAUSE):
            path = self._published / MANIFEST
            payload = path.read_bytes() if path.exists() else b""
            if payload != last:
                last = payload
                self.seen += 1
                manifest = orjson.loads(payload)
                self.wrong += [f"release {manifest['sequence']}: {line}" for line in self._mixture(manifest)]

    def stop(self) -> None:
        self._stop_reading.set()
        self.join()

    def _mixture(self, manifest: dict[str, Any]) -> list[str]:
        files: dict[str, dict[str, Any]] = dict(manifest["files"])
        for part in manifest["parts"].values():
            files |= (self._body(part["sha256"]) or {})["files"]
        bodies = {name: self._body(file["sha256"]) for name, file in files.items()}
        found = [f"{name} is not what the manifest says" for name, body in bodies.items() if body is None]
        if found:
            return found
        data = {name: body["data"] for name, body in bodies.items()}
        for name in [name for name in data if name.startswith("historical/") and name.endswith("/daily.json")]:
            day = name.split("/")[1]
            games = {
                game["game_id"]: data.get(f"historical/{day}/games/{game['game_id']}.json")
                for game in data[name]["games"]
            }
            found += [f"{name}: game {game} has no document" for game, body in games.items() if body is None]
            found += [
                f"{name}: game {body['game']['game_id']} is another one in its document"
                for game, body in zip(data[name]["games"], games.values(), strict=True)
                if body is not None and body["game"] != game
            ]
            told = {player["player_id"]: player for body in games.values() if body for player in body["players"]}
            for player in data[name]["players"]:
                there = told.get(player["player_id"], {})
                if any(there.get(key) != value for key, value in player.items()):
                    found.append(f"{name}: {player['player_id']} is another one in his game's document")
                own = data.get(f"latest/players/{player['player_id']}.json", {}).get("next") or {}
                if own.get("game_date") == day and any(own.get(key) != value for key, value in player.items()):
                    found.append(f"{name}: {player['player_id']} is another one in his own document")
        return found

    def _body(self, sha256: str) -> Any:
        if sha256 not in self._read:
            payload = (self._published / object_name(sha256)).read_bytes()
            right = hashlib.sha256(payload).hexdigest() == sha256
            self._read[sha256] = orjson.loads(payload) if right else None
        return self._read[sha256]
