"""What the transforms make of real play-by-play, against box scores and the league's own numbers of the same games.

Two games are NBA.com's, one is BigDataBall's; of no game there are both, so that the sources are compared on simulated
games (`transforms/test_simulated_games.py`).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nba_assets import contracts, sources
from nba_assets.contracts.frames import conform
from nba_assets.contracts.verify import verify
from nba_assets.sources.event_names import BETWEEN, ROLES, SIDES
from nba_assets.transforms import TRANSFORMS, box_formulas
from nba_assets.transforms.box_scores import COUNTS
from nba_assets.transforms.game_time import millis
from nba_assets.transforms.line_ups import time_on_floor
from nba_assets.transforms.play_by_play_events import FAST_BREAK, SECOND_CHANCE, qualified, shots
from nba_assets.transforms.possession_count import possessions
from nba_assets.transforms.shot_zones import NAMES, NOWHERE, counts, zones
from nba_assets_tests.transforms.leagues import frame

NBAC, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"
LATE, OVERTIME = "14ecf360", "416e8d5c"
GAMES = {LATE: ("2025-01-06", "0022400500", "MIN"), OVERTIME: ("2025-01-15", "0022400561", "PHI")}
"""File: date, game, home."""
FINALS = "0042400407"
SHEET = f"big-data-ball/2024-25/2025-06-22/game_{FINALS}/[2025-06-22]-{FINALS}-IND@OKC-20250623_065805.csv"
ATTEMPTS, MAKES = ([f"{zone}_{short}" for zone in NAMES] for short in ("fga", "fgm"))
BLOCKS = ["blk_paint", "blk_mid", "blk_three"]
SECONDS_OFF = 1.5
"""A box score in whole seconds, of clocks with tenths: each of a man's stints may be rounded."""


def payload(shared: Path, file: str) -> bytes:
    data = (shared / "data" / "payloads" / file).read_bytes()
    return gzip.decompress(data) if file.endswith(".gz") else data


