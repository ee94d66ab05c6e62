"""The quarantine at the desk: a retry brings in what an older version kept out, known since its own capture."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.clock import FixedClock
from nba_assets.engine.graph import build_order
from nba_assets.engine.ingest import ingest
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.quarantine import Retried, alarm_line, alarms, chosen, discard, retry
from nba_assets.errors import UsageError
from nba_assets.storage.records import Arrival, Drop, QuarantineEntry, Settlement
from nba_assets_tests.engine.conftest import NOW, Home, early_steps, rows, take_raw
from nba_assets_tests.engine.test_bad_input import GAMEBOOK, truncate
from nba_assets_tests.engine.three_games import FIRST, GAMES, season
from nba_assets_tests.handmade import Drops, Game

PHASES = ("nba_raw", "nba_analytics")
LATER = NOW + dt.timedelta(days=1)


def tried(platform: Platform, *ids: str) -> list[Retried]:
    entries = chosen(platform, ids) if ids else platform.ledger.quarantined(state="open")
    return retry(platform, entries, lambda window, _: early_steps(platform, window, PHASES))


def adds_up(platform: Platform) -> dict[str, int]:
    counts = platform.ledger.counts()
    assert counts["received_total"] == sum(counts[k] for k in ("applied", "duplicate", "quarantined", "pending"))
    return counts


def kept_out(platform: Platform, drops: list[Drop]) -> None:
    """What a version whose parser could not read them has left of good drops: the verdict, the reason, the bytes."""
    for drop in drops:
        entry = QuarantineEntry(
            drop["source"], drop["object_name"], drop["content_hash"], "$", "json", "an older parser's error"
        )
        data = platform.landing.get(drop["object_name"], drop["content_hash"])
        platform.quarantine.put(entry.kept_at, data)
        platform.ledger.quarantine([entry], platform.clock.now())
    settled = [Settlement(drop["correlation_id"], "quarantined", "bad") for drop in drops]
    platform.ledger.settle(settled, platform.clock.now())


def test_what_passes_a_retry_gives_the_tables_of_a_run_that_never_kept_it_out(
    home: Home, tmp_path: Path, clock: FixedClock
) -> None:
    folder = season(tmp_path / "drops")
    for path in list(folder.rglob("gamebooks-data/**/*.json")):
        path.rename(path.with_name("book.json"))
    clean, mended = home("clean"), home("mended")
    ingest(clean, scan(folder), lambda window, _: early_steps(clean, window, PHASES))
    take(mended, scan(folder))
    bad = mended.ledger.drops()[::2]
    assert {drop["source"] for drop in bad} == {drop["source"] for drop in mended.ledger.drops()}
    kept_out(mended, bad)
    ingest(mended, [], lambda window, _: early_steps(mended, window, PHASES))
    assert adds_up(mended)["quarantined"] == len(bad)

    clock.moment = LATER
    found = tried(mended)

    assert len(found) == len(bad) and not any(one.rejects for one in found)
    assert adds_up(mended) | {"received_total": 0} == {
        "received_total": 0,
        "applied": 21,
        "duplicate": 0,
        "quarantined": 0,
        "pending": 0,
    }
    assert {e["state"] for e in mended.ledger.quarantined()} == {"resolved"}
    for table in build_order():
        assert mended.warehouse.versions(table) == clean.warehouse.versions(table), table
    assert clean.warehouse.versions("player_game_summary")
    books = rows(mended, "nbac_gamebook_player_stats")
    assert set(books["known_at"]) == {pd.Timestamp(NOW)}, "the receipt of a file without a stamp, not the retry"


def test_a_game_that_was_rejected_in_a_good_drop_comes_in(home: Home, tmp_path: Path, clock: FixedClock) -> None:
    other = Game("0022400109", FIRST.day, "DEN", "LAL", {"DEN": [20, *[10] * 7], "LAL": [21, *[10] * 7]})
    drops = Drops(tmp_path / "drops")
    drops.player_list(FIRST.day)
    drops.schedule(FIRST.day, [FIRST, other], final=True)
    drops.bdl(FIRST.day, [FIRST, other])
    platform = home("partial")
    take_raw(platform, tmp_path / "drops")
    whole = rows(platform, "bdl_player_boxscores")
    (drop,) = platform.ledger.drops(source="bdl_player_boxscores")
    entry = QuarantineEntry(
        drop["source"], drop["object_name"], drop["content_hash"], "$.data[1]", "B1", "points", game=other.game_id
    )
    platform.quarantine.put(entry.kept_at, platform.landing.get(drop["object_name"]))
    platform.ledger.quarantine([entry], NOW)
    left = whole[whole["game_id"] == FIRST.game_id]
    platform.warehouse.replace("bdl_player_boxscores", [pd.Timestamp(FIRST.day)], left)

    clock.moment = LATER
    (found,) = tried(platform, "1")

    assert (found.resolved, found.rejects, found.drop["status"]) == (1, [], "applied")
    pd.testing.assert_frame_equal(rows(platform, "bdl_player_boxscores"), whole)
    assert adds_up(platform)["applied"] == 3


def test_what_is_still_bad_stays_with_its_first_time_and_a_new_last_one(
    home: Home, tmp_path: Path, clock: FixedClock
) -> None:
    platform = home("bad")
    folder = season(tmp_path / "drops")
    truncate(folder / GAMEBOOK)
    (folder / "notes.txt").write_text("buy milk")
    (folder / "nba-com" / "link.json").symlink_to(folder / GAMEBOOK)
    take_raw(platform, folder)
    before = {table: platform.warehouse.versions(table) for table in build_order()}
    clock.moment = LATER
    found = tried(platform)
    assert [len(one.rejects) for one in found] == [1, 1, 1]
    assert sum(one.resolved for one in found) == 0
    entries = platform.ledger.quarantined()
    assert {(e["state"], e["first_seen"], e["last_seen"]) for e in entries} == {("open", NOW, LATER)}
    assert {table: platform.warehouse.versions(table) for table in before} == before
    assert (adds_up(platform)["quarantined"], adds_up(platform)["applied"]) == (3, 20)


def test_a_path_that_a_source_claims_by_now_is_landed(home: Home, tmp_path: Path) -> None:
    platform = home("claimed")
    folder = season(tmp_path / "drops")
    data = (folder / GAMEBOOK).read_bytes()
    (folder / GAMEBOOK).unlink()
    take_raw(platform, folder)
    kept = QuarantineEntry("unknown", GAMEBOOK, _sha(data), "object name", "path", "no source claims this path")
    stamp = dt.datetime(2024, 11, 2, 6, tzinfo=dt.UTC)
    platform.ledger.receive([Arrival(GAMEBOOK, _sha(data), "unknown", len(data), (), stamp)], NOW)
    platform.ledger.settle([Settlement(kept.correlation_id, "quarantined", "bad")], NOW)
    platform.quarantine.put(kept.kept_at, data)
    platform.ledger.quarantine([kept], NOW)

    (found,) = tried(platform, kept.correlation_id)

    assert (found.drop["source"], found.drop["status"]) == ("nbac_gamebook_player_stats", "applied")
    assert found.drop["known_at"] == stamp
    book = rows(platform, "nbac_gamebook_player_stats", FIRST.day)
    assert len(book) == 16 and set(book["known_at"]) == {pd.Timestamp(stamp)}


def test_a_discard_closes_an_entry_keeps_the_bytes_and_needs_a_reason(
    home: Home, tmp_path: Path, clock: FixedClock
) -> None:
    platform = home("discarded")
    folder = season(tmp_path / "drops")
    truncate(folder / GAMEBOOK)
    take_raw(platform, folder)
    (entry,) = platform.ledger.quarantined()
    with pytest.raises(UsageError, match="needs a reason"):
        discard(platform, [entry], " ")
    clock.moment = LATER
    discard(platform, [entry], "a broken upload")
    (closed,) = platform.ledger.quarantined(state="discarded")
    assert (closed["reason"], closed["closed_at"], closed["last_seen"]) == ("a broken upload", LATER, NOW)
    assert platform.quarantine.get(closed["kept_at"]) == (folder / GAMEBOOK).read_bytes()
    assert adds_up(platform)["quarantined"] == 1
    with pytest.raises(UsageError, match="is discarded: a broken upload"):
        discard(platform, chosen(platform, [closed["correlation_id"]]), "again")
    (again,) = tried(platform, str(closed["quarantine_id"]))
    assert [e["state"] for e in again.rejects] == ["discarded"], "asked for by its number, and still bad"
    with pytest.raises(UsageError, match="nothing in quarantine has the id '99'"):
        chosen(platform, ["99"])


def test_a_source_with_too_many_is_named_with_its_rule(home: Home, tmp_path: Path) -> None:
    platform = home("alarm")
    folder = season(tmp_path / "drops")
    books = sorted(folder.rglob("gamebooks-data/**/*.json"))
    assert len(books) == len(GAMES)
    truncate(books[0])
    take(platform, scan(folder))
    (alarm,) = alarms(platform)
    assert alarm_line(alarm) == (
        "nbac_gamebook_player_stats: 1 of its newest 3 receipts are in quarantine, most by rule json"
    )
    discard(platform, platform.ledger.quarantined(), "known")
    assert alarms(platform) == []


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
