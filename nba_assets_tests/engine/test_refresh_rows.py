"""What a refresh computes on a date of fifteen games: of a line those who have one there, of an injury all his game."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import Incoming, scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import REFRESH_PHASES, WHOLE_DATE, entity_key, refresh_phase
from nba_assets.engine.release import current_manifest, publish
from nba_assets.engine.step import run_step
from nba_assets.simulator.calendar import EASTERN
from nba_assets.simulator.faults.night import Drop, drops_of
from nba_assets.simulator.files.injury_pdf import Printed, draw
from nba_assets.simulator.files.nbac_injury_report import printed_name, report
from nba_assets.simulator.health import News
from nba_assets.simulator.season import Day, Season
from nba_assets_tests.engine.conftest import Kept, kept

SEED, START, DAYS = 7, dt.date(2025, 11, 4), 4
SOURCES = (
    "nbac_schedule",
    "nbac_player_list",
    "nbac_gamebook_player_stats",
    "bdl_player_boxscores",
    "odds_api_player_points_props",
    "nbac_injury_report",
)
DAY = START + dt.timedelta(days=DAYS - 1)
PROPS, REPORT = "odds_api_player_points_props", "nbac_injury_report"
PHASES = [phase for phase in REFRESH_PHASES if phase != "published"]
DERIVED = [name for name in build_order() if tables()[name].dataset != "nba_raw" and name not in WHOLE_DATE]
"""Of raw tables a refresh rebuilds what the drop speaks for."""
SCOPED = [name for name in build_order() if name not in WHOLE_DATE]


@functools.cache
def _days() -> list[Day]:
    return list(Season(SEED, START, games=15).days(DAY))


@pytest.fixture(scope="module")
def night(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Three dates that were played and the morning of a fourth, of fifteen games."""
    folder = tmp_path_factory.mktemp("night")
    for day in _days():
        for drop in drops_of(day).values():
            if drop.source in SOURCES and (day.day < DAY or (drop.captured.date() <= DAY and not _is_close(drop))):
                _write(folder / "drops", drop)
    with kept(postgres, folder / "home", lambda platform: _processed(platform, folder / "drops")) as made:
        yield made


def _is_close(drop: Drop) -> bool:
    """Whether it is of use to grade alone."""
    return drop.source == PROPS and not drop.name.endswith(("-1700.json", "-2200.json"))


def _write(folder: Path, drop: Drop) -> None:
    path = folder / drop.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drop.data)


def _processed(platform: Platform, folder: Path) -> dict[str, int]:
    """Take the drops in and make all tables current; the rows that the last date took."""
    result = take(platform, scan(folder))
    earlier = [pd.Timestamp(day) for day in result.dates if day < DAY]
    rows = {}
    for name in build_order():
        run_step(platform, name, earlier)
        rows[name] = run_step(platform, name, [pd.Timestamp(DAY)]).rows
    return rows


def _contents(platform: Platform) -> dict[str, dict[str, str]]:
    return {name: platform.warehouse.versions(name) for name in SCOPED}


def _newest(platform: Platform, source: str) -> Drop:
    found = [drop for drop in platform.ledger.drops(source=source, date=DAY) if drop["status"] == "pending"]
    newest = max(found, key=lambda drop: (drop["known_at"], drop["object_name"]))
    return Drop(source, newest["object_name"], platform.landing.get(newest["object_name"]))


def _moved_line(platform: Platform) -> tuple[str, Drop]:
    """A man, and his game's newest props a minute later with his lines a point and a half higher."""
    drop = _newest(platform, PROPS)
    payload = drop.payload()
    event = payload.get("data", payload)
    outcomes = [o for book in event["bookmakers"] for market in book["markets"] for o in market["outcomes"]]
    name = outcomes[0]["description"]
    for outcome in outcomes:
        if outcome["description"] == name:
            outcome["point"] += 1.5
    if "timestamp" in payload:
        payload["timestamp"] = f"{drop.captured + dt.timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    return _id_of(platform, name), replace(drop, data=drop.saying(payload).data).later(dt.timedelta(minutes=1))


def _id_of(platform: Platform, name: str) -> str:
    people = platform.warehouse.read("upcoming_player_game_context", dates=(DAY, DAY))
    (player,) = people.loc[people["player_name"] == name, "player_id"]
    return str(player)


