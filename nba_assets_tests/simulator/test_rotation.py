"""Minutes: a plan of 240, and what happens to a missing man's."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from nba_assets.simulator import rotation
from nba_assets.simulator.draws import Flags, Ints, Purpose, generator
from nba_assets.simulator.game import Side, expected_points, play
from nba_assets.simulator.health import Health, News
from nba_assets.simulator.roster import MINUTES, League, draw_league

DAY = dt.date(2025, 11, 1)


@pytest.mark.parametrize("men", [9, 10, 11])
def test_a_plan_is_240_minutes_and_nobodys_is_too_long(men: int) -> None:
    planned = rotation.plan(np.array(MINUTES), men)
    assert planned.sum() == pytest.approx(240)
    assert planned.max() <= 40
    assert (np.diff(planned) <= 0).all()


def test_a_missing_mans_minutes_go_to_his_team_mates() -> None:
    """Given a team with its star, when he is out, then every other man plays more and one more plays."""
    league = draw_league(7)
    men = np.flatnonzero(league.first_team == 0)
    usual = league.talent.minutes
    everybody = np.zeros(len(usual), dtype=np.bool_)
    full = rotation.rotation(men, usual, everybody, 10)
    star = int(full.men[0])
    without = everybody.copy()
    without[star] = True
    short = rotation.rotation(men, usual, without, 10)
    before = dict(zip(full.men.tolist(), full.plan, strict=True))
    after = dict(zip(short.men.tolist(), short.plan, strict=True))
    assert star not in after
    assert short.hurt.tolist() == [star]
    assert all(after[man] > before[man] for man in before if man != star)
    gained = sum(after.values()) - sum(minutes for man, minutes in before.items() if man != star)
    assert gained == pytest.approx(before[star])


def test_a_missing_mans_points_are_expected_of_his_team_mates() -> None:
    league = draw_league(7)
    men = np.flatnonzero(league.first_team == 0)
    out = np.zeros(len(league.players), dtype=np.bool_)
    full = side(league, men, out)
    out[full.rotation.men[0]] = True
    short = side(league, men, out)
    before = dict(zip(full.rotation.men.tolist(), expected_points(league.talent, full, 99.0), strict=True))
    after = dict(zip(short.rotation.men.tolist(), expected_points(league.talent, short, 99.0), strict=True))
    assert all(after[man] > before[man] + 0.3 for man in full.rotation.men.tolist()[1:6])
    assert sum(after.values()) == pytest.approx(sum(before.values()), rel=0.04)


def side(league: League, men: Ints, out: Flags) -> Side:
    night = rotation.rotation(men, league.talent.minutes, out, 10)
    return Side(night, league.talent.usage[night.men], 1.0)


def test_games_pay_on_average_what_is_expected() -> None:
    """The market's expectation is the mean of the games, but for garbage time and overtime."""
    league = draw_league(7)
    out = np.zeros(len(league.players), dtype=np.bool_)
    sides = tuple(side(league, np.flatnonzero(league.first_team == team), out) for team in (0, 1))
    rng = generator(1, Purpose.GAMES, DAY)
    scored = np.mean([play(rng, league.talent, sides, 99.0)[0].counts["pts"] for _ in range(300)], axis=0)
    expected = expected_points(league.talent, sides[0], 99.0)
    assert np.abs(scored - expected).max() < 2.0
    assert scored.sum() == pytest.approx(expected.sum(), rel=0.03)


def test_starters_rest_in_a_decided_fourth_quarter_and_stay_in_a_close_one() -> None:
    planned = rotation.plan(np.array(MINUTES), 10)
    starters = [rotation.seconds(planned, 720, margin, "fourth")[:5].sum() for margin in (-30, 3)]
    assert starters[0] < 0.6 * starters[1]


def test_seconds_of_every_stretch_are_five_men_all_along() -> None:
    planned = rotation.plan(np.array(MINUTES), 11)
    for kind, length in (("regulation", 2160), ("fourth", 720), ("overtime", 300)):
        seconds = rotation.seconds(planned, length, 0, kind)
        assert seconds.sum() == 5 * length
        assert seconds.max() <= length
        assert seconds.min() >= 0


def test_news_of_an_injury_comes_in_the_morning_in_the_afternoon_or_too_late() -> None:
    team = np.repeat(np.arange(30), 15)
    rng = generator(1, Purpose.HEALTH, DAY)
    health = Health.at_start(rng, DAY, team)
    already = health.out(DAY)
    assert (health.known_out(DAY, News.MORNING) == already).all()
    health.advance(rng, DAY, np.full(len(team), 0.2), team, np.arange(30) < 10)
    out = health.out(DAY)
    fresh = out & ~already
    assert fresh.any()
    assert not fresh[team >= 10].any()
    assert np.bincount(team[out], minlength=30).max() <= 5
    morning, afternoon = (health.known_out(DAY, news) for news in (News.MORNING, News.AFTERNOON))
    assert morning.sum() < afternoon.sum() < out.sum()
    tomorrow = DAY + dt.timedelta(days=1)
    assert (health.known_out(tomorrow, News.MORNING) == health.out(tomorrow)).all()


def test_who_is_hurt_comes_back() -> None:
    team = np.repeat(np.arange(30), 15)
    health = Health.at_start(generator(1, Purpose.HEALTH, DAY), DAY, team)
    assert health.out(DAY).any()
    assert not health.out(DAY + dt.timedelta(days=60)).any()
