"""What others put into the landing zone: found by prefix, taken in once a content, kept when it is replaced."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from nba_assets.clock import FixedClock
from nba_assets.engine.intake import scan, take
from nba_assets.engine.landing_zone import Span, named, newest_dates, spans, take_landed, unseen
from nba_assets.engine.platform import Platform
from nba_assets_tests.handmade import Drops, Game

DAY = dt.date(2024, 11, 1)
GAME = Game("0022400101", DAY, "BOS", "NYK", {team: [20, 15, 12, 11, 10, 10, 10, 10] for team in ("BOS", "NYK")})
NOON = dt.datetime(2024, 11, 1, 16, tzinfo=dt.UTC)


@pytest.fixture
def landed(platform: Platform) -> Path:
    """The landing zone's folder, with the drops before a game as its fetchers would have put them there."""
    platform.clock = FixedClock(NOON)
    Drops(platform.settings.landing).before(GAME, {})
    return platform.settings.landing


def look(platform: Platform) -> list[str]:
    sources = ["nbac_schedule", "nbac_player_list", "bdl_player_boxscores"]
    return [entry.name for entry in unseen(platform, sources, newest_dates(platform))]


def test_what_lies_there_is_seen_once(platform: Platform, landed: Path) -> None:
    seen = look(platform)
    assert seen and all((landed / name).is_file() for name in seen)
    result = take_landed(platform, unseen(platform, ["nbac_schedule", "nbac_player_list"], newest_dates(platform)))
    assert result.received == len(seen)
    assert look(platform) == []
    assert {drop["status"] for drop in platform.ledger.drops()} == {"pending"}


def test_another_content_under_the_name_is_another_drop_and_the_first_stays(platform: Platform, landed: Path) -> None:
    (name,) = [name for name in look(platform) if "schedule" in name]
    take_landed(platform, named(platform, [name]))
    first = (landed / name).read_bytes()
    (landed / name).write_bytes(first + b" ")
    assert name in look(platform)
    assert take_landed(platform, named(platform, [name, name])).received == 1
    assert platform.landing.get(name, hashlib.sha256(first).hexdigest()) == first
    assert len(platform.ledger.drops(source="nbac_schedule")) == 2


def test_a_touched_file_of_the_same_bytes_is_a_duplicate(platform: Platform, landed: Path) -> None:
    (name,) = [name for name in look(platform) if "schedule" in name]
    take_landed(platform, named(platform, [name]))
    (landed / name).touch()
    result = take_landed(platform, named(platform, [name]))
    assert (result.received, result.duplicates) == (0, 1)
    counts = platform.ledger.counts()
    assert counts["received_total"] == counts["pending"] + counts["duplicate"] == 2


def test_what_is_gone_or_hidden_or_a_link_is_no_object(platform: Platform, landed: Path) -> None:
    (name,) = [name for name in look(platform) if "schedule" in name]
    folder = (landed / name).parent
    (folder / ".20241101_120000.json.part").write_bytes(b"half")
    (folder / "link.json").symlink_to(landed / name)
    assert "schedule" not in "".join(set(look(platform)) - {name})
    assert named(platform, [f"{Path(name).parent}/nothing.json", "nba-com", f"{Path(name).parent}/link.json"]) == []
    entry = named(platform, [name])
    (landed / name).unlink()
    result = take_landed(platform, entry)
    assert (result.received, len(result.unread)) == (0, 1)


def test_what_an_ingest_took_in_is_not_seen_again(platform: Platform, tmp_path: Path) -> None:
    platform.clock = FixedClock(NOON)
    Drops(tmp_path / "drops").before(GAME, {})
    take(platform, scan(tmp_path / "drops"))
    assert look(platform) == []


def test_a_path_that_no_source_claims_is_quarantined_where_it_lies(platform: Platform) -> None:
    stray = platform.settings.landing / "elsewhere" / "file.json"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"{}")
    (entry,) = named(platform, ["elsewhere/file.json"])
    (rejected,) = take_landed(platform, [entry]).quarantined
    assert (rejected.source, rejected.rule) == ("unknown", "path")
    assert platform.quarantine.get(rejected.kept_at) == b"{}"
    assert named(platform, ["elsewhere/file.json"]) == []


def test_the_dates_looked_at_are_the_newest_and_tomorrow(platform: Platform) -> None:
    platform.clock = FixedClock(dt.datetime(2024, 11, 2, 3, 30, tzinfo=dt.UTC))
    days = newest_dates(platform)
    assert (days[0], days[1], days[-1]) == (dt.date(2024, 11, 2), DAY, dt.date(2024, 10, 26))
    seasons = [Span("nba-com/schedule/2024-25/"), Span("nba-com/schedule-cdn/2024-25/")]
    assert spans("nbac_schedule", days) == seasons
    box = "ball-dont-lie/boxscores/"
    assert Span(box, f"{box}2024-10-26/", f"{box}2024-11-020") in spans("bdl_player_boxscores", days)
    older = dt.date(2024, 10, 22)
    play = "big-data-ball/2024-25/"
    found = {span for span in spans("bigdataball_play_by_play", [*days, older]) if span.prefix == play}
    assert found == {
        Span(play, f"{play}2024-10-22/", f"{play}2024-10-220"),
        Span(play, f"{play}2024-10-26/", f"{play}2024-11-020"),
    }
