"""The league's real documents: five injury reports in two layouts, two damaged gamebooks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.sources.injury_pages import STATUSES, read_entries
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.pdf import Page, read_pdf, text_of

REPORTS = {
    "Injury-Report_2022-10-19_01PM.pdf": ("2022-10-19T17:30Z", 3, 55, 4),
    "Injury-Report_2023-03-01_08PM.pdf": ("2023-03-02T01:30Z", 5, 113, 1),
    "Injury-Report_2023-11-14_11AM.pdf": ("2023-11-14T16:30Z", 7, 102, 16),
    "Injury-Report_2024-04-14_12PM.pdf": ("2024-04-14T16:30Z", 12, 182, 0),
    "raw_f4391904.pdf": ("2024-01-04T17:30Z", 3, 14, 29),
}
"""File to its title's time, pages, players and markers: 466 and 50 in all."""


def right_of_teams(pages: Sequence[Page]) -> Iterator[str]:
    """The words in the columns of players, statuses and reasons, wherever on the pages."""
    edges = {word.text: word.left for line in pages[0].lines for word in line if "Matchup" in text_of(line)}
    for page in pages:
        for line in page.lines:
            if not text_of(line).startswith(("Injury Report:", "Game Date", "Page ")):
                yield from (word.text for word in line if word.left > edges["Player"] - 3)


def report(shared: Path, file: str) -> Parsed:
    data = (shared / "data" / "payloads" / "nbac_injury_report" / file).read_bytes()
    return sources.parse("nbac_injury_report", data, file)


@pytest.mark.parametrize("file", REPORTS)
def test_an_injury_report_gives_every_word_to_a_row(shared: Path, file: str) -> None:
    titled, count, players, markers = REPORTS[file]
    found = report(shared, file)
    assert found.outcome is Outcome.OK and not found.rejects
    rows = found.rows
    kinds = rows["row_kind"].value_counts()
    assert (kinds["player"], kinds.get("not_submitted", 0)) == (players, markers)
    assert set(rows["report_at"]) == {pd.Timestamp(titled)}

    pages = read_pdf((shared / "data" / "payloads" / "nbac_injury_report" / file).read_bytes())
    assert len(pages) == count
    words = [word.text for page in pages for line in page.lines for word in line]
    assert sum(word in STATUSES for word in words) == players
    _, entries = read_entries(pages)
    read = "".join(f"{entry.player}{entry.status}{entry.reason}" for entry in entries)
    assert Counter(read.replace(" ", "")) == Counter("".join(right_of_teams(pages)))
    men = rows[rows["row_kind"] == "player"]
    assert men["player_lookup"].str.fullmatch("[a-z]+").all() and men["player_name"].str.contains(", ").all()
    assert not men.duplicated(["home_tricode", "game_date", "team_tricode", "player_lookup"]).any()
    assert not men["injury_reason"].fillna("").str.contains(r"\s\s|-$|;$|Page|Injury Report").any()


def test_reasons_that_wrap_are_whole(shared: Path) -> None:
    april = report(shared, "Injury-Report_2024-04-14_12PM.pdf").rows.set_index("player_name")["injury_reason"]
    assert april["Grant, Jerami"] == "Injury/Illness - Right Hamstring; Strain", "half of it on the next page"
    assert april["Sochan, Jeremy"] == "Injury/Illness - Left Ankle; Impingement"
    assert april["Williams, Ziaire"] == "Injury/Illness - Right Low Back; Hip Flexor Strain"
    november = report(shared, "Injury-Report_2023-11-14_11AM.pdf").rows.set_index("player_name")["injury_reason"]
    assert november["Ntilikina, Frank"] == "Injury/Illness - Left Tibia; Non-displaced fracture"


def test_a_team_without_a_line_has_nothing_to_report(shared: Path) -> None:
    silent = []
    for file in REPORTS:
        rows = report(shared, file).rows
        silent += list(rows.loc[rows["row_kind"] == "nothing_to_report", "player_key"])
    assert silent == ["team:SAS", "team:OKC"]


def test_reasons_have_their_classes(shared: Path) -> None:
    rows = pd.concat([report(shared, file).rows for file in REPORTS])
    men = rows[rows["row_kind"] == "player"]
    assert men["reason_category"].value_counts(dropna=False).to_dict() == {
        "injury": 347,
        "g_league": 96,
        "personal": 7,
        "rest": 6,
        "not_with_team": 4,
        "suspension": 3,
        "health_protocol": 1,
        "other": 1,
        None: 1,
    }
    assert set(men.loc[men["reason_category"] == "other", "injury_reason"]) == {"Ineligible To Play"}
    assert set(men.loc[men["injury_reason"].isna(), "player_name"]) == {"Williams, Patrick"}, "a bare dash"


def test_the_twin_agrees_value_by_value(shared: Path) -> None:
    twin = report(shared, "exp_f4391904.json")
    assert twin.outcome is Outcome.OK
    men = [found.rows[found.rows["row_kind"] == "player"] for found in (twin, report(shared, "raw_f4391904.pdf"))]
    assert len(men[0]) == 14
    pd.testing.assert_frame_equal(men[0].reset_index(drop=True), men[1].reset_index(drop=True))
    data = json.loads((shared / "data" / "payloads" / "nbac_injury_report" / "exp_f4391904.json").read_bytes())
    assert data["metadata"]["season"] == "2024-25", "wrong there, and not used"


@pytest.mark.parametrize(
    ("file", "game"), [("0173bcd1", "2024-04-10/20240410-MEMCLE"), ("d8072441", "2021-10-08/20211008-MILBKN")]
)
def test_a_damaged_gamebook_is_refused_with_page_and_reason(shared: Path, file: str, game: str) -> None:
    data = (shared / "data" / "payloads" / "nbac_gamebook_pdf" / f"raw_{file}.pdf").read_bytes()
    found = sources.parse("nbac_gamebook_player_stats", data, f"nba-com/gamebooks-pdf/{game}/{file}.pdf")
    (reject,) = found.rejects
    assert found.outcome is Outcome.BAD and found.rows.empty
    assert (reject.rule, reject.place) == ("stream", "page 1, stream of object 9")
    assert reject.message.startswith("damaged: it does not inflate")
