"""Names without an id: listed with who is nearest, found when the registry grows, settled by an alias."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.engine.aliases import Changed, alias_of, change_alias, registered_name
from nba_assets.engine.graph import build_order
from nba_assets.engine.ingest import affected
from nba_assets.engine.platform import Platform
from nba_assets.engine.unresolved import candidates, unresolved_names
from nba_assets.errors import UsageError
from nba_assets.simulator.faults.night import drops_of
from nba_assets.simulator.season import Season
from nba_assets.storage.records import AliasChange
from nba_assets_tests.engine.conftest import Home, early_steps, rows, take_raw
from nba_assets_tests.engine.three_games import ADAM, FIRST, SECOND, season
from nba_assets_tests.handmade import Drops, player_id, player_name

EVENTS = "bigdataball_play_by_play"
NIGHT = dt.date(2025, 10, 22)
PROPS = "odds_api_player_points_props"
NICKNAME = "Addy Bostwicka"
ROOKIE = "4242"


def versions(platform: Platform) -> dict[str, dict[str, str]]:
    return {table: platform.warehouse.versions(table) for table in build_order()}


def moved(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> set[tuple[str, str]]:
    """(table, date) of every partition that differs."""
    return {(t, day) for t in after for day in after[t] | before[t] if after[t].get(day) != before[t].get(day)}


def told(platform: Platform, name: str, player: str, change: AliasChange = "add", source: str = PROPS) -> Changed:
    """The change, and the raw tables of the dates that it moves made current."""
    changed = change_alias(platform, alias_of(name, player, source), change)
    if window := affected(platform, changed.days):
        early_steps(platform, window)
    return changed


@pytest.fixture
def nicknamed(home: Home, tmp_path: Path) -> Platform:
    """Three games; the lines of the first are of a man under a name that nobody else uses."""
    platform = home("nicknamed")
    folder = season(tmp_path / "drops")
    next(folder.rglob(f"player-props/{FIRST.day}/**/*.json")).unlink()
    Drops(folder).props(FIRST, {NICKNAME: 20.5, player_name("BOS", 1): 14.5})
    take_raw(platform, folder)
    return platform


def test_an_open_name_is_listed_by_game_with_the_nearest_men_of_its_teams(nicknamed: Platform) -> None:
    names = unresolved_names(nicknamed)
    (line,) = names.to_dict("records")
    assert (line["source"], line["player_name"], line["game"]) == (PROPS, NICKNAME, "BOS@NYK")
    assert (line["game_date"].date(), line["rows"]) == (FIRST.day, 3)
    assert line["first_seen"] == pd.Timestamp("2024-11-01T21:00Z") and pd.isna(line["team"])
    (found,) = candidates(nicknamed, names)
    assert (found[0]["player_id"], found[0]["player_name"], found[0]["team"]) == (ADAM, "Adam Bostwicka", "BOS")
    assert len(found) == 3 and found[0]["similarity"] > found[1]["similarity"]
    assert {man["team"] for man in found} <= {"BOS", "NYK"}
    assert rows(nicknamed, PROPS)["player_id"].isna().sum() == 3, "shown, never used"


def test_an_alias_resolves_its_rows_and_moves_nothing_else(nicknamed: Platform) -> None:
    before, props = versions(nicknamed), rows(nicknamed, PROPS)
    changed = told(nicknamed, NICKNAME, ADAM)
    assert changed.dates == {PROPS: [FIRST.day]}
    after = rows(nicknamed, PROPS)
    his = after[after["player_name"] == NICKNAME]
    assert set(his["player_id"]) == {ADAM} and set(his["resolution"]) == {"alias"}
    assert set(his["known_at"]) == set(props.loc[props["player_name"] == NICKNAME, "known_at"]), "of all times"
    assert unresolved_names(nicknamed).empty
    assert moved(before, versions(nicknamed)) == {(PROPS, str(FIRST.day))}
    log = nicknamed.ledger.frames("pipeline_execution_log")
    newest = log[(log["processor_name"] == f"nba_raw.{PROPS}")].sort_values("sequence").tail(3)
    assert dict(zip(newest["game_date"].dt.day, newest["status"], strict=True)) == {
        1: "completed",
        3: "skipped",
        8: "skipped",
    }
    told(nicknamed, NICKNAME, ADAM, "remove")
    assert versions(nicknamed) == before, "taken back, all is as it was"


def test_an_alias_that_was_there_first_gives_the_same_rows(nicknamed: Platform, home: Home, tmp_path: Path) -> None:
    told(nicknamed, NICKNAME, ADAM)
    first = home("first")
    assert told(first, "addybostwicka", ADAM, source="*").days == [], "no row of that name yet"
    take_raw(first, tmp_path / "drops")
    assert versions(first) == versions(nicknamed)


def test_an_alias_for_a_man_of_neither_team_changes_nothing(nicknamed: Platform) -> None:
    before = versions(nicknamed)
    told(nicknamed, NICKNAME, player_id("DEN", 0))
    assert versions(nicknamed) == before
    told(nicknamed, NICKNAME, ADAM)
    assert unresolved_names(nicknamed).empty, "the newest of a name counts"


def test_a_name_or_a_source_that_cannot_be_meant_is_refused(nicknamed: Platform) -> None:
    with pytest.raises(UsageError, match="is no source of names"):
        alias_of(NICKNAME, ADAM, "nbac_schedule")
    with pytest.raises(UsageError, match="has no letter"):
        alias_of("***", ADAM)
    assert registered_name(nicknamed, ADAM) == "Adam Bostwicka"
    assert registered_name(nicknamed, ROOKIE) is None


def listed(folder: Path, day: dt.date) -> None:
    """A player list that has the rookie."""
    path = Drops(folder).player_list(day)
    payload = json.loads(path.read_text())
    table = payload["resultSets"][0]
    row = dict(zip(table["headers"], table["rowSet"][0], strict=True))
    row |= {"PERSON_ID": int(ROOKIE), "PLAYER_FIRST_NAME": "New", "PLAYER_LAST_NAME": "Rookie"}
    table["rowSet"].append([row[name] for name in table["headers"]])
    path.write_text(json.dumps(payload))


def test_a_name_is_found_the_day_after_when_the_registry_has_grown(home: Home, tmp_path: Path) -> None:
    platform = home("rookie")
    folder = season(tmp_path / "drops")
    next(folder.rglob(f"player-props/{FIRST.day}/**/*.json")).unlink()
    Drops(folder).props(FIRST, {"New Rookie": 3.5, player_name("BOS", 1): 14.5})
    take_raw(platform, folder)
    assert unresolved_names(platform)["player_name"].tolist() == ["New Rookie"]
    before = versions(platform)

    next_day = FIRST.day + dt.timedelta(days=1)
    listed(tmp_path / "more", next_day)
    take_raw(platform, tmp_path / "more")

    assert unresolved_names(platform).empty
    props = rows(platform, PROPS, FIRST.day)
    his = props[props["player_name"] == "New Rookie"]
    assert set(his["player_id"]) == {ROOKIE}
    assert set(his["known_at"]) == {pd.Timestamp(f"{next_day} 11:00", tz="UTC")}, "known when the registry knew him"
    touched = moved(before, versions(platform))
    lists = {("nbac_player_list", str(next_day)), ("player_identity", str(next_day))}
    assert touched == {*lists, (PROPS, str(FIRST.day))}
    assert set(rows(platform, PROPS, SECOND.day)["player_id"].isna()) == {False}


def test_a_man_of_play_by_play_is_open_and_settled_like_any_other(home: Home, tmp_path: Path) -> None:
    """Of a source that has names in many columns, none of them its key."""
    (night,) = Season(7, NIGHT, games=1).days(NIGHT)
    drops = drops_of(night)
    (events,) = [drop for drop in drops.values() if drop.source == EVENTS]
    man = night.games[0].home.active[0].player
    drops[events.name] = replace(events, data=events.data.replace(man.full_name.encode(), NICKNAME.encode()))
    for name, drop in drops.items():
        if drop.source in (EVENTS, "nbac_schedule", "nbac_player_list"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drop.data)
    platform = home("events")
    take_raw(platform, tmp_path)
    opened = unresolved_names(platform)
    assert set(zip(opened["source"], opened["player_name"], strict=True)) == {(EVENTS, NICKNAME)}
    before = versions(platform)
    for change in ("add", "remove"):
        assert told(platform, NICKNAME, str(man.player_id), change, EVENTS).dates == {EVENTS: [NIGHT]}
        assert unresolved_names(platform).empty is (change == "add")
    assert versions(platform) == before, "taken back, all is as it was"
