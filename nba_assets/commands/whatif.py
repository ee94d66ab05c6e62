"""`nba-assets whatif`: how everybody's distribution moves if somebody does not play."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.data_origin import data_origin
from nba_assets.engine.people import the_player
from nba_assets.engine.whatif import WhatIf, people_of, what_if

FIGURES = ("p_play", "minutes_mean", "points_mean", "points_q50", "p_over", "own_mean", "own_q50", "p_over_raw")
"""The last three are made without the line: a market that does not know the news does not hold them back."""
SHOWN = {
    "minutes_mean": "minutes",
    "points_mean": "points",
    "own_mean": "points without the line",
    "p_over": "P(over)",
    "p_over_raw": "P(over) without it",
}
EXPECTED = ("minutes_mean", "own_mean")
"""Summed over a team, each man's times his P(plays)."""
SIMULATED = "SIMULATED DATA: a made-up league. Its figures prove machinery, never skill."
NOTE = (
    "Nothing was written. Each figure is given that he plays; the lines are those that were known: what the books would"
    " make of the news is not in it. Sums count everybody by his chance to play, and points without the line."
)


def run(game: str, out: Sequence[str], *, as_json: bool) -> None:
    """Print everybody's minutes, points and P(over) before and after, and the teams' sums. Nothing is written.

    Raises `UsageError` for a game or a player that is not known, with the nearest.
    """
    with opened() as platform:
        people = people_of(platform, game)
        names = dict(zip(people["player_id"], people["player_name"].fillna(people["player_id"]), strict=True))
        absent = [the_player(asked, names) for asked in out]
        found = what_if(platform, people, absent)
        day = found.game_date
        origin = data_origin(platform.warehouse.read("nbac_schedule", dates=(day, day), columns=["arena_name"]))
    facts = answer(found, absent, names) | {"data_origin": origin, "note": NOTE}
    if as_json:
        console.as_json(facts)
    else:
        _say(facts)


def answer(found: WhatIf, absent: Sequence[str], names: dict[str, str]) -> dict[str, Any]:
    """Players by team and most points before, each figure before and after, null where he is not predicted."""
    before, after = found.before, found.after
    everybody = before.index.union(after.index)
    team = found.people.set_index("player_id")["team"].reindex(everybody)
    order = pd.DataFrame({"team": team, "points": -before["points_mean"].reindex(everybody)}).reset_index()
    players = [
        _player(found, player, names) for player in order.sort_values(["team", "points", "player_id"])["player_id"]
    ]
    version = pd.concat([before["model_version"], after["model_version"]]).iloc[0]
    return {
        "game_id": str(found.people["game_id"].iloc[0]),
        "game_date": str(found.game_date),
        "decision_at": found.people["decision_at"].iloc[0],
        "model_version": version,
        "basis": found.basis,
        "out": [{"player_id": player, "player_name": names[player]} for player in absent],
        "players": players,
        "teams": [_team(found, str(own)) for own in sorted(found.people["team"].unique())],
    }


def _player(found: WhatIf, player: str, names: dict[str, str]) -> dict[str, Any]:
    team = found.people.loc[found.people["player_id"] == player, "team"].iloc[0]
    sides = {"before": _figures(found.before, player), "after": _figures(found.after, player)}
    line = next((rows.loc[player, "line_value"] for rows in (found.after, found.before) if player in rows.index), None)
    moved = {
        name: None if None in (a := sides["after"][name], b := sides["before"][name]) else round(a - b, 6) + 0.0
        for name in FIGURES
    }
    about = {"player_id": player, "player_name": names.get(player, player), "team": team, "line_value": line}
    return about | sides | {"moved": moved}


def _figures(rows: pd.DataFrame, player: str) -> dict[str, Any]:
    there = player in rows.index
    return {name: console.plain(rows.loc[player, name]) if there else None for name in FIGURES}


def _team(found: WhatIf, team: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"team": team}
    for name in EXPECTED:
        for side, rows in (("before", found.before), ("after", found.after)):
            own = rows[rows["team"] == team]
            facts[f"expected_{name}_{side}"] = round(float((own["p_play"] * own[name]).sum()), 4)
    return facts


def _say(facts: dict[str, Any]) -> None:
    if facts["data_origin"] == "simulated":
        console.say(SIMULATED)
    out = ", ".join(f"{man['player_name']} ({man['player_id']})" for man in facts["out"])
    console.say(
        f"Game {facts['game_id']} of {facts['game_date']} without {out}, by {facts['model_version']}, decided at"
        f" {console.plain(facts['decision_at'])}. Data: {facts['data_origin']}. Report: {facts['basis']}."
    )
    rows = [
        [
            player["team"],
            player["player_name"],
            console.plain(player["line_value"]),
            *(_moves(player, name) for name in SHOWN),
        ]
        for player in facts["players"]
    ]
    console.table("", ["team", "player", "line", *SHOWN.values()], rows)
    sums = [
        [
            team["team"],
            *(f"{team[f'expected_{name}_before']:.1f} → {team[f'expected_{name}_after']:.1f}" for name in EXPECTED),
        ]
        for team in facts["teams"]
    ]
    console.table("Expected of the team", ["team", "minutes", "points"], sums)
    console.say(facts["note"])


def _moves(player: dict[str, Any], name: str) -> str | None:
    before, after = player["before"][name], player["after"][name]
    digits = 3 if name.startswith("p_") else 1
    if before is None and after is None:
        return None
    shown = ["out" if value is None else f"{value:.{digits}f}" for value in (before, after)]
    moved = player["moved"][name]
    return f"{shown[0]} → {shown[1]}" + (f" ({moved:+.{digits}f})" if moved else "")
