"""The gamebook as PDF, drawn by hand as the league is known to print it, against its twin."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.league import by_tricode
from nba_assets.sources.gamebook import merge_forms
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets_tests.sources.conftest import LINE, MEN, book, player
from nba_assets_tests.sources.documents import pdf

NAME = "nba-com/gamebooks-pdf/2025-01-15/20250115-NYKPHI/20250116_060000.pdf"
TWIN = NAME.replace("-pdf/", "-data/").replace(".pdf", ".json")
ORDER = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "pf", "stl", "tov", "blk")
NUMBERS = " ".join(str(LINE[name]) for name in ORDER)
TOTALS = f"240:00 {' '.join(str(MEN * LINE[name]) for name in ORDER)} {MEN * LINE['pts']}"


def lines() -> list[str]:
    """The book of `conftest.book`, line by line: eight men a side, one DNP, one inactive."""
    text = [
        "Wednesday, January 15, 2025 Wells Fargo Center, Philadelphia, PA",
        "Officials: #24 Abe First, #68 Ben Second, #34 Cal Third",
        "Game Duration: 2:10",
        "Attendance: 19432 (Sellout)",
    ]
    for label, team in (("VISITOR", "NYK"), ("HOME", "PHI")):
        text += [
            f"{label}: {by_tricode()[team].full_name} (27-53)",
            "POS MIN FG FGA 3P 3PA FT FTA OR DR TOT A PF ST TO BS",
        ]
        for number in range(MEN):
            position = f" {'FFCGG'[number]}" if number < 5 else ""
            text.append(f"{number} {player(team, number)[1]}{position} 30:00 {NUMBERS} 2 {LINE['pts']}")
        text += [
            f"{MEN} {player(team, MEN)[1]} DNP - Coach's Decision",
            TOTALS,
            "44.4% 33.3% 100%",
            "TM REB: 8 TOT TO: 9",
        ]
    text += ["SCORE BY PERIOD 1 2 3 4 FINAL", "Knicks 22 22 22 22 88", "76ers 20 24 22 22 88"]
    text += ["Inactive: Knicks - Williams Jr. (Injury/Illness - Left Knee; Soreness)"]
    return [*text, "Inactive: 76ers - Williams Jr. (Injury/Illness - Left Knee; Soreness)", "Points in the Paint: 40"]


def parsed(text: list[str], name: str = NAME) -> Parsed:
    data = pdf([(20.0, 20.0 + 11 * n, words) for n, words in enumerate(text)])
    return sources.parse("nbac_gamebook_player_stats", data, name)


def with_line(start: str, change: Callable[[str], str]) -> list[str]:
    """The book with the first line that begins so changed."""
    text = lines()
    place = next(n for n, words in enumerate(text) if words.startswith(start))
    text[place] = change(text[place])
    return text


def test_the_pdf_gives_the_twins_rows_and_starters_and_shirt_numbers_too() -> None:
    found = parsed(lines())
    twin = sources.parse("nbac_gamebook_player_stats", json.dumps(book()).encode(), TWIN)
    assert found.outcome is twin.outcome is Outcome.OK
    more = ["is_starter", "jersey_number"]
    pd.testing.assert_frame_equal(found.rows.drop(columns=more), twin.rows.drop(columns=more))
    pd.testing.assert_frame_equal(found.speaks_for, twin.speaks_for)
    assert twin.rows[more].isna().all(axis=None)
    active = found.rows[found.rows["player_status"] == "active"]
    assert list(active["is_starter"]) == ([True] * 5 + [False] * 3) * 2
    assert list(active["jersey_number"]) == [str(n) for n in range(MEN)] * 2
    rest = found.rows[found.rows["player_status"] != "active"]
    assert rest["is_starter"].isna().all() and list(rest["jersey_number"]) == ["8", "8", None, None]


@pytest.mark.parametrize(
    ("said", "code", "reason", "category"),
    [
        ("DNP - Coach's decision", "DNP", "Coach's decision", "coach_decision"),
        ("DND - Injury/Illness - Left Ankle; Sprain", "DND", "Injury/Illness - Left Ankle; Sprain", "injury"),
        ("NWT - Not With Team", "NWT", "Not With Team", "not_with_team"),
        ("NWT", "NWT", None, None),
    ],
)
def test_why_a_man_did_not_play(said: str, code: str, reason: str | None, category: str | None) -> None:
    found = parsed(with_line("8 Nyk", lambda line: line.replace("DNP - Coach's Decision", said)))
    (row,) = found.rows[(found.rows["player_status"] == "dnp") & ~found.rows["is_home"].astype(bool)].to_dict("records")
    assert (row["status_code"], row["reason"], row["reason_category"]) == (code, reason, category)


def test_a_reason_goes_on_on_the_next_line() -> None:
    text = with_line("8 Nyk", lambda line: line.replace("Coach's Decision", "Injury/Illness - Left Tibia; Non-"))
    text.insert(text.index(next(words for words in text if words.startswith("8 Nyk"))) + 1, "displaced fracture")
    found = parsed(text)
    assert "Injury/Illness - Left Tibia; Non-displaced fracture" in list(found.rows["reason"])


def inactive(*said: str) -> list[tuple[str, str, str]]:
    """(team, name, reason) of the inactive lists that are printed so."""
    text = [words for words in lines() if not words.startswith(("Inactive:", "Points"))]
    found = parsed([*text, *said])
    assert not found.rejects
    rows = found.rows[found.rows["player_status"] == "inactive"]
    return list(zip(rows["team_tricode"], rows["player_name"], rows["reason"], strict=True))


def test_inactive_lists_wrap_anywhere_and_are_cut_at_every_label() -> None:
    assert inactive(
        "Inactive: Knicks - Bane (Injury/Illness - Lumbar; Disc Bulge), Jackson Jr. (Injury/Illness - Right",
        "Quadriceps; Tendonitis), Smart",
        "(G League - Two-",
        "Way), Rose (Low, Back (twice) Injury) Inactive: 76ers - Jerome (Rest),",
        "Wade (Personal)",
        "Points in the Paint: Knicks 40, 76ers 42 (21-30)",
    ) == [
        ("NYK", "Bane", "Injury/Illness - Lumbar; Disc Bulge"),
        ("NYK", "Jackson Jr.", "Injury/Illness - Right Quadriceps; Tendonitis"),
        ("NYK", "Smart", "G League - Two-Way"),
        ("NYK", "Rose", "Low, Back (twice) Injury"),
        ("PHI", "Jerome", "Rest"),
        ("PHI", "Wade", "Personal"),
    ]


def test_nobody_is_inactive() -> None:
    assert inactive() == []
    assert inactive("Inactive: Knicks - None", "Inactive: 76ers - None") == []


def test_overtimes_are_those_of_the_score_by_period() -> None:
    text = with_line("Knicks 22", lambda line: "Knicks 22 22 22 12 10 88")
    text[text.index("76ers 20 24 22 22 88")] = "76ers 20 24 22 12 10 88"
    found = parsed(text)
    assert {reject.rule for reject in found.rejects} == {"B6"}, "240 minutes are no game with an overtime"


def test_at_a_neutral_site_the_sides_are_the_codes() -> None:
    text = [words.removeprefix("VISITOR: ").removeprefix("HOME: ") for words in lines()]
    assert parsed(text).outcome is Outcome.OK
    turned = parsed(text, NAME.replace("NYKPHI", "PHINYK"))
    assert set(turned.rows.loc[turned.rows["is_home"], "team_tricode"]) == {"NYK"}
    (reject,) = parsed(text, "book.pdf").rejects
    assert reject.rule == "teams" and "said nowhere" in reject.message


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        (with_line("3 Nyk", lambda line: line.rsplit(" ", 1)[0]), "line", "page 1, line 10"),
        (with_line("3 Nyk", lambda line: line.replace(" 11", " 1l")), "line", "page 1, line 10"),
        (with_line("3 Nyk", lambda line: line.replace("30:00 ", "")), "line", "page 1, line 10"),
        (with_line("3 Nyk", lambda line: line.replace(" 11", " 12")), "B1", "page 1, line 10"),
        (with_line("240:00", lambda line: line.replace(" 32 ", " 33 ", 1)), "B4", "totals of NYK"),
        (with_line("3 Nyk", lambda line: line.replace(" G ", " ")), "B9", "team NYK"),
        (with_line("Knicks 22", lambda line: line.replace("22", "21", 1)), "B8", "page 1, line 16"),
        (with_line("Knicks 22", lambda line: "Knicks 22 22 22 23 89"), "B8", "page 1, line 16"),
        (with_line("VISITOR", lambda line: "VISITOR: New York Nicks (27-53)"), "teams", "page 1, line 5"),
        (with_line("HOME", lambda line: "HOME: Boston Celtics (27-53)"), "code", "page 1"),
        (with_line("240:00", lambda line: "no totals"), "layout", "page 1, line 19"),
        (with_line("Wednesday", lambda line: "Wells Fargo Center"), "date", "page 1, line 1"),
        (with_line("Wednesday", lambda line: line.replace("15", "16")), "code", "page 1"),
        (with_line("Inactive: Knicks", lambda line: "Inactive: Nets - Bane (Rest)"), "inactive", "page 1, line 36"),
        (
            with_line("Inactive: Knicks", lambda line: "Inactive: Knicks - Bane, Rose (Rest)"),
            "inactive",
            "page 1, line 36",
        ),
        (["January 15, 2025", *lines()[1:4]], "layout", "page 1, line 4"),
    ],
)
def test_a_book_with_one_wrong_line_is_refused_with_page_and_line(text: list[str], rule: str, place: str) -> None:
    found = parsed(text)
    assert found.outcome is Outcome.BAD
    assert (rule, True) in {(reject.rule, reject.place.startswith(place)) for reject in found.rejects}, found.rejects


def test_what_the_twin_leaves_out_the_newest_pdf_by_then_knows() -> None:
    men = pd.DataFrame(
        {
            "unit": "game",
            "known_at": pd.to_datetime([1, 2, 3, 2, 3], unit="h", utc=True),
            "stamped_at": pd.to_datetime([1, 2, 3, 2, 3], unit="h", utc=True),
            "source_hash": "x",
            "source_path": "x",
            "team_tricode": "NYK",
            "player_lookup": ["abe", "abe", "abe", "ben", "ben"],
            "player_status": ["active", "active", "active", "active", "dnp"],
            "is_starter": pd.array([None, True, None, False, None], dtype="boolean"),
            "jersey_number": pd.array([None, "00", None, "7", None], dtype="string[pyarrow]"),
        }
    )
    merged, spoken = merge_forms(men, men[["unit"]])
    assert merged["is_starter"].astype(object).where(merged["is_starter"].notna(), None).tolist() == [
        None,
        True,
        True,
        False,
        None,
    ]
    assert merged["jersey_number"].fillna("").tolist() == ["", "00", "00", "7", "7"]
    assert spoken is not None and len(spoken) == len(men)
