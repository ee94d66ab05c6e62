"""A date's fetches: what lands, what counts as missing, what is remembered, logged and never said."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.intake import IntakeResult, scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.errors import UsageError
from nba_assets.fetching.fetchers import fetchers
from nba_assets.fetching.keys import MissingKey
from nba_assets.fetching.run import SourceReport, fetched
from nba_assets.settings import Settings
from nba_assets_tests.conftest import new_database
from nba_assets_tests.faults.conftest import BUILT
from nba_assets_tests.fetching.conftest import (
    CANARY,
    DAY,
    EARLY,
    LATE,
    MORNING,
    NOON,
    PAGE,
    PDF,
    Reply,
    Site,
    Time,
)
from nba_assets_tests.handmade import LOG, Drops
from nba_assets_tests.laws.tables import assert_same

SCHEDULE = "/stats/scheduleleaguev2int"
GAMEBOOKS = ("/pdfs/20241101/20241101_BOSNYK.pdf", "/pdfs/20241101/20241101_DENLAL.pdf")
LIVE = "/static/json/liveData/playbyplay/playbyplay_{}.json"


@dataclass
class Home:
    """A platform whose sources are the site; `fetch` lands what it gets and keeps the intake's result."""

    platform: Platform
    time: Time
    taken: IntakeResult | None = None

    def fetch(self, *sources: str, **more: Any) -> dict[str, SourceReport]:
        with fetched(
            self.platform, sources, DAY, sleep=self.time.sleep, monotonic=self.time.monotonic, **more
        ) as found:
            self.taken = take(self.platform, scan(found.folder))
        return {report.source: report for report in found.reports}

    def build(self) -> None:
        """Raw and post-game tables of the date."""
        for name in BUILT:
            run_step(self.platform, name, [pd.Timestamp(DAY)])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every version of their rows."""
        closed = {name: tables()[name].versioning is Versioning.CLOSED for name in BUILT}
        return {name: self.platform.warehouse.read(name, history=history) for name, history in closed.items()}

    def landed(self) -> list[str]:
        return list(self.platform.landing.list())

    def executions(self) -> list[dict[str, Any]]:
        frame = self.platform.ledger.frames("pipeline_execution_log").query("event_type == 'fetch'")
        return [dict(row) for row in frame.to_dict("records")]


@pytest.fixture
def home(at_home: Settings, time: Time) -> Iterator[Home]:
    """An empty home the morning after two games."""
    platform = Platform.open(at_home, time.clock)
    yield Home(platform, time)
    platform.close()


@pytest.fixture
def schedule(site: Site, tmp_path: Path) -> None:
    """The site has the schedule: both games are final."""
    site.serve(SCHEDULE, _payload(Drops(tmp_path / "schedule").schedule(DAY, [EARLY, LATE], final=True)))


def _payload(path: Path) -> Any:
    return json.loads(path.read_bytes())


def test_games_come_from_the_schedule_which_is_fetched_if_the_warehouse_has_none(
    home: Home, site: Site, schedule: None
) -> None:
    site.serve(GAMEBOOKS[0], PDF)
    reports = home.fetch("nbac_gamebook_player_stats")
    assert site.paths() == [SCHEDULE, *GAMEBOOKS]
    assert reports["nbac_schedule"].outcome == "landed"
    assert home.landed() == [
        "nba-com/gamebooks-pdf/2024-11-01/20241101-BOSNYK/20241102_130000.pdf",
        "nba-com/schedule/2024-25/20241102_130000.json",
    ]


def test_a_date_without_games_costs_one_look_at_the_schedule(home: Home, site: Site, tmp_path: Path) -> None:
    other = Drops(tmp_path).schedule(DAY + dt.timedelta(days=1), [], final=False)
    site.serve(SCHEDULE, _payload(other))
    report = home.fetch("nbac_play_by_play")["nbac_play_by_play"]
    assert (report.outcome, report.reason) == ("nothing due", "no games on 2024-11-01")
    assert site.paths() == [SCHEDULE]


def test_without_any_schedule_nothing_is_guessed(home: Home, site: Site) -> None:
    site.serve(SCHEDULE, Reply(PAGE, 403))
    reports = home.fetch("nbac_play_by_play")
    assert reports["nbac_schedule"].outcome == "failed"
    assert reports["nbac_play_by_play"].outcome == "failed"
    assert "no schedule says which games 2024-11-01 has" in reports["nbac_play_by_play"].reason


def test_drops_of_a_fetch_are_drops_like_any_other(home: Home, site: Site, schedule: None) -> None:
    home.fetch("nbac_schedule")
    drop = home.platform.ledger.drops()[0]
    assert drop["source"] == "nbac_schedule"
    assert drop["known_at"] == drop["received_at"] == MORNING
    assert not drop["known_at_assumed"]
    assert drop["outcome"] == "ok"


def test_results_fetched_long_after_count_as_known_when_their_source_had_them(
    home: Home, site: Site, schedule: None, tmp_path: Path
) -> None:
    log = _payload(Drops(tmp_path / "log").game_log(DAY, [EARLY, LATE]))
    site.serve("/stats/leaguegamelog", log, log | {"resource": "corrected"})
    home.time.clock.moment = MORNING + dt.timedelta(days=300)
    home.fetch("nbac_player_boxscores")
    (first,) = home.platform.ledger.drops(source="nbac_player_boxscores")
    assert first["object_name"].endswith("-due-20241102_070000.json"), "a tip at 02:00, three hours of game, two more"
    assert first["known_at"] == dt.datetime(2024, 11, 2, 7, 0, tzinfo=dt.UTC)
    assert first["known_at_assumed"]
    home.time.clock.moment += dt.timedelta(days=1)
    home.fetch("nbac_player_boxscores")
    _, second = home.platform.ledger.drops(source="nbac_player_boxscores")
    assert second["known_at"] > MORNING + dt.timedelta(days=300), "a second capture was seen when it was taken"
    assert not second["known_at_assumed"]


def test_the_execution_log_has_every_file_with_its_hash_request_and_drop(
    home: Home, site: Site, tmp_path: Path
) -> None:
    body = _payload(Drops(tmp_path).schedule(DAY, [EARLY], final=True))
    site.serve(SCHEDULE, Reply(json.dumps(body).encode(), headers={"X-Request-Id": "req-17"}))
    home.fetch("nbac_schedule")
    drop, row = home.platform.ledger.drops()[0], home.executions()[0]
    assert (row["phase"], row["processor_name"], row["event_type"]) == (1, "landing.nbac_schedule", "fetch")
    assert (row["status"], row["records_processed"]) == ("completed", 1)
    assert list(row["correlation_ids"]) == [drop["correlation_id"]]
    file = json.loads(row["metadata"])["files"][0]
    assert (file["object_name"], file["content_hash"]) == (drop["object_name"], drop["content_hash"])
    assert file["request_id"] == "req-17"
    assert file["url"].startswith("https://stats.nba.com/stats/scheduleleaguev2int?")


def test_a_failed_fetch_is_in_the_execution_log_with_its_reason(home: Home, site: Site) -> None:
    site.serve("/stats/playerindex", Reply(PAGE, 403))
    assert home.fetch("nbac_player_list")["nbac_player_list"].outcome == "failed"
    row = home.executions()[0]
    assert (row["status"], row["error_message"]) == ("failed", "stats.nba.com answers 403")


def test_what_has_not_changed_is_not_sent_or_landed_again(home: Home, site: Site, schedule: None) -> None:
    path = LIVE.format(EARLY.game_id)
    first = Reply(
        b'{"game": {"gameId": "0022400101", "actions": []}}', headers={"ETag": '"v1"', "Last-Modified": "Fri"}
    )
    site.serve(path, first, Reply(status=304), Reply(first.body), Reply(b'{"game": {"actions": [1]}}'))
    site.serve(LIVE.format(LATE.game_id), Reply(status=404))
    site.serve("/stats/playbyplayv3", Reply(status=204))
    outcomes = [home.fetch("nbac_play_by_play")["nbac_play_by_play"] for _ in range(4)]
    assert [len(report.files) for report in outcomes] == [1, 0, 0, 1]
    assert [report.outcome for report in outcomes[1:3]] == ["unchanged", "unchanged"]
    conditions = [asked.headers for asked in site.asked if asked.path == path]
    assert "if-none-match" not in conditions[0]
    assert (conditions[1]["if-none-match"], conditions[1]["if-modified-since"]) == ('"v1"', "Fri")


def test_a_drop_that_was_lost_is_fetched_again(home: Home, site: Site, schedule: None) -> None:
    site.serve(GAMEBOOKS[0], Reply(PDF, headers={"ETag": '"v1"'}))
    home.fetch("nbac_gamebook_player_stats")
    home.platform.landing.delete("nba-com/gamebooks-pdf/2024-11-01/20241101-BOSNYK/20241102_130000.pdf")
    assert len(home.fetch("nbac_gamebook_player_stats")["nbac_gamebook_player_stats"].files) == 1
    assert "if-none-match" not in site.asked[-2].headers


def test_what_was_not_taken_in_is_not_remembered(home: Home, site: Site, schedule: None) -> None:
    site.serve(GAMEBOOKS[0], Reply(PDF, headers={"ETag": '"v1"'}))
    with pytest.raises(RuntimeError), fetched(home.platform, ["nbac_gamebook_player_stats"], DAY):
        raise RuntimeError("no room to land it")
    assert not list((home.platform.settings.fetching / "validators").glob("*.json"))


def test_f06_an_answer_without_all_final_games_is_partial_and_names_them(
    home: Home, site: Site, schedule: None, tmp_path: Path
) -> None:
    site.serve("/stats/leaguegamelog", _payload(Drops(tmp_path).game_log(DAY, [EARLY])))
    report = home.fetch("nbac_player_boxscores")["nbac_player_boxscores"]
    assert (report.outcome, report.missing, report.failed) == ("partial", ["DEN@LAL"], True)
    assert "missing DEN@LAL" in report.reason
    assert len(report.files) == 1, "the game that is there lands all the same"


def test_an_answer_without_any_game_is_waited_for(home: Home, site: Site, schedule: None) -> None:
    site.serve("/stats/leaguegamelog", {"resultSets": [{"name": "LeagueGameLog", "headers": LOG, "rowSet": []}]})
    report = home.fetch("nbac_player_boxscores")["nbac_player_boxscores"]
    assert (report.outcome, report.failed, report.missing) == ("empty", False, [])


def test_a_complete_answer_is_landed(home: Home, site: Site, schedule: None, keys: str, tmp_path: Path) -> None:
    site.serve("/stats/leaguegamelog", _payload(Drops(tmp_path).game_log(DAY, [EARLY, LATE])))
    site.serve("/v1/box_scores", _payload(Drops(tmp_path).bdl(DAY, [EARLY, LATE])))
    reports = home.fetch("nbac_player_boxscores", "bdl_player_boxscores")
    assert {report.outcome for report in reports.values()} == {"landed"}


def test_f05_one_source_that_fails_leaves_the_others_alone(
    home: Home, site: Site, schedule: None, keys: str, tmp_path: Path
) -> None:
    site.serve("/v1/box_scores", Reply(b"", 401))
    site.serve("/stats/leaguegamelog", _payload(Drops(tmp_path).game_log(DAY, [EARLY, LATE])))
    site.serve(GAMEBOOKS[0], PDF)
    site.serve(GAMEBOOKS[1], Reply(b"", 500))
    reports = home.fetch("bdl_player_boxscores", "nbac_player_boxscores", "nbac_gamebook_player_stats")
    assert {source: report.outcome for source, report in reports.items()} == {
        "nbac_schedule": "landed",
        "bdl_player_boxscores": "failed",
        "nbac_player_boxscores": "landed",
        "nbac_gamebook_player_stats": "partial",
    }
    assert site.paths().count("/v1/box_scores") == 1


def test_f05_what_was_refused_comes_with_the_next_fetch_and_tables_are_those_of_a_clean_run(
    home: Home, site: Site, schedule: None, keys: str, tmp_path: Path, postgres: str
) -> None:
    wanted = ("nbac_player_list", "nbac_player_boxscores", "bdl_player_boxscores")
    drops = Drops(tmp_path)
    site.serve("/stats/playerindex", _payload(drops.player_list(DAY)))
    site.serve("/stats/leaguegamelog", Reply(b"", 429, {"Retry-After": "3600"}))
    site.serve("/v1/box_scores", Reply(b"", 401))
    reports = home.fetch(*wanted)
    assert [reports[source].outcome for source in wanted] == ["landed", "failed", "failed"]
    home.build()

    home.time.sleep(7_200)
    site.serve("/stats/leaguegamelog", _payload(drops.game_log(DAY, [EARLY, LATE])))
    site.serve("/v1/box_scores", _payload(drops.bdl(DAY, [EARLY, LATE])))
    reports = home.fetch(*wanted[1:])
    assert [reports[source].outcome for source in wanted[1:]] == ["landed", "landed"]
    home.build()
    found = home.tables()
    assert len(found["player_game_summary"]) == 32

    with new_database(postgres) as url:
        clean = Home(Platform.open(Settings(home=tmp_path / "clean", database_url=SecretStr(url))), home.time)
        landing = home.platform.settings.landing
        clean.taken = take(clean.platform, scan(landing))
        clean.build()
        for name, rows in clean.tables().items():
            assert_same(tables()[name], found[name], rows)
        clean.platform.close()
    counts = home.platform.ledger.counts()
    assert counts["received_total"] == len(home.landed()) == counts["pending"]


def test_an_answer_of_another_shape_fails_its_source_only(home: Home, site: Site, schedule: None, keys: str) -> None:
    site.serve("/v3/events", {"events": [{"name": "no id"}]})
    report = home.fetch("bettingpros_player_points_props")["bettingpros_player_points_props"]
    assert report.outcome == "failed"
    assert report.reason == "the answer could not be read: KeyError: 'id'"


def test_an_unknown_source_is_bad_usage(home: Home, site: Site) -> None:
    with pytest.raises(UsageError, match="no source 'nbac_scores' can be fetched"):
        home.fetch("nbac_scores")


def test_a_source_without_its_key_fails_by_itself_and_is_skipped_among_all(
    home: Home, site: Site, schedule: None, no_keys: None
) -> None:
    with pytest.raises(MissingKey):
        home.fetch("bdl_player_boxscores")
    report = home.fetch("bdl_player_boxscores", skip_without_key=True)["bdl_player_boxscores"]
    assert (report.outcome, report.failed, report.reason) == ("no key", False, "BDL_API_KEY is not set")


def serve_all(site: Site, folder: Path, *, final: bool) -> None:
    """Something well-formed for every source of the date."""
    drops = Drops(folder / "payloads")
    games = [EARLY, LATE]
    site.serve(SCHEDULE, _payload(drops.schedule(DAY, games, final=final)))
    site.serve("/stats/playerindex", _payload(drops.player_list(DAY)))
    site.serve("/stats/leaguegamelog", _payload(drops.game_log(DAY, games)))
    site.serve("/stats/boxscoretraditionalv3", {"boxScoreTraditional": {"homeTeam": None}})
    for path in GAMEBOOKS:
        site.serve(path, PDF)
    for game in games:
        site.serve(LIVE.format(game.game_id), {"game": {"gameId": game.game_id, "actions": []}})
    site.serve("/wp-json/api/v1/get-game-officials", {"nba": {"Table": {"rows": []}}})
    site.serve("/v1/box_scores", _payload(drops.bdl(DAY, games)))
    site.serve("/v4/sports/basketball_nba/events", [])
    site.serve("/v4/sports/basketball_nba/odds", [])
    site.serve("/v4/historical/sports/basketball_nba/events", {"timestamp": "2024-11-01T23:00:00Z", "data": []})
    site.serve("/v4/historical/sports/basketball_nba/odds", {"timestamp": "2024-11-01T23:00:00Z", "data": []})
    site.serve("/v3/events", {"events": []})


@pytest.mark.parametrize("now", [NOON, MORNING], ids=["before the games", "the morning after"])
def test_all_sources_of_a_date_are_fetched_at_once_and_politely(
    home: Home, site: Site, tmp_path: Path, keys: str, monkeypatch: pytest.MonkeyPatch, now: dt.datetime
) -> None:
    monkeypatch.delenv("BIGDATABALL_SERVICE_ACCOUNT", raising=False)
    serve_all(site, tmp_path, final=now == MORNING)
    home.time.clock.moment = now
    reports = home.fetch(*fetchers(), skip_without_key=True)
    outcomes = {source: report.outcome for source, report in reports.items()}
    assert set(outcomes) == set(fetchers())
    assert not {source for source, report in reports.items() if report.failed}
    assert outcomes["bigdataball_play_by_play"] == ("no key" if now == MORNING else "nothing due")
    assert site.paths()[0] == SCHEDULE, "the games are known before anything else is asked"
    assert site.paths().count(SCHEDULE) == 1
    if now == NOON:
        assert not any("/pdfs/" in path or "playbyplay" in path for path in site.paths())
    counts = home.platform.ledger.counts()
    assert counts["received_total"] == sum(len(report.files) for report in reports.values())


def test_f57_a_planted_key_is_in_no_output(
    home: Home,
    site: Site,
    tmp_path: Path,
    schedule: None,
    keys: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    serve_all(site, tmp_path, final=False)
    home.time.clock.moment = NOON
    site.serve("/v3/events", Reply(f'{{"message": "key {CANARY} is wrong"}}'.encode(), 403))
    site.serve("/v4/sports/basketball_nba/events", Reply(f'{{"apiKey": "{CANARY}"}}'.encode(), 401))
    lines = ("odds_api_game_lines", "odds_api_player_points_props", "bettingpros_player_points_props")
    reports = home.fetch(*lines)
    assert [reports[source].outcome for source in lines] == ["empty", "failed", "failed"]
    assert {asked.query.get("apiKey", CANARY) for asked in site.asked} == {CANARY}

    said = [repr(reports), caplog.text, *capfd.readouterr()]
    said += [
        home.platform.ledger.frames(name).to_json()
        for name in ("pipeline_execution_log", "drops", "quarantine", "receipts", "work", "waiting")
    ]
    folder = home.platform.settings.home
    said += [f"{path} {path.read_bytes()!r}" for path in folder.rglob("*") if path.is_file()]
    assert len(said) > 10
    assert not [text for text in said if "canary" in text]
    assert "***" in reports["odds_api_player_points_props"].reason