def as_raw(table: str, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Parsed rows as the raw table has them, of one state."""
    known = {"known_at": pd.Timestamp("2025-07-01T12:00Z"), "known_at_assumed": False}
    contract = contracts.table(table)
    rows = rows.assign(**known, source_path=name, source_hash="")
    return conform(rows[[c for c in rows.columns if c in contract.column_names]], contract).assign(state=0)


def league_game(shared: Path, file: str) -> pd.DataFrame:
    day, game_id, _ = GAMES[file]
    name = f"nba-com/play-by-play/{day}/game-{game_id}/20250701_120000.json"
    data = payload(shared, f"nbac_play_by_play/raw_{file}.json.gz")
    return as_raw(NBAC, sources.parse(NBAC, data, name).rows, name)


def finals(shared: Path) -> pd.DataFrame:
    """The Finals' seventh game, each man's name in the place of his id."""
    rows = sources.parse(BIGDATABALL, payload(shared, "bigdataball_pbp/raw_746cfbef.csv"), SHEET).rows
    rows = rows.assign(**{f"{role}_id": rows[f"{role}_name"] for role in ROLES})
    fives = {column: [five.replace(BETWEEN, ",") for five in rows[line_up]] for line_up, (_, column) in SIDES.items()}
    return as_raw(BIGDATABALL, rows.assign(**fives), SHEET)


def box_of(shared: Path, file: str) -> pd.DataFrame:
    """The box score of the game, by player id, of those who played."""
    day, _, home = GAMES[file]
    box = pd.read_csv(shared / "data/facts/boxscores/players_2024_25.csv.gz", dtype={"player_id": str})
    return box[(box["date"] == day) & (box["home"] == home) & (box["seconds"] > 0)].set_index("player_id")


def finals_box(shared: Path) -> pd.DataFrame:
    """BallDontLie's box score of the Finals' game, by name, of those who played."""
    told = json.loads(payload(shared, "bdl_player_box_scores/raw_1db4c01e.json"))["data"]
    rows = [row | {"name": _name(row), "of": row["team"]["abbreviation"]} for row in told if row["min"] != "00"]
    return pd.DataFrame(rows).set_index("name")


def advanced(shared: Path) -> pd.DataFrame:
    """The league's advanced numbers of the Finals' game, by name, of those who played."""
    told = json.loads(payload(shared, "bdl_game_adv_stats/raw_b3f29455.json"))["data"]
    return pd.DataFrame([row | {"name": _name(row)} for row in told if row["pace"] > 0]).set_index("name")


def _name(row: dict[str, Any]) -> str:
    return f"{row['player']['first_name']} {row['player']['last_name']}"


def sums(found: pd.DataFrame) -> pd.DataFrame:
    """By player what the zones add up to, under the box score's names."""
    threes = [f"{zone}_{{}}" for zone in ("corner3", "above_break3")]
    told = {"fga": ATTEMPTS, "fgm": MAKES, "blk": BLOCKS}
    told |= {"fg3a": [name.format("fga") for name in threes], "fg3m": [name.format("fgm") for name in threes]}
    return pd.DataFrame({name: found[parts].sum(axis=1) for name, parts in told.items()})


class TestLeagueGames:
    @pytest.mark.parametrize("file", GAMES)
    def test_zones_add_up_to_every_players_box_score(self, shared: Path, file: str) -> None:
        box, found = box_of(shared, file), counts(NBAC, league_game(shared, file)).droplevel("state")
        told = sums(found).reindex(box.index, fill_value=0)
        assert set(found.index) <= set(box.index)
        assert (told == box[list(told)]).all(axis=None), "every shot of these games has a zone"
        assert found["assisted_fgm"].sum() == box["ast"].sum()
        assert (found["assisted_fgm"] + found["unassisted_fgm"]).sum() == box["fgm"].sum()
        assert found["shots_imputed"].sum() == {LATE: 4, OVERTIME: 7}[file], "without a place, in the paint"

    def test_the_coordinates_give_the_label_of_347_of_348_shots(self, shared: Path) -> None:
        taken = pd.concat([shots(NBAC, league_game(shared, file)) for file in GAMES])
        placed = taken[(taken["x_ft"] != 0) | (taken["y_ft"] != 0)]
        by_label, _ = zones(placed)
        by_place, _ = zones(placed.assign(area=pd.Series(pd.NA, index=placed.index, dtype="string[pyarrow]")))
        assert (len(placed), int((by_label == by_place).sum())) == (348, 347)
        other = placed[by_label != by_place].iloc[0]
        assert (other["x_ft"], other["y_ft"], other["area"]) == (1.0, -1.7, "In The Paint (Non-RA)"), (
            "2 ft from the rim"
        )

    @pytest.mark.parametrize("file", GAMES)
    def test_points_in_the_paint_are_those_so_qualified(self, shared: Path, file: str) -> None:
        events = league_game(shared, file)
        found = counts(NBAC, events).droplevel("state")
        told = shots(NBAC, events)
        marked = told[told["in_paint"] & told["is_made"]].groupby("player_id")["value"].sum()
        ours = 2 * (found["ra_fgm"] + found["paint_non_ra_fgm"])
        assert ours[ours > 0].to_dict() == marked.to_dict()

    @pytest.mark.parametrize(("file", "single", "technical"), [(LATE, 11, 2), (OVERTIME, 4, 0)])
    def test_and_ones_are_the_single_throws_that_are_not_technical(
        self, shared: Path, file: str, single: int, technical: int
    ) -> None:
        actions = json.loads(payload(shared, f"nbac_play_by_play/raw_{file}.json.gz"))["game"]["actions"]
        throws = [a for a in actions if a["actionType"] == "freethrow" and a["subType"] == "1 of 1"]
        assert len(throws) == single
        assert Counter(a.get("descriptor") for a in throws)["technical"] == technical
        assert counts(NBAC, league_game(shared, file))["and1"].sum() == single - technical

    @pytest.mark.parametrize("file", GAMES)
    def test_minutes_are_those_of_the_box_score(self, shared: Path, file: str) -> None:
        events = league_game(shared, file)
        floor = time_on_floor(NBAC, events)
        length = {period: 10 * (720_000 if period <= 4 else 300_000) for period in events["period"].unique()}
        assert floor.groupby("period")["millis"].sum().to_dict() == length, "every period of both teams is certain"
        box = box_of(shared, file)
        seconds = floor.groupby("player_id")["millis"].sum() / 1000
        assert set(seconds.index) == set(box.index)
        assert seconds.to_dict() == pytest.approx(box["seconds"].to_dict(), abs=SECONDS_OFF)

    @pytest.mark.parametrize("file", GAMES)
    @pytest.mark.parametrize("qualifier", [SECOND_CHANCE, FAST_BREAK])
    def test_qualified_points_are_those_in_the_file(self, shared: Path, file: str, qualifier: str) -> None:
        events = league_game(shared, file)
        ours = events[qualified(NBAC, events, qualifier) & events["is_made"].fillna(False).to_numpy(dtype=bool)]
        actions = json.loads(payload(shared, f"nbac_play_by_play/raw_{file}.json.gz"))["game"]["actions"]
        worth = {"2pt": 2, "3pt": 3, "freethrow": 1}
        told: Counter[str] = Counter()
        for action in actions:
            if qualifier in action["qualifiers"] and action.get("shotResult") == "Made":
                told[action["teamTricode"]] += worth[action["actionType"]]
        assert ours.groupby("team_tricode")["shot_value"].sum().to_dict() == told


@pytest.mark.parametrize("file", GAMES)
def test_the_table_has_all_of_it(shared: Path, file: str) -> None:
    """From the box score and the play-by-play to player_game_summary and the team tables."""
    day, game_id, home = GAMES[file]
    date, box = pd.Timestamp(day), box_of(shared, file)
    away = next(team for team in box["team"].unique() if team != home)
    morning = date.tz_localize("UTC") + pd.Timedelta(hours=36)
    key = {"game_date": date, "game_id": game_id, "known_at": morning}
    points = box.groupby("team")["pts"].sum()
    sides = {"home_tricode": home, "away_tricode": away, "home_score": points[home], "away_score": points[away]}
    listed = key | sides | {"season": 2024, "season_type": "regular", "game_status": 3}
    men = [
        key
        | {name: int(row[name]) for name in (*COUNTS, "plus_minus")}
        | {"player_id": who, "player_key": who, "player_name": row["player"], "seconds_played": float(row["seconds"])}
        | {"team_tricode": row["team"], "opponent_tricode": away if row["team"] == home else home}
        | {"is_home": row["team"] == home, "player_status": "active", "minutes_precision": "second"}
        for who, row in box.iterrows()
    ]
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [listed | {"tip_at": morning - pd.Timedelta(hours=12)}]),
        "nbac_gamebook_player_stats": frame("nbac_gamebook_player_stats", men),
        NBAC: league_game(shared, file).drop(columns="state").assign(known_at=morning),
    }
    inputs["player_game_summary"] = players = TRANSFORMS["player_game_summary"](inputs, [date], None)
    teams = TRANSFORMS["team_offense_game_summary"](inputs, [date], None)

    assert len(players) == len(box) and (players["zone_coverage"] == 1.0).all() and (players["quality"] == 100.0).all()
    assert players.groupby("team")["minutes_q4"].sum().round(9).tolist() == [60.0, 60.0]
    assert players[[*ATTEMPTS, *BLOCKS, "assisted_fgm", "and1"]].notna().all(axis=None)
    assert (players[ATTEMPTS].sum(axis=1) == players["fga"]).all()
    assert (teams[ATTEMPTS].sum(axis=1) == teams["fga"]).all() and len(teams) == 2
    assert teams["fast_break_points"].notna().all() and NBAC in teams["sources_used"].iloc[0]
    assert (teams["possessions_pbp"] - teams["possessions"]).abs().max() < 4
    for contract, rows in (("player_game_summary", players), ("team_offense_game_summary", teams)):
        found = verify(contracts.table(contract), rows, {}, inputs["nbac_schedule"])
        assert [finding.description for finding in found if not finding.passed] == []


