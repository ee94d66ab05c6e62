"""Names, ids, rosters and trades."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from nba_assets.league import TEAMS
from nba_assets.simulator.draws import Purpose, generator
from nba_assets.simulator.names import ascii_spelling
from nba_assets.simulator.roster import draw_league
from nba_assets.simulator.trades import trade
from nba_assets.sources.names import player_lookup, without_suffix

from .conftest import Drops


@pytest.mark.parametrize("seed", [0, 7, 12345])
def test_names_are_resolvable_with_and_without_suffix_and_marks(seed: int) -> None:
    players = draw_league(seed).players
    for spelling in ("marks", "ascii", "bare"):
        names = [p.full_name if spelling == "marks" else p.book_name(with_suffix=spelling == "ascii") for p in players]
        assert len({player_lookup(name) for name in names}) == len(players)
    for player in players:
        assert player_lookup(player.book_name(with_suffix=True)) == player_lookup(player.full_name)
        bare = player_lookup(player.book_name(with_suffix=False))
        assert bare == player_lookup(without_suffix(player.full_name))


@pytest.mark.parametrize("seed", [0, 7, 12345])
def test_a_team_has_15_to_17_men_and_five_teams_have_two_of_one_last_name(seed: int) -> None:
    league = draw_league(seed)
    sizes = np.bincount(league.first_team, minlength=len(TEAMS))
    assert sizes.min() >= 15
    assert sizes.max() <= 17
    pairs = 0
    for team in range(len(TEAMS)):
        names = [p.last_name for p in league.players if league.first_team[p.number] == team]
        pairs += len(names) - len(set(names))
    assert pairs == 5
    assert sum(bool(p.suffix) for p in league.players) >= 20
    assert any(ascii_spelling(p.full_name) != p.full_name for p in league.players)


def test_ids_are_numbers_that_no_real_player_has(drops: Drops) -> None:
    roster = drops.table("nba-com/player-list/2025-10-21/20251021_110000.json")
    assert roster["PERSON_ID"].between(1_990_001, 1_990_999).all()
    assert roster["PERSON_ID"].is_unique
    assert len(roster) > 300
    assert roster["TEAM_ABBREVIATION"].nunique() == 30


def test_a_trade_swaps_two_men_of_two_teams_and_no_namesakes() -> None:
    league = draw_league(7)
    team, jersey = league.first_team.copy(), list(league.first_jersey)
    nobody = np.zeros(len(team), dtype=np.bool_)
    made = 0
    for number in range(400):
        day = dt.date(2025, 11, 1)
        before = team.copy()
        swapped = trade(generator(number, Purpose.TRADES, day), day, league, team, jersey, nobody)
        changed = np.flatnonzero(before != team)
        assert sorted(swapped or ()) == changed.tolist()
        made += swapped is not None
        if swapped:
            one, two = swapped
            assert (team[one], team[two]) == (before[two], before[one])
            mates = [p.bare_last_name for p in league.players if team[p.number] == team[one] and p.number != one]
            assert league.players[one].bare_last_name not in mates
    assert 8 < made < 60


def test_nobody_is_traded_after_the_deadline() -> None:
    league = draw_league(7)
    team = league.first_team.copy()
    nobody = np.zeros(len(team), dtype=np.bool_)
    day = dt.date(2026, 2, 20)
    for number in range(200):
        assert trade(generator(number, Purpose.TRADES, day), day, league, team, [*league.first_jersey], nobody) is None


def test_a_traded_man_is_listed_with_his_new_team_and_plays_there(drops: Drops) -> None:
    lists = drops.names("nba-com/player-list/")
    first = drops.table(lists[0]).set_index("PERSON_ID")["TEAM_ABBREVIATION"]
    moved = 0
    for name in lists:
        day = name.split("/")[2]
        team = drops.table(name).set_index("PERSON_ID")["TEAM_ABBREVIATION"]
        log = drops.table(drops.names(f"nba-com/player-boxscores/{day}/")[0])
        assert (log["PLAYER_ID"].map(team) == log["TEAM_ABBREVIATION"]).all()
        moved += int((log["PLAYER_ID"].map(first) != log["TEAM_ABBREVIATION"]).sum())
    assert moved > 0
