"""A user's own lines: from a CSV to drops that the props' parser reads."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import sources
from nba_assets.sources.imported_lines import COLUMNS, Problem, drops, place, read_lines
from nba_assets.sources.imported_players import Registry
from nba_assets.sources.pairs import Pair
from nba_assets.sources.parsed import Outcome
from nba_assets.sources.paths import capture_stamp, source_of
from nba_assets_tests.sources.conftest import DAY

SOURCE = "odds_api_player_points_props"
NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
HEAD = "game_date,player,player_id,team,book,line,over_price,under_price,captured_at"
BRUNSON = f"{DAY},Jalen Brunson,,NYK,DraftKings,27.5,-110,-110,2025-01-15T21:00:00Z"
SEEN = [("2025-01-10", "1", "Jalen Brunson", "NYK"), ("2025-01-14", "2", "Gary Payton", "UTA")]
SEEN += [("2025-01-15", "3", "Gary Payton", "NYK"), ("2025-01-16", "2", "Gary Payton", "PHI")]
SEEN += [("2025-01-14", "4", "Free Man", "BOS"), ("2024-12-31", "5", "Past Man", "NYK")]
KNICKS, JAZZ = Pair(pd.Timestamp(DAY), "NYK", "PHI"), Pair(pd.Timestamp(DAY), "UTA", "CHA")
GAMES = {(dt.date.fromisoformat(DAY), team): pair for pair in (KNICKS, JAZZ) for team in (pair.away, pair.home)}


def registry() -> Registry:
    columns = ["game_date", "player_id", "player_name", "team_tricode"]
    return Registry(pd.DataFrame(SEEN, columns=columns).assign(game_date=lambda f: pd.to_datetime(f["game_date"])))


def read(*rows: str, head: str = HEAD) -> tuple[dict[str, bytes], list[Problem]]:
    """Drops by name, and everything that was refused."""
    lines, problems = read_lines("\n".join([head, *rows]).encode(), NOW)
    placed, more = place(lines, GAMES, registry())
    return dict(drops(placed)), [*problems, *more]


def rows(found: dict[str, bytes]) -> pd.DataFrame:
    """What the parser makes of the drops."""
    parsed = [sources.parse(SOURCE, data, name) for name, data in found.items()]
    assert {one.outcome for one in parsed} <= {Outcome.OK}
    return pd.concat([one.rows for one in parsed], ignore_index=True)


def test_a_line_becomes_a_drop_of_its_own_at_its_own_time() -> None:
    found, problems = read(BRUNSON)
    ((name, data),) = found.items()
    assert not problems
    assert name.startswith(f"imported/lines/{DAY}/NYKPHI-") and name.endswith("/20250115_210000.json")
    assert source_of(name) == SOURCE and capture_stamp(name) == pd.Timestamp("2025-01-15T21:00Z")
    parsed = sources.parse(SOURCE, data, name)
    assert parsed.captured_at == pd.Timestamp("2025-01-15T21:00Z"), "known then, although it came only now"
    row = parsed.rows.iloc[0]
    assert (row["book"], row["line"], row["over_price"]) == ("imported:draftkings", 27.5, -110)
    assert (row["away_tricode"], row["home_tricode"], row["player_id"]) == ("NYK", "PHI", None)


def test_lines_of_one_game_and_time_are_one_drop_whatever_their_order() -> None:
    more = [BRUNSON.replace("27.5,-110,-110", "30.5,+150,-190"), BRUNSON.replace("DraftKings", "williamhill_us")]
    later = BRUNSON.replace("21:00:00Z", "18:30:00-05:00")
    found, problems = read(BRUNSON, *more, later, BRUNSON)
    assert not problems and len(found) == 2
    again, _ = read(later, *reversed(more), BRUNSON)
    assert again == found
    table = rows(found).sort_values(["captured_at", "book"], ignore_index=True)
    assert table["book"].tolist() == ["imported:caesars", "imported:draftkings", "imported:draftkings"]
    assert table["line_count"].tolist() == [1, 2, 1]
    assert table["captured_at"].iloc[2] == pd.Timestamp("2025-01-15T23:30Z")


def test_sides_may_stand_in_two_rows_and_prices_may_be_decimal() -> None:
    over, under = (BRUNSON.replace("-110,-110", prices) for prices in ("1.91,", ",1.95"))
    found, problems = read(over, under)
    row = rows(found).iloc[0]
    assert not problems
    assert (row["over_price"], row["under_price"], row["over_decimal"], row["line_count"]) == (-110, -105, 1.91, 1)


def test_an_id_is_enough_and_is_the_rows_own() -> None:
    by_id = BRUNSON.replace("Jalen Brunson,,NYK", ",1,")
    row = rows(read(by_id)[0]).iloc[0]
    assert (row["player_id"], row["player_name"]) == ("1", "Jalen Brunson")
    unknown, problems = read(BRUNSON.replace("Jalen Brunson,,", ",77,"))
    assert not unknown and problems[0].rule == "player" and "give player" in problems[0].message
    assert rows(read(BRUNSON.replace(",,NYK", ",77,NYK"))[0]).iloc[0]["player_id"] == "77"


@pytest.mark.parametrize(
    ("who", "rule", "said"),
    [
        ("Jalen Brunson,,", None, ""),
        ("JALEN BRUNSON,,", None, ""),
        ("Gary Payton,2,", None, ""),
        ("Gary Payton,,", "game", "more than one game of NYK or UTA"),
        ("Gary Payton,2,NYK", "team", "was with UTA"),
        ("Free Man,,", "game", "no game of BOS"),
        ("Past Man,,", "player", "nobody as 'Past Man'"),
        ("Past Man,,NY", None, ""),
        ("Jalen Brunson,,BOS", "game", "no game of BOS"),
    ],
)
def test_the_game_is_the_teams_or_the_one_that_the_registry_leaves(who: str, rule: str | None, said: str) -> None:
    found, problems = read(BRUNSON.replace("Jalen Brunson,,NYK", who))
    assert [problem.rule for problem in problems] == ([rule] if rule else [])
    assert len(found) == (0 if rule else 1)
    assert not problems or said in problems[0].message


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (DAY + ",J", "15/01/2025,J", "date"),
        (DAY + ",J", "2025-02-30,J", "date"),
        ("Jalen Brunson", "", "player"),
        ("Jalen Brunson,", "Jalen Brunson,x", "player"),
        ("NYK", "Knickerbockers", "team"),
        ("DraftKings", "", "book"),
        ("27.5", "", "line"),
        ("27.5", "nan", "line"),
        ("27.5", "71", "line"),
        ("-110,-110", ",", "price"),
        ("-110,-110", "-110,55000000", "price"),
        ("-110,-110", "evens,-110", "price"),
        ("27.5,-110,-110", "29.5,900,900", "implied_sum"),
        ("2025-01-15T21:00:00Z", "", "captured_at"),
        ("2025-01-15T21:00:00Z", "2025-01-15T21:00:00", "captured_at"),
        ("2025-01-15T21:00:00Z", "2025-06-02T00:00:00Z", "captured_at"),
        ("Jalen", "Jalen\x07", "text"),
        (",DraftKings", "", "columns"),
    ],
)
def test_a_bad_row_is_refused_by_its_number_and_rule_and_the_others_go_in(old: str, new: str, rule: str) -> None:
    found, problems = read(BRUNSON, BRUNSON.replace(old, new, 1), "", BRUNSON.replace("27.5", "28.5"))
    assert [(problem.number, problem.rule) for problem in problems] == [(3, rule)]
    assert rows(found)["line_count"].tolist() == [2]


def test_one_side_with_two_prices_names_the_other_row() -> None:
    found, problems = read(BRUNSON, BRUNSON.replace("-110,-110", "-110,-115"))
    assert [(problem.number, problem.rule) for problem in problems] == [(3, "unique")]
    assert "another price in line 2" in problems[0].message and len(found) == 1


@pytest.mark.parametrize(
    ("data", "number", "rule", "said"),
    [
        (b"", 1, "columns", "no column game_date, book, line, captured_at, player or player_id"),
        (HEAD.replace(",team", "").replace("book", "bok").encode(), 1, "columns", "unknown column: bok"),
        (f"{HEAD},book".encode(), 1, "columns", "stands twice"),
        (HEAD.replace(",captured_at", "").encode(), 1, "columns", "no column captured_at"),
        (b"\xff\xfe", 0, "encoding", "byte 0 is 0xff"),
        (f'{HEAD}\n"{BRUNSON}'.encode(), 2, "csv", "nothing is read from here on"),
        (f"{HEAD}\n{'9' * 200_000}".encode(), 2, "csv", "field larger"),
    ],
)
def test_a_file_that_is_no_list_of_lines(data: bytes, number: int, rule: str, said: str) -> None:
    lines, (problem,) = read_lines(data, NOW)
    assert not lines
    assert (problem.number, problem.rule) == (number, rule) and said in problem.message


@given(st.lists(st.lists(st.text(max_size=8) | st.sampled_from(BRUNSON.split(",")), max_size=10), max_size=4))
@settings(max_examples=80, deadline=None)
def test_any_cells_give_drops_or_problems(cells: list[list[str]]) -> None:
    found, problems = read(*[",".join(row) for row in cells])
    assert all(problem.rule and problem.message for problem in problems)
    if found:
        assert set(rows(found)["book"].str[:9]) == {"imported:"}


def test_the_head_names_every_column() -> None:
    assert tuple(HEAD.split(",")) == COLUMNS