class TestFinals:
    def test_zones_add_up_to_every_players_box_score(self, shared: Path) -> None:
        events, box = finals(shared), finals_box(shared)
        found = counts(BIGDATABALL, events).droplevel("state")
        told = sums(found).reindex(box.index, fill_value=0)
        short = (box["fga"] - told["fga"])[lambda off: off != 0]
        assert short.to_dict() == {"Alex Caruso": 2, "Isaiah Hartenstein": 1}, "tip-ins without a place"
        assert told["blk"].to_dict() == box["blk"].to_dict()
        assert found["told_fga"].reindex(box.index, fill_value=0).to_dict() == box["fga"].to_dict()
        for name in ("fg3a", "fg3m"):
            assert told[name].to_dict() == box[name].to_dict()
        assert found["assisted_fgm"].sum() == box["ast"].sum()
        assert (found["assisted_fgm"] + found["unassisted_fgm"]).sum() == box["fgm"].sum()
        located = found[ATTEMPTS].to_numpy().sum() / box["fga"].sum()
        assert located == pytest.approx(154 / 157), "98 %: enough"

    def test_a_place_gives_a_zone_to_every_shot_that_has_one(self, shared: Path) -> None:
        taken = shots(BIGDATABALL, finals(shared))
        zone, imputed = zones(taken)
        nowhere = taken[zone == NOWHERE]
        assert (nowhere[["x_ft", "y_ft"]] == 0).all(axis=None) and len(nowhere) == 3
        assert not imputed.any(), "the sheet has no qualifiers"

    def test_effective_shooting_is_the_leagues(self, shared: Path) -> None:
        found, told = counts(BIGDATABALL, finals(shared)).droplevel("state"), advanced(shared)
        makes = found["assisted_fgm"] + found["unassisted_fgm"]
        threes = found["corner3_fgm"] + found["above_break3_fgm"]
        ours = ((makes + 0.5 * threes) / found["told_fga"]).reindex(told.index).fillna(0.0)
        assert ours.to_dict() == pytest.approx(told["effective_field_goal_percentage"].to_dict(), abs=6e-4)

    def test_minutes_are_those_of_the_box_score(self, shared: Path) -> None:
        floor = time_on_floor(BIGDATABALL, finals(shared))
        assert floor.groupby("period")["millis"].sum().to_dict() == dict.fromkeys(range(1, 5), 7_200_000)
        minutes = floor.groupby("player_id")["millis"].sum() / 60_000
        told = finals_box(shared)["min"].astype(float)
        assert set(minutes.index) == set(told.index)
        assert minutes.to_dict() == pytest.approx(told.to_dict(), abs=1.0), "whole minutes, rounded up or down"

    def test_assists_while_on_the_floor_are_the_leagues(self, shared: Path) -> None:
        """Assist percentage needs every line-up right: his assists / team mates' makes while he was there."""
        events, told = finals(shared), advanced(shared)
        makes = events[(events["event_type"] == "shot") & events["is_made"].fillna(False)]
        side = {"IND": "away_on_court", "OKC": "home_on_court"}
        there: Counter[str] = Counter()
        for team, column in side.items():
            for five, scorer in makes.loc[makes["team_tricode"] == team, [column, "player_name"]].itertuples(
                index=False
            ):
                there.update(set(five.split(",")) - {scorer})
        ours = {name: makes["assist_name"].eq(name).sum() / there[name] if there[name] else 0.0 for name in told.index}
        assert ours == pytest.approx(told["assist_percentage"].to_dict(), abs=6e-4)


