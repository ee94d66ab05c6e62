"""Bad drops: each is quarantined with file, place and rule, its bytes are kept, the rest of the batch goes on."""

from __future__ import annotations

import hashlib
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from nba_assets.engine.intake import MAX_BYTES, scan, take
from nba_assets.engine.quarantine import retry
from nba_assets_tests.engine.conftest import Home, rows, take_played
from nba_assets_tests.engine.three_games import FIRST, season
from nba_assets_tests.handmade import player_name

GAMEBOOK = "nba-com/gamebooks-data/2024-11-01/20241101-BOSNYK/20241102_060000.json"
LOG = "nba-com/player-boxscores/2024-11-01/20241102_070500.json"
LIST = "nba-com/player-list/2024-11-01/20241101_110000.json"


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def html(path: Path) -> None:
    path.write_text("<!doctype html><html><body>403 Forbidden</body></html>")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def wrong_points(path: Path) -> None:
    book = json.loads(path.read_text())
    book["active_players"][0]["stats"]["points"] += 1
    path.write_text(json.dumps(book))


def text_for_a_number(path: Path) -> None:
    log = json.loads(path.read_text())
    table = log["resultSets"][0]
    table["rowSet"][3][table["headers"].index("AST")] = "two"
    path.write_text(json.dumps(log))


def symlink(path: Path) -> None:
    target = path.with_suffix(".real")
    path.rename(target)
    target.rename(path.parents[5] / "elsewhere.json")
    path.symlink_to(path.parents[5] / "elsewhere.json")


@pytest.mark.parametrize(
    ("name", "damage", "says"),
    [
        (GAMEBOOK, truncate, "json"),
        (GAMEBOOK, html, "HTML"),
        (GAMEBOOK, empty, "empty"),
        (GAMEBOOK, wrong_points, "B1"),
        (LOG, text_for_a_number, "AST"),
        (LIST, symlink, "symbolic link"),
    ],
)
def test_a_damaged_drop_is_quarantined_and_the_rest_goes_on(
    name: str, damage: Callable[[Path], None], says: str, home: Home, tmp_path: Path
) -> None:
    platform = home("damaged")
    folder = season(tmp_path / "a" / "drops")
    damage(folder / name)
    data = b"" if (folder / name).is_symlink() else (folder / name).read_bytes()

    result = take_played(platform, folder)

    assert {entry.object_name for entry in result.quarantined} == {name}
    told = " ".join(f"{e.source} {e.place} {e.rule} {e.message} {e.excerpt}" for e in result.quarantined)
    assert says.lower() in told.lower(), told
    entries = platform.ledger.frames("quarantine")
    assert set(entries["object_name"]) == {name} and entries["rule"].notna().all()
    if data or damage is empty:
        kept = hashlib.sha256(data).hexdigest()
        assert platform.quarantine.get(f"sha256/{kept[:2]}/{kept}") == data
    counts = platform.ledger.counts()
    assert counts["received_total"] == 21 == counts["applied"] + counts["quarantined"]
    assert set(rows(platform, "player_game_summary")["game_date"].dt.day) >= {3, 8}, "the other games are built"


def test_f58_a_path_that_no_source_claims_and_a_name_that_climbs_out(home: Home, tmp_path: Path) -> None:
    platform = home("strange")
    folder = season(tmp_path / "drops")
    (folder / "recipes").mkdir()
    (folder / "recipes" / "soup.json").write_text("{}")
    hidden = folder / "nba-com" / "player-list" / ".." / "player-list" / ".hidden.json"
    hidden.write_text("{}")
    (folder / os.fsdecode(b"b\xffd.json")).write_text("{}")
    result = take_played(platform, folder)
    names = {"recipes/soup.json", "nba-com/player-list/.hidden.json", "b\\udcffd.json"}
    assert {e.object_name for e in result.quarantined} == names
    assert {e.rule for e in result.quarantined} == {"path", "name"}
    assert platform.ledger.counts()["applied"] == 21


def test_a_full_gamebook_that_follows_a_bad_one_is_used(home: Home, tmp_path: Path) -> None:
    platform = home("mended")
    folder = season(tmp_path / "drops")
    whole = (folder / GAMEBOOK).read_bytes()
    truncate(folder / GAMEBOOK)
    take_played(platform, folder)
    (tmp_path / "more" / GAMEBOOK).parent.mkdir(parents=True)
    (tmp_path / "more" / GAMEBOOK).with_name("20241102_080000.json").write_bytes(whole)
    take_played(platform, tmp_path / "more")
    box = rows(platform, "player_game_summary", FIRST.day)
    mine = box[(box["player_name"] == player_name("BOS", 0)) & box["superseded_at"].isna()]
    assert mine["box_source"].tolist() == ["gamebook"]


def test_f58_a_file_that_is_too_large_is_kept_and_never_in_memory(home: Home, tmp_path: Path) -> None:
    platform = home("large")
    path = tmp_path / "drops" / LOG
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.write(b"PK")
        file.truncate(MAX_BYTES + 1)
    tracemalloc.start()
    try:
        results = [take(platform, scan(tmp_path / "drops")) for _ in range(2)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MAX_BYTES / 8
    first, again = results
    (entry,) = first.quarantined
    assert (entry.object_name, entry.rule) == (LOG, "file_size") and str(MAX_BYTES) in entry.message
    assert (again.duplicates, again.quarantined) == (1, [])
    kept = platform.settings.quarantine / entry.kept_at
    assert kept.stat().st_size == MAX_BYTES + 1 and not platform.landing.exists(LOG)
    with kept.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == entry.content_hash
    (retried,) = retry(platform, platform.ledger.quarantined(), lambda window, result: True)
    assert [reject["rule"] for reject in retried.rejects] == ["file_size"], "another try does not read it either"
