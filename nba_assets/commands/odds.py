"""`nba-assets odds`: what the newest official prediction of a player says of somebody's own line and prices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.contracts import tables
from nba_assets.data_origin import data_origin
from nba_assets.engine.people import the_player
from nba_assets.errors import PlatformError, UsageError
from nba_assets.fair_odds import Floats, american, at_least, at_line, expected_profit, fair_decimal, hold
from nba_assets.modeling.distribution import mean_for_probability, pmf
from nba_assets.modeling.price_outliers import IMPLIED
from nba_assets.modeling.stored_distribution import COLUMNS, distribution_of
from nba_assets.publishing.slate import official
from nba_assets.scope import Scope
from nba_assets.sources import prices

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

TABLE = "player_points_predictions"
YEAR = dt.timedelta(days=366)
LEAST_SHOWN = 0.0005
"""The table ends with the last k whose P(points >= k) is not 0.0 %."""
NO_ADVICE = "What the model says, given he plays; no advice to bet. A price that looks too good is most often an error."
SIMULATED = "SIMULATED DATA: a made-up league. Its figures prove machinery, never skill."
FIRST = ("game_date", "game_id", "player_id", "role")
SAID = (
    *("game_date", "prediction_id", "game_id", "player_id", "team", "opponent", "tip_at", "decision_at", "run_kind"),
    *("role", "model_version", "injury_status", "decision", "reasons", "line_value", "n_books", "line_captured_at"),
    *("market_p_over", "baseline_dispersion", "points_q50", "minutes_mean", *COLUMNS),
)


@dataclass(frozen=True)
class Asked:
    """A line in points, and the prices that somebody has for its sides."""

    line: float
    over: prices.Price | None = None
    under: prices.Price | None = None


def run(
    player: str, line: float, *, over: int | None, under: int | None, day: dt.date | None, game: str, as_json: bool
) -> None:
    """Print the distribution, the fair odds and the expected profit of his prices. Nothing is written.

    Raises `UsageError` for a line or price that nobody offers and for a player who is not one, `PlatformError` if
    nothing is predicted for him.
    """
    asked = Asked(_line(line), _price(over, "--over"), _price(under, "--under"))
    with opened() as platform:
        row, name = _newest(platform, player, day, game)
        day = row["game_date"].date()
        origin = data_origin(platform.warehouse.read("nbac_schedule", dates=(day, day), columns=["arena_name"]))
    said = answer(row, asked)
    if as_json:
        console.as_json({"player_name": name, "data_origin": origin, **said, "note": NO_ADVICE})
    else:
        _say(name, origin, said)


def answer(row: pd.Series[Any], asked: Asked) -> dict[str, Any]:
    """What a stored prediction says of the line and the prices, as JSON has it; null for what is unknown."""
    mine = distribution_of(row[list(COLUMNS)].to_frame().T)[0]
    market = _market(row)
    about = (
        *("player_id", "team", "opponent", "game_date", "game_id", "tip_at", "model_version", "decision_at"),
        *("run_kind", "prediction_id", "injury_status", "decision", "reasons", "line_value", "n_books"),
    )
    rungs = at_least(mine)
    priced = (asked.over, asked.under)
    return {
        **{name: row[name] for name in (*about, "line_captured_at", "minutes_mean", "points_mean", "points_q50")},
        "line": asked.line,
        "model": _chances(mine, asked),
        "market": None if market is None else _chances(market, asked),
        "hold": None if None in priced else round(hold(*(p.decimal for p in priced if p)), 6),
        "ladder": [{"k": k, "p": round(float(p), 6)} for k, p in enumerate(rungs) if k],
    }


def _chances(probabilities: Floats, asked: Asked) -> dict[str, Any]:
    """Probabilities at the line, and of each side the fair odds, the price and what a unit at it expects."""
    chances = at_line(probabilities, asked.line)
    found: dict[str, Any] = {name: round(value, 6) + 0.0 for name, value in vars(chances).items()}
    sides = {
        "over": (chances.p_over, chances.p_under, asked.over),
        "under": (chances.p_under, chances.p_over, asked.under),
    }
    for side, (wins, loses, price) in sides.items():
        fair = fair_decimal(wins, loses)
        found[side] = {
            "fair_decimal": None if fair is None else round(fair, 4),
            "fair_american": american(fair),
            "price": price and price.american,
            "ev": None if price is None else round(expected_profit(wins, loses, price.decimal), 6),
        }
    return found


def _market(row: pd.Series[Any]) -> Floats | None:
    """The market's distribution: the baseline's shape through its no-vig P(over) at its line; None without one."""
    chance, line, a = (row[name] for name in ("market_p_over", "line_value", "baseline_dispersion"))
    if pd.isna(chance) or pd.isna(line) or pd.isna(a):
        return None
    mean = mean_for_probability(np.asarray([chance], dtype=float), [line], [a])
    return np.asarray(pmf(mean, [a])[0])


def _newest(platform: Platform, asked: str, day: dt.date | None, game: str) -> tuple[pd.Series[Any], str]:
    """The newest official prediction of the one who is meant, and his name."""
    days = list(platform.warehouse.versions(TABLE))
    if not days:
        raise PlatformError("nothing is predicted yet", "nba-assets ingest, or nba-assets demo first")
    last = day or dt.date.fromisoformat(days[-1])
    span = (last - YEAR, last)
    rows = platform.warehouse.read(TABLE, dates=span, columns=FIRST)
    rows = rows[(rows["role"] == "serving").fillna(False)]
    if rows.empty:
        raise PlatformError(f"nothing is predicted in the year to {last}", f"predictions: {days[0]} to {days[-1]}")
    player = the_player(asked, _names(platform, span, set(rows["player_id"])))
    name = _names(platform, span, {player})[player]
    own = rows[rows["player_id"] == player]
    found = own[own["game_date"] == pd.Timestamp(day)] if day else own
    found = found[found["game_id"] == game] if game else found
    if found.empty:
        where = " ".join(filter(None, (f"on {day}" if day else "", f"in game {game}" if game else "")))
        hint = f"his newest is of {own['game_date'].max():%Y-%m-%d}, game {own.iloc[-1]['game_id']}"
        raise PlatformError(f"nothing is predicted for {name} {where}", hint)
    at = found["game_date"].max().date()
    said = platform.warehouse.read(TABLE, dates=(at, at), columns=SAID, scope=Scope(players=frozenset({player})))
    said = said[said["game_id"] == game] if game else said
    return official(said, ["game_date", "game_id", "player_id"]).sort_values("tip_at").iloc[-1], name


def _names(platform: Platform, span: tuple[dt.date, dt.date], players: set[str]) -> dict[str, str]:
    """Names of the players by id, as they were called last."""
    columns = ["game_date", "player_id", "player_name"]
    rows = platform.warehouse.read("upcoming_player_game_context", dates=span, columns=columns)
    rows = rows[rows["player_id"].isin(players) & rows["player_name"].notna()]
    named = rows.sort_values("game_date", kind="stable").drop_duplicates("player_id", keep="last")
    return {player: player for player in players} | dict(zip(named["player_id"], named["player_name"], strict=True))


def _line(value: float) -> float:
    bounds = tables()[TABLE].column("line_value")
    if not (bounds.low or 0) <= value <= (bounds.high or 0) or value * 2 != round(value * 2):
        raise UsageError(f"{value:g} is no line of points", f"{bounds.low:g} to {bounds.high:g} in steps of a half")
    return value


def _price(value: int | None, option: str) -> prices.Price | None:
    if value is None:
        return None
    try:
        found = prices.american(value)
    except ValueError as error:
        raise UsageError(f"{option} {value} is no American price", "write it as -110 or 125") from error
    if not IMPLIED[0] <= 1 / found.decimal <= IMPLIED[1]:
        why = f"it says {1 / found.decimal:.2%}; prices of {IMPLIED[0]:.0%} to {IMPLIED[1]:.0%} are compared"
        raise UsageError(f"{option} {value} is an error, or a tail of which no model knows enough", why)
    return found


def _say(name: str, origin: str, said: dict[str, Any]) -> None:
    said = console.plain(said)
    if origin == "simulated":
        console.say(SIMULATED)
    console.say(
        f"{name} ({said['player_id']}), {said['team']} v {said['opponent']}, game {said['game_id']} of"
        f" {said['game_date']}. Tip {said['tip_at']}. Data: {origin}."
    )
    reasons = f" ({', '.join(said['reasons'])})" if said["reasons"] else ""
    injury = f", injury report: {said['injury_status']}" if said["injury_status"] else ""
    console.say(
        f"Said by {said['model_version']} at {said['decision_at']} ({said['run_kind']}): mean"
        f" {said['points_mean']:.1f}, median {said['points_q50']:.1f} points; official decision"
        f" {said['decision']}{reasons}{injury}."
    )
    _sides(said)
    if said["hold"] is not None:
        console.say(f"Hold of these prices: {said['hold']:.1%}.")
    rungs = [[rung["k"], f"{rung['p']:.1%}"] for rung in said["ladder"] if rung["p"] >= LEAST_SHOWN]
    console.table("P(points >= k)", ["k", "P"], rungs)
    console.say(NO_ADVICE)


def _sides(said: dict[str, Any]) -> None:
    model, market = said["model"], said["market"]
    lines = []
    for side in ("over", "under"):
        own, other = model[side], (market or {side: {"ev": None}})[side]
        lines.append(
            [
                f"{side.upper()} {said['line']:g}",
                f"{model[f'p_{side}']:.1%}",
                _signed(own["fair_american"]),
                own["fair_decimal"],
                _signed(own["price"]),
                _units(own["ev"]),
                None if market is None else f"{market[f'p_{side}']:.1%}",
                _units(other["ev"]),
            ]
        )
    lines.append(
        ["push", f"{model['p_push']:.1%}", *[None] * 4, None if market is None else f"{market['p_push']:.1%}", None]
    )
    columns = ["", "P", "fair", "decimal", "price", "EV", "P, market", "EV, market"]
    console.table("", columns, lines)
    if market is None:
        console.say("The market has no probability of its own: no line with both prices of a sportsbook is known.")


def _signed(price: int | None) -> str | None:
    return None if price is None else f"{price:+d}"


def _units(ev: float | None) -> str | None:
    return None if ev is None else f"{ev:+.3f}"