COUNTED = {LATE: (94.5, 96.5), OVERTIME: (96.5, 95.8), FINALS: (92.0, 91.4)}
"""Possessions counted, and the two-team estimate from the same events."""


@pytest.mark.parametrize("game", COUNTED)
def test_possessions_counted_are_near_the_estimate(shared: Path, game: str) -> None:
    table = BIGDATABALL if game == FINALS else NBAC
    events = finals(shared) if game == FINALS else league_game(shared, game)
    counted, expected = COUNTED[game]
    estimate = _estimate(events, table)
    assert possessions(table, events).to_dict() == {0: counted}
    assert round(estimate, 1) == expected
    assert abs(counted - estimate) < 4


def _estimate(events: pd.DataFrame, table: str) -> float:
    """The two-team form, of rebounds by players and all turnovers."""
    kind = events["action_type" if table == NBAC else "event_type"]
    made = events["is_made"].fillna(False)
    shot, throw = kind.isin(["2pt", "3pt", "shot"]), kind.isin(["freethrow", "free throw"])
    rebound = (kind == "rebound").fillna(False) & events["player_id"].notna()
    back = events["sub_type"].isin(["offensive", "rebound offensive"])
    flags = {
        "fga": shot,
        "fgm": shot & made,
        "fta": throw,
        "oreb": rebound & back,
        "dreb": rebound & ~back,
        "tov": (kind == "turnover").fillna(False),
    }
    by_team = pd.DataFrame(flags).astype(float).groupby(events["team_tricode"]).sum()
    one, other = ({name: np.array([row[name]]) for name in flags} for _, row in by_team.iterrows())
    return float(box_formulas.possessions(one, other)[0])


def test_the_clock_of_both_sources_counts_from_the_tip(shared: Path) -> None:
    for events, end in ((league_game(shared, OVERTIME), 53), (finals(shared), 48)):
        at = millis(events["elapsed_seconds"])
        assert (np.diff(at) >= 0).all() and at[-1] == end * 60_000
