"""All turnovers of the league's play-by-play are those of its team log: the players' and the teams' own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nba_assets.transforms.play_by_play_events import WORDS
from nba_assets_tests.real.test_play_by_play_numbers import GAMES, NBAC, box_of, league_game

OWN = {"14ecf360": {"MIN": 1, "LAC": 0}, "416e8d5c": {"PHI": 0, "NYK": 3}}


@pytest.mark.parametrize("file", GAMES)
def test_turnovers_of_play_by_play_are_the_team_logs(shared: Path, file: str) -> None:
    day, _, home = GAMES[file]
    events = league_game(shared, file)
    counted = events[(events[WORDS[NBAC].kind] == "turnover").fillna(False)].groupby("team_tricode").size()
    games = pd.read_csv(shared / "data/facts/boxscores/games_2024_25.csv.gz")
    game = games[(games["date"] == day) & (games["home"] == home)].iloc[0]
    assert counted.to_dict() == {home: game["home_tov"], game["away"]: game["away_tov"]}
    players = box_of(shared, file).groupby("team")["tov"].sum()
    assert (counted - players).to_dict() == OWN[file]