def _refreshed(platform: Platform, folder: Path, drop: Drop, kind: str, player: str) -> dict[str, int]:
    """Rows by table of a refresh after the drop."""
    _write(folder, drop)
    assert take(platform, [Incoming(drop.name, folder / drop.name)]).received == 1
    key = entity_key(DAY, kind, player)
    found: dict[str, int] = {}
    for phase in PHASES:
        found |= refresh_phase(platform, phase, [key]).tables
    return found


def _rows_of_the_date(platform: Platform) -> int:
    return sum(len(platform.warehouse.read(name, dates=(DAY, DAY), history=True)) for name in DERIVED)


def _assert_rebuilt(platform: Platform) -> None:
    """The refreshed tables are those of a full run of the date."""
    refreshed = _contents(platform)
    for name in SCOPED:
        run_step(platform, name, [pd.Timestamp(DAY)])
    assert _contents(platform) == refreshed


@pytest.mark.parametrize(("kind", "least"), [("line", 40), ("player", 10)])
def test_a_moved_line_computes_a_fraction_of_the_date(
    night: Kept, copied: Callable[[Kept], Platform], tmp_path: Path, kind: str, least: int
) -> None:
    """All rows of his game where the key says player, as for an injury; where it says line four a man who has one.

    A capture of an event speaks for all men it lists, so that others' rows say the newer capture too: sixteen men here.
    """
    platform = copied(night)
    whole = _rows_of_the_date(platform)
    before = platform.warehouse.read("upcoming_player_game_context", dates=(DAY, DAY)).set_index("player_id")
    player, drop = _moved_line(platform)
    rows = _refreshed(platform, tmp_path, drop, kind, player)
    computed = sum(rows[name] for name in DERIVED)
    assert whole > 2_500 and whole / computed >= least, rows
    after = platform.warehouse.read("upcoming_player_game_context", dates=(DAY, DAY)).set_index("player_id")
    moved = after["consensus_line"] - before["consensus_line"]
    assert moved[player] == 1.5 and (moved.drop(player).fillna(0) == 0).all()
    _assert_rebuilt(platform)


def test_what_a_line_does_not_feed_is_not_computed(
    night: Kept, copied: Callable[[Kept], Platform], tmp_path: Path
) -> None:
    platform = copied(night)
    player, drop = _moved_line(platform)
    rows = _refreshed(platform, tmp_path, drop, "line", player)
    fed = {name for name, count in rows.items() if count}
    assert fed == {PROPS, "upcoming_player_game_context", "player_composite_factors", "ml_feature_store"} | {
        "player_points_predictions"
    }
    skipped = platform.ledger.frames("pipeline_execution_log").query("status == 'skipped'")
    assert {f"{tables()[name].full_name}" for name in ("player_daily_cache", "player_shot_zone_analysis")} <= set(
        skipped["processor_name"]
    )


def test_a_refresh_of_nothing_new_computes_nothing(night: Kept, copied: Callable[[Kept], Platform]) -> None:
    platform = copied(night)
    before: Any = _contents(platform)
    people = platform.warehouse.read("upcoming_player_game_context", dates=(DAY, DAY))
    key = entity_key(DAY, "player", str(people["player_id"].iloc[0]))
    assert sum(refresh_phase(platform, phase, [key]).rows for phase in PHASES) == 0
    assert _contents(platform) == before


def test_a_line_changes_the_objects_that_its_game_appears_in_and_no_other(
    night: Kept, copied: Callable[[Kept], Platform], tmp_path: Path
) -> None:
    platform = copied(night)
    publish(platform, [pd.Timestamp(DAY)])
    before = _objects(platform)
    player, drop = _moved_line(platform)
    _refreshed(platform, tmp_path, drop, "line", player)
    refresh_phase(platform, "published", [entity_key(DAY, "line", player)])
    changed = {name for name, sha256 in _objects(platform).items() if before.get(name) != sha256}
    people = platform.warehouse.read("upcoming_player_game_context", dates=(DAY, DAY)).set_index("player_id")
    game = people["game_id"][player]
    mates = {f"latest/players/{mate}.json" for mate in people.index[people["game_id"] == game]}
    of_game = {f"historical/{DAY}/games/{game}.json", f"latest/games/{game}.json"}
    of_game |= {f"latest/teams/{team}.json" for team in people.loc[people["game_id"] == game, "team"]}
    of_date = {f"historical/{DAY}/daily.json", "latest/daily.json", f"track-record/days/{DAY}.json", "status.json"}
    assert {f"latest/players/{player}.json", f"historical/{DAY}/daily.json"} <= changed
    assert changed <= of_game | of_date | mates
    assert len(before) > 20 * len(changed - mates)


