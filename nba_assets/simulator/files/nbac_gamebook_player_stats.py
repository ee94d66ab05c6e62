"""The gamebook of every game, as its parsed twin or as PDF: who played, who did not and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.simulator.files import gamebook_pdf
from nba_assets.simulator.files.folder import Folder, morning_after
from nba_assets.simulator.files.league_tables import clock
from nba_assets.simulator.files.nbac_schedule import arena_name
from nba_assets.simulator.season import Day, GameNight, Line

CAPTURED = dt.time(6, 45)
COUNTS = {
    "field_goals_made": "fgm",
    "field_goals_attempted": "fga",
    "three_pointers_made": "fg3m",
    "three_pointers_attempted": "fg3a",
    "free_throws_made": "ftm",
    "free_throws_attempted": "fta",
    "offensive_rebounds": "oreb",
    "defensive_rebounds": "dreb",
    "total_rebounds": "reb",
    "assists": "ast",
    "personal_fouls": "pf",
    "steals": "stl",
    "turnovers": "tov",
    "blocks": "blk",
}


def write(folder: Folder, day: Day) -> None:
    """One file a game."""
    jerseys = {listing.player.number: listing.jersey for listing in day.listings}
    for game in day.games:
        code = f"{day.day:%Y%m%d}-{game.away.team.tricode}{game.home.team.tricode}"
        name = f"{day.day}/{code}/{morning_after(day.day, CAPTURED)}"
        if day.pdf:
            book = gamebook_pdf.draw(game, jerseys)
            folder.write_bytes("nbac_gamebook_player_stats", f"nba-com/gamebooks-pdf/{name}.pdf", book)
        else:
            payload = _payload(game, code)
            folder.write("nbac_gamebook_player_stats", f"nba-com/gamebooks-data/{name}.json", payload)


def _payload(game: GameNight, code: str) -> dict[str, Any]:
    away, home = game.away.team, game.home.team
    active = _listed(game, "active")
    dnp = _listed(game, "dnp")
    inactive = _listed(game, "inactive")
    return {
        "game_code": code.replace("-", "/"),
        "date": str(game.fixture.day),
        "matchup": f"{away.tricode}@{home.tricode}",
        "away_team": away.tricode,
        "home_team": home.tricode,
        "pdf_version": "short",
        "arena": arena_name(game),
        "city": home.city,
        "state": "",
        "officials": [{"name": name} for name in game.referees],
        "attendance": game.attendance,
        "active_players": active,
        "dnp_players": dnp,
        "inactive_players": inactive,
        "total_players": len(active) + len(dnp) + len(inactive),
        "active_count": len(active),
        "dnp_count": len(dnp),
        "inactive_count": len(inactive),
        "source": "nba_gamebook_pdf",
    }


def _listed(game: GameNight, status: str) -> list[dict[str, Any]]:
    """The players of a status, visitors first."""
    return [
        _entry(line, own.team.full_name)
        for own in (game.away, game.home)
        for line in own.lines
        if line.status == status
    ]


def _entry(line: Line, team: str) -> dict[str, Any]:
    """An inactive man has his last name only."""
    if line.counts is not None:
        stats = {name: line.counts[count] for name, count in COUNTS.items()}
        stats |= {"plus_minus": line.plus_minus, "points": line.counts["pts"]}
        played = {"minutes": clock(line.seconds), **stats}
        return {"name": line.player.full_name, "team": team, "status": "active", "stats": played}
    if line.status == "dnp":
        reason = {"dnp_reason": line.reason, "category": "DNP"}
        return {"name": line.player.full_name, "team": team, "status": "did_not_play", **reason}
    return {"name": line.player.last_name, "team": team, "status": "inactive", "reason": line.reason}
