"""Simulated documents: what is drawn is what is read, and injury reports fit to who then plays."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import sources
from nba_assets.simulator import simulate
from nba_assets.simulator.calendar import EASTERN
from nba_assets.simulator.files import nbac_gamebook_player_stats, nbac_injury_report, nbac_referee_assignments
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.files.injury_pdf import MARKER, Printed, draw
from nba_assets.simulator.health import News
from nba_assets.simulator.season import Day, Season
from nba_assets.sources.injury_pages import read_entries
from nba_assets.sources.parsed import Outcome
from nba_assets.sources.pdf import read_pdf

START, END = dt.date(2025, 10, 29), dt.date(2025, 11, 4)
"""Both sides of the change to winter time."""
TITLED = dt.datetime(2025, 11, 1, 12, 30, tzinfo=EASTERN)


@pytest.fixture(scope="module")
def days() -> list[Day]:
    return list(Season(7, START).days(END))


def read(data: bytes) -> list[Printed]:
    """The entries of a report, with the times as drawn left out."""
    _, entries = read_entries(read_pdf(data))
    return [
        Printed(e.date, "", e.matchup, e.team, e.player, e.status, e.reason if e.status else MARKER) for e in entries
    ]


def untimed(rows: list[Printed]) -> list[Printed]:
    return [Printed(r.date, "", r.matchup, r.team, r.player, r.status, r.reason) for r in rows]


def written(days: list[Day], folder: Path) -> list[tuple[str, bytes]]:
    """(object name, bytes) of the injury reports."""
    drops = Folder(folder)
    for day in days:
        nbac_injury_report.write(drops, day)
    found = sorted(path for path in folder.rglob("*.pdf"))
    assert len(found) == drops.written["nbac_injury_report"]
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in found]


def test_every_report_is_read_as_it_was_drawn(days: list[Day]) -> None:
    pages, split = 0, 0
    for day in days:
        for _, news in nbac_injury_report.REPORTS:
            rows = nbac_injury_report.report(day, news)
            data = draw(TITLED, rows)
            assert read(data) == untimed(rows)
            pages = max(pages, len(read_pdf(data)))
            split += sum(row.reason not in data.decode() for row in rows)
    assert pages >= 3, "teams go on over pages"
    assert split > 20, "reasons are wrapped"


REASONS = st.lists(st.sampled_from(["Injury/Illness", "-", "Left", "Non-displaced", "Tendinopathy;", "G"]), max_size=26)
TEAMS = st.lists(
    st.tuples(st.sampled_from(["New York Knicks", "Philadelphia 76ers"]), st.lists(REASONS, max_size=9)), max_size=9
)


@given(TEAMS)
@settings(max_examples=60, deadline=None)
def test_any_report_is_read_as_it_was_drawn(teams: list[tuple[str, list[list[str]]]]) -> None:
    rows = []
    for game, (team, men) in enumerate(teams):
        about = (f"11/{1 + game // 3:02d}/2025", "07:30 (ET)", f"NYK@PH{game}", team)
        rows += [Printed(*about, f"Man, {n}", "Out", " ".join(words) or "Rest") for n, words in enumerate(men)]
        rows += [] if men else [Printed(*about, "", "", MARKER)]
    assert read(draw(TITLED, rows)) == untimed(rows)


def test_the_drops_parse_and_equal_their_twins(days: list[Day], tmp_path: Path) -> None:
    for name, data in written(days, tmp_path):
        found = sources.parse("nbac_injury_report", data, name)
        assert found.outcome is Outcome.OK, (name, found.rejects)
        title, entries = read_entries(read_pdf(data))
        when = dt.datetime.strptime(title, "%m/%d/%y %I:%M %p").replace(tzinfo=EASTERN)
        assert found.rows["report_at"].iloc[0] == pd.Timestamp(when)
        stamp = dt.datetime.strptime(name[-19:-4], "%Y%m%d_%H%M%S").replace(tzinfo=dt.UTC)
        assert dt.timedelta(0) < stamp - when < dt.timedelta(minutes=5)
        records = [
            {"date": e.date, "matchup": e.matchup, "team": e.team, "player": e.player, "status": e.status}
            | {"reason": e.reason}
            for e in entries
            if e.status
        ]
        about = {"gamedate": f"{when:%Y%m%d}", "hour24": f"{when:%H}"}
        twin = sources.parse("nbac_injury_report", json.dumps({"metadata": about, "records": records}).encode(), "x")
        pd.testing.assert_frame_equal(men(twin.rows), men(found.rows))


def men(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["row_kind"] == "player"].reset_index(drop=True)


def test_who_is_out_is_inactive_and_the_last_report_before_has_all_of_them(days: list[Day]) -> None:
    changed = 0
    for day in days:
        nights = [night for game in day.games for night in (game.away, game.home)]
        inactive = {
            (night.team.full_name, nbac_injury_report.printed_name(line.player))
            for night in nights
            for line in night.lines
            if line.status == "inactive"
        }
        reports = {news: nbac_injury_report.report(day, news) for news in News}
        out = {news: {(r.team, r.player) for r in rows if r.status == "Out"} for news, rows in reports.items()}
        assert out[News.MORNING] <= inactive and out[News.AFTERNOON] <= inactive and out[News.LATE] == inactive
        others = {(r.team, r.player) for r in reports[News.LATE] if r.status != "Out"}
        assert not others & inactive and {r.status for r in reports[News.LATE]} <= {"Out", "Available"}
        changed += len(out[News.LATE] - out[News.AFTERNOON])
    assert changed > 0, "some absences are news of the last hour"


def test_teams_that_played_yesterday_submit_after_the_morning(days: list[Day]) -> None:
    for day in days:
        tired = {
            night.team.full_name
            for game in day.games
            for night, was in zip((game.home, game.away), game.fixture.tired, strict=True)
            if was
        }
        for news in News:
            rows = nbac_injury_report.report(day, news)
            marked = {row.team for row in rows if not row.status}
            assert marked == (tired if news is News.MORNING else set())
            assert not marked & {row.team for row in rows if row.status}


def test_equal_documents_are_equal_bytes_without_a_date_of_their_own(days: list[Day]) -> None:
    data = draw(TITLED, nbac_injury_report.report(days[0], News.LATE))
    assert data == draw(TITLED, nbac_injury_report.report(days[0], News.LATE))
    assert b"CreationDate" not in data and b"/ID" not in data


def test_gamebooks_as_pdf_have_the_rows_of_their_twins(tmp_path: Path) -> None:
    rows = {}
    for pdf in (False, True):
        drops = Folder(tmp_path / str(pdf))
        for day in Season(7, START, pdf=pdf).days(START + dt.timedelta(days=1)):
            nbac_gamebook_player_stats.write(drops, day)
        paths = sorted(path for path in drops.out.rglob("*") if path.is_file())
        assert {path.suffix for path in paths} == {".pdf" if pdf else ".json"}
        assert len(paths) == drops.written["nbac_gamebook_player_stats"]
        names = [path.relative_to(drops.out).as_posix() for path in paths]
        found = [
            sources.parse("nbac_gamebook_player_stats", path.read_bytes(), name)
            for path, name in zip(paths, names, strict=True)
        ]
        assert all(parsed.outcome is Outcome.OK for parsed in found), [parsed.rejects for parsed in found]
        rows[pdf] = pd.concat([parsed.rows for parsed in found], ignore_index=True)
    more = ["player_name", "is_starter", "jersey_number"]
    pd.testing.assert_frame_equal(rows[True].drop(columns=more), rows[False].drop(columns=more))
    starters = rows[True].groupby(["away_tricode", "team_tricode"])["is_starter"].sum()
    assert set(starters) == {5}
    assert rows[True].loc[rows[True]["player_status"] != "inactive", "jersey_number"].notna().all()


def test_referees_of_a_date(days: list[Day], tmp_path: Path) -> None:
    drops = Folder(tmp_path)
    nbac_referee_assignments.write(drops, days[0])
    (path,) = tmp_path.rglob("*.json")
    assert path.relative_to(tmp_path).as_posix() == "nba-com/referee-assignments/2025-10-29/20251029_140500.json"
    listed = json.loads(path.read_bytes())["nba"]["Table"]["rows"]
    assert [row["game_id"] for row in listed] == [game.fixture.game_id for game in days[0].games]
    for row, game in zip(listed, days[0].games, strict=True):
        assert [row[f"official{n}"] for n in (1, 2, 3)] == list(game.referees) and row["official4"] is None
        assert len({(row[f"official{n}_code"], row[f"official{n}_JNum"]) for n in (1, 2, 3)}) == 3
    found = sources.parse("nbac_referee_assignments", path.read_bytes(), path.relative_to(tmp_path).as_posix())
    assert found.outcome is Outcome.OK and len(found.rows) == len(days[0].games)


def test_the_command_writes_pdfs_where_asked(tmp_path: Path) -> None:
    simulate(tmp_path, seed=7, start=START, end=START, pdf=True)
    names = {path.relative_to(tmp_path).as_posix().split("/")[1] for path in tmp_path.rglob("*") if path.is_file()}
    assert "gamebooks-pdf" in names and "gamebooks-data" not in names