def _hurt(platform: Platform) -> tuple[str, Drop]:
    """The man of the last game with the most points to come, and a report after the last one that has him out."""
    said = platform.warehouse.read("player_points_predictions", dates=(DAY, DAY))
    player = str(said.sort_values(["tip_at", "points_mean"])["player_id"].iloc[-1])
    day = _days()[-1]
    game, night, man = next(
        (game, night, line.player)
        for game in day.games
        for night in (game.away, game.home)
        for line in night.lines
        if str(line.player.player_id) == player
    )
    rows = report(day, News.LATE)
    tip = game.fixture.tip.astimezone(EASTERN)
    row = Printed(
        date=f"{DAY:%m/%d/%Y}",
        time=f"{tip:%I:%M} (ET)",
        matchup=f"{game.away.team.tricode}@{game.home.team.tricode}",
        team=night.team.full_name,
        player=printed_name(man),
        status="Out",
        reason="Injury/Illness - Left Knee; Soreness",
    )
    own = [number for number, other in enumerate(rows) if (other.team, other.matchup) == (row.team, row.matchup)]
    rows = [other for other in rows if other.player != row.player]
    rows.insert(own[0] if own else len(rows), row)
    newest = _newest(platform, REPORT)
    titled = dt.datetime.combine(DAY, dt.time(18, 45), EASTERN)
    return player, replace(newest, data=draw(titled, rows)).later(dt.timedelta(minutes=15))


def test_an_injury_changes_at_most_the_objects_of_his_game_the_players_in_it_the_slate_and_the_indexes(
    night: Kept, copied: Callable[[Kept], Platform], tmp_path: Path
) -> None:
    """Counted on a date of fifteen games, with three dates of history beside it."""
    platform = copied(night)
    publish(platform, [pd.Timestamp(START + dt.timedelta(days=number)) for number in range(DAYS)])
    before, parts = _objects(platform), _parts(platform)
    player, drop = _hurt(platform)
    _refreshed(platform, tmp_path, drop, "player", player)
    refresh_phase(platform, "published", [entity_key(DAY, "player", player)])
    after = _objects(platform)
    changed = {name for name, sha256 in after.items() if before.get(name) != sha256}
    assert set(before) - set(after) <= {f"latest/players/{player}.json"}
    people = platform.warehouse.read("upcoming_player_game_context", dates=(DAY, DAY)).set_index("player_id")
    game = people["game_id"][player]
    men = people[people["game_id"] == game]
    assert people["injury_status"][player] == "out"
    of_game = {f"historical/{DAY}/games/{game}.json", f"latest/games/{game}.json"}
    of_slate = {f"historical/{DAY}/daily.json", "latest/daily.json"}
    of_men = {f"latest/players/{man}.json" for man in men.index}
    of_teams = {f"latest/teams/{team}.json" for team in set(men["team"])}
    indexes = {"search.json", "schedule.json", "status.json", f"track-record/days/{DAY}.json"}
    assert of_game | of_slate <= changed <= of_game | of_slate | of_men | of_teams | indexes
    assert len(changed & of_men) > 10 and len(of_men) < 40, "his team mates' shots, and those who guard them"
    begins = {begin for begin, sha256 in _parts(platform).items() if parts.get(begin) != sha256}
    assert begins <= {"latest/players/", "latest/teams/", f"historical/{DAY:%Y-%m}-", f"track-record/days/{DAY:%Y-%m}-"}
    assert len({after[name] for name in changed}) + len(begins) <= 50
    assert len(set(before.values())) > 500


def _parts(platform: Platform) -> dict[str, str]:
    manifest = current_manifest(platform)
    assert manifest is not None
    return {begin: part["sha256"] for begin, part in manifest["parts"].items()}


def _objects(platform: Platform) -> dict[str, str]:
    manifest = current_manifest(platform)
    assert manifest is not None
    return {name: file["sha256"] for name, file in manifest["files"].items()}
