"""`latest/players/<player_id>.json`: a player's newest slate row, his last games, his season, our record on him."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from nba_assets.contracts.columns import GAME_DATE
from nba_assets.publishing.daily import sources_of
from nba_assets.publishing.envelope import Published, seal
from nba_assets.publishing.facts import PLAYER_ON_DATE, Facts
from nba_assets.publishing.fields import (
    LINE_DECIMALS,
    Day,
    Field,
    Time,
    column,
    columns,
    if_public,
    many,
    model,
    nullable,
)
from nba_assets.publishing.games import DISTRIBUTION_FIELDS, with_distributions
from nba_assets.publishing.rows import Record, grouped, latest, number, records
from nba_assets.publishing.slate import GAME_STATES, PLAYER_FIELDS, Slate, official, quantile_names

SHOWN = 20
REACH = pd.Timedelta(days=365)
"""How far back from the newest game a player's document and a team's look."""

_BOX = "player_game_summary"

RECENT_FIELDS: tuple[Field, ...] = (
    Field("game_date", Day, GAME_DATE.description),
    *columns(_BOX, ("game_id", "team", "opponent", "is_home", "points", "minutes")),
    column(_BOX, "closing_line", decimals=LINE_DECIMALS),
    column(_BOX, "line_result", name="outcome"),
    Field("dnp", bool, "He did not play"),
    *nullable(columns("player_points_predictions", ("line_value",), decimals=LINE_DECIMALS)),
    *nullable(columns("player_points_predictions", ("points_q50", "p_over", "decision"))),
    *nullable(columns("prediction_grades", ("result",))),
)

NEXT = model(
    "NextGame",
    "His newest slate row: the game to come, or his last one where none is scheduled.",
    (
        Field("game_date", Day, GAME_DATE.description),
        Field("tip_at", Time, "Scheduled tip-off; null while to be determined", nullable=True),
        Field("game_status", str, "Where the game stands", values=GAME_STATES),
        *PLAYER_FIELDS,
        *DISTRIBUTION_FIELDS,
    ),
)
SEASON = model(
    "PlayerSeason",
    "The season of his newest box score.",
    (
        Field("season", str, "Label, as 2024-25; null without a game", nullable=True),
        Field("games", int, "Games played", low=0),
        Field("ppg", float, "Points a game; null without one", nullable=True, unit="points", low=0),
        Field("mpg", float, "Minutes a game; null without one", nullable=True, unit="minutes", low=0),
    ),
)
RECORD = model(
    "PlayerRecord",
    "His graded official predictions with a line, of the 365 days up to his newest game.",
    (
        Field("n", int, "Predictions", low=1),
        Field("mae", float, "Mean absolute error of points_q50", unit="points", low=0),
        Field("line_mae", float, "Mean absolute error of consensus_line on the same games", unit="points", low=0),
    ),
)
CALIBRATION = model(
    "PlayerCalibration",
    "How often he scored within what was said of him, of the 365 days up to his newest game.",
    (
        Field("n", int, "Games that he played and that were predicted", low=1),
        Field("within_50", float, "Share between points_q25 and points_q75, both included", low=0, high=1),
        Field("within_90", float, "Share between points_q05 and points_q95, both included", low=0, high=1),
    ),
)
PLAYER_DATA = model(
    "PlayerData",
    "A player who was on a published slate.",
    (
        column("player_points_predictions", "player_id"),
        column("upcoming_player_game_context", "player_name", name="name"),
        column("player_points_predictions", "team"),
        *if_public("nbac_player_list", "position"),
        Field("next", NEXT, "His newest slate row", nullable=True),
        Field("recent", many(model("RecentGame", "A past game.", RECENT_FIELDS)), "Last 20 games, newest first"),
        Field("season", SEASON, "His season"),
        Field("record", RECORD, "Our record on him; null without graded predictions", nullable=True),
        Field("calibration", CALIBRATION, "How wide we were on him; null without such games", nullable=True),
    ),
)
HAS_POSITION = bool(if_public("nbac_player_list", "position"))


def name_of(player_id: str) -> str:
    """The document's name in the manifest."""
    return f"latest/players/{player_id}.json"


