"""`import-lines`: a user's own history of lines, in by its own times, apart from what the feeds say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nba_assets import cli
from nba_assets.engine.platform import Platform
from nba_assets.sources.imported_lines import COLUMNS
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import ADAM
from nba_assets_tests.handmade import player_id, player_name

PROPS = "odds_api_player_points_props"
LINES = f"""game_date,player,team,book,line,over_price,under_price,captured_at
2024-11-01,{player_name("BOS", 2)},BOS,DraftKings,12.5,-115,-105,2024-11-01T20:00:00Z
2024-11-01,{player_name("NYK", 0)},,DraftKings,24.5,1.91,1.91,2024-11-01T20:00:00Z
2024-11-03,{player_name("BOS", 0)},BOS,FanDuel,21.5,-110,-110,2024-11-03T20:00:00Z
2024-11-02,{player_name("BOS", 0)},BOS,FanDuel,21.5,-110,-110,2024-11-02T20:00:00Z
2024-11-03,{player_name("BOS", 1)},BOS,FanDuel,14.5,-110,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lines.csv"
    path.write_text(LINES)
    return path


def table(command: Command, name: str) -> pd.DataFrame:
    platform = Platform.open(command.settings)
    found = platform.warehouse.read(name)
    platform.close()
    return found


def test_the_help_documents_every_column(command: Command) -> None:
    said = command("import-lines", "--help")
    assert said.code == 0
    assert all(f"{column}" in said.out for column in COLUMNS)
    assert cli.import_lines.__doc__ is not None and "known at its captured_at" in cli.import_lines.__doc__


def test_good_rows_go_in_by_their_own_times_and_each_bad_one_is_a_line(mine: Command, file: Path) -> None:
    before = table(mine, PROPS)
    said = mine("import-lines", file)
    assert said.code == 1
    assert "3 lines in 2 drops: 2 new, 0 duplicate; 2 rows refused" in said.out
    first, second = said.err.splitlines()
    assert first.startswith(f"error: {file}: line 5: rule game: the schedule has no game of BOS on 2024-11-02 (")
    assert second.startswith(f"error: {file}: line 6: rule captured_at: captured_at is empty")

    after = table(mine, PROPS)
    own = after[after["book"].str.startswith("imported:")]
    assert after.drop(own.index).reset_index(drop=True).equals(before), "the feed's own rows are as they were"
    assert own["book"].tolist() == ["imported:draftkings", "imported:draftkings", "imported:fanduel"]
    assert set(own["player_id"]) == {player_id("BOS", 2), player_id("NYK", 0), ADAM}
    assert own["source_path"].str.startswith("imported/lines/2024-11-0").all()
    assert own["known_at"].tolist() == own["captured_at"].tolist(), "known when captured, not when imported"
    assert not own["known_at_assumed"].any() and not own["is_in_play"].any()

    context = table(mine, "upcoming_player_game_context")
    lined = context[(context["player_id"] == player_id("NYK", 0)) & context["consensus_line"].notna()]
    assert lined["consensus_line"].tolist() == [24.5], "a line where the feed had none"


def test_the_same_file_again_changes_nothing(mine: Command, file: Path) -> None:
    before = mine.contents()
    said = mine("import-lines", file, "--json")
    assert said.code == 1 and said.json["drops"] == {"new": 0, "duplicate": 2}
    assert (said.json["lines"], said.json["refused"]) == (3, 2)
    assert [(one["number"], one["rule"]) for one in said.json["problems"]] == [(5, "game"), (6, "captured_at")]
    assert mine.contents() == before


@pytest.mark.parametrize(("data", "said"), [(None, "cannot be read"), (b"lines", "unknown column: lines")])
def test_a_file_of_nothing_is_one_line(mine: Command, tmp_path: Path, data: bytes | None, said: str) -> None:
    path = tmp_path / "lines.csv"
    if data is not None:
        path.write_bytes(data)
    found = mine("import-lines", path)
    assert found.code == 1 and said in found.error