def documents(facts: Facts, slate: Slate) -> Iterator[Published]:
    """One document per player on the slates of the facts' dates, each from his newest rows of any date."""
    on_slate = slate.players.loc[slate.players["game_date"].isin(list(facts.stamps)), "player_id"]
    wanted = sorted(set(on_slate))
    rows = slate.players["player_id"].isin(wanted) & ~slate.players.duplicated("player_id", keep="last")
    states = slate.games.set_index(["game_date", "game_id"])["game_status"].to_dict()
    newest = slate.players[rows]
    tips = records(newest.assign(tip_at=newest["game_tip_at"]), [Field("tip_at", Time, "")])
    box = _box(facts, wanted, newest)
    recent, season, record, calibration = _recent(box), _seasons(facts, box), _records(box), _calibrations(box)
    known = box.groupby("player_id")["known_at"].max().to_dict()
    positions = _positions(facts) if HAS_POSITION else {}
    ids, origin = facts.ids_by_game(), facts.origin_of()
    for (player, stamp, game, team, version, at), said, tip in zip(
        newest[["player_id", "game_date", "game_id", "team", "model_version", "known_at"]].itertuples(index=False),
        with_distributions(slate, rows),
        tips,
        strict=True,
    ):
        day, state = stamp.strftime("%Y-%m-%d"), states[(stamp, game)]
        data: Record = {
            "player_id": player,
            "name": said["name"],
            "team": None if pd.isna(team) else team,
            **({"position": positions.get(player)} if HAS_POSITION else {}),
            "next": {"game_date": day, "game_status": state, **tip, **said},
            "recent": recent.get(player, []),
            "season": season.get(player, {"season": None, "games": 0, "ppg": None, "mpg": None}),
            "record": record.get(player),
            "calibration": calibration.get(player),
        }
        body = seal(
            "player",
            data,
            status="complete",
            reasons=(),
            as_of=latest(at, known.get(player)),
            game_date=day,
            correlation_ids=ids.get((stamp, game), ()),
            data_origin=origin(day),
            model_version=version,
            **facts.sources(day, sources_of([{"game_status": state}])),
        )
        yield Published("players", name_of(player), "player", body)


def _box(facts: Facts, wanted: list[str], newest: pd.DataFrame) -> pd.DataFrame:
    """Box score rows of the players within reach of their newest game, newest first, with what was predicted."""
    box = facts.table(_BOX)
    box = box[box["player_id"].isin(wanted)]
    last = pd.concat([box[["player_id", "game_date"]], newest[["player_id", "game_date"]]])
    start = box["player_id"].map(last.groupby("player_id")["game_date"].max()) - REACH
    box = box[box["game_date"] > start]
    said = official(facts.table("player_points_predictions"), PLAYER_ON_DATE)
    said = said[[*PLAYER_ON_DATE, "prediction_id", "line_value", *quantile_names("points"), "p_over", "decision"]]
    grades = facts.table("prediction_grades")[["prediction_id", "result", "model_abs_error", "line_abs_error"]]
    box = box.merge(said.merge(grades, on="prediction_id", how="left"), on=PLAYER_ON_DATE, how="left")
    return box.sort_values(["player_id", "game_date", "game_id"], ascending=[True, False, False], ignore_index=True)


def _recent(box: pd.DataFrame) -> dict[Any, list[Record]]:
    shown = box[box.groupby("player_id").cumcount() < SHOWN]
    shown = shown.rename(columns={"line_result": "outcome"}).assign(dnp=shown["status"] != "played")
    return grouped(shown["player_id"].tolist(), records(shown, RECENT_FIELDS))


def _seasons(facts: Facts, box: pd.DataFrame) -> dict[Any, Record]:
    labels = facts.table("nbac_schedule").drop_duplicates("season").set_index("season")["season_label"].to_dict()
    own = box[box["season"] == box.groupby("player_id")["season"].transform("max")]
    played = own[own["status"] == "played"].groupby("player_id")
    means = pd.DataFrame({"games": played.size(), "ppg": played["points"].mean(), "mpg": played["minutes"].mean()})
    means = means.join(own.groupby("player_id")["season"].max(), how="outer")
    return {
        player: {
            "season": labels.get(season),
            "games": 0 if pd.isna(games) else int(games),
            "ppg": number(ppg, 1),
            "mpg": number(mpg, 1),
        }
        for player, games, ppg, mpg, season in means.itertuples()
    }


def _records(box: pd.DataFrame) -> dict[Any, Record]:
    graded = box[box["line_value"].notna() & box["model_abs_error"].notna() & box["line_abs_error"].notna()]
    found = graded.groupby("player_id").agg(
        n=("model_abs_error", "size"), mae=("model_abs_error", "mean"), line_mae=("line_abs_error", "mean")
    )
    return {
        player: {"n": int(n), "mae": number(mae, 2), "line_mae": number(line_mae, 2)}
        for player, n, mae, line_mae in found.itertuples()
    }


def _calibrations(box: pd.DataFrame) -> dict[Any, Record]:
    played = box[(box["status"] == "played") & box["points_q50"].notna() & box["points"].notna()]
    scored = {
        name: played["points"].between(played[f"points_q{low}"], played[f"points_q{high}"])
        for name, low, high in (("within_50", "25", "75"), ("within_90", "05", "95"))
    }
    found = pd.DataFrame({"player_id": played["player_id"], **scored}).groupby("player_id")
    means = found.mean().astype(float).assign(n=found.size())
    return {
        player: {"n": int(n), "within_50": number(half, 4), "within_90": number(most, 4)}
        for player, half, most, n in means.itertuples()
    }


def _positions(facts: Facts) -> dict[Any, str | None]:
    listed = facts.table("nbac_player_list").sort_values(["game_date", "known_at"], kind="stable")
    newest = listed.drop_duplicates("player_id", keep="last")
    return {
        player: None if pd.isna(position) else position
        for player, position in zip(newest["player_id"], newest["position"], strict=True)
    }
