"""The one call that builds a table's rows, whichever phase it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from nba_assets import modeling, transforms
from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Table
from nba_assets.scope import Scope, in_scope
from nba_assets.sources.assemble import Capture, build_identity, build_raw
from nba_assets.transforms import team_readiness
from nba_assets.transforms.readiness import games_of

SECOND_SOURCE = "one box score, the other is given two hours"


def _no_waiting() -> pd.DataFrame:
    return pd.DataFrame({"game_date": [], "game_id": [], "reason": []})


@dataclass(frozen=True)
class Built:
    """A table's rows for some dates, and the games that wait: game_date, game_id, reason, perhaps not_before.

    A game with a `not_before` waits until then and is built from then on without anything new.
    """

    frame: pd.DataFrame
    waiting: pd.DataFrame = field(default_factory=_no_waiting)
    unripe: frozenset[dt.date] = frozenset()
    """Dates some of whose rows will only be known later: the same inputs give more then."""

    @property
    def waiting_days(self) -> set[dt.date]:
        return set(pd.to_datetime(self.waiting["game_date"]).dt.date) if len(self.waiting) else set()

    @property
    def waiting_lines(self) -> list[str]:
        """`game_id: reason`, one line a waiting game."""
        return [f"{game}: {why}" for game, why in zip(self.waiting["game_id"], self.waiting["reason"], strict=True)]


def build_table(
    contract: Table,
    inputs: Mapping[str, pd.DataFrame],
    dates: Sequence[pd.Timestamp],
    scope: Scope | None,
    captures: Sequence[Capture],
    own_aliases: Sequence[pd.DataFrame] = (),
) -> Built:
    """The rows of `contract` on `dates` (in scope, if one is given). Pure: same inputs, same bytes."""
    if contract.dataset == "nba_raw":
        return scoped(_raw(contract, inputs, dates, captures, own_aliases), scope)
    module = modeling if contract.dataset == "nba_predictions" else transforms
    frame = module.TRANSFORMS[contract.name](inputs, dates, scope)
    if contract.name == "player_game_summary" and scope is None:
        games = games_of(inputs, dates)
        early = (games["reason"] == "") & games["not_before"].notna()
        games["reason"] = games["reason"].mask(early, SECOND_SOURCE)
        return Built(frame, games[games["reason"] != ""])
    if contract.name == "team_offense_game_summary" and scope is None:
        return Built(frame, team_readiness.games_of(inputs, dates))
    return Built(frame)


def scoped(built: Built, scope: Scope | None) -> Built:
    """Only the rows in scope, if one is given."""
    return built if scope is None else replace(built, frame=built.frame[in_scope(built.frame, scope)])


def _raw(
    contract: Table,
    inputs: Mapping[str, pd.DataFrame],
    dates: Sequence[pd.Timestamp],
    captures: Sequence[Capture],
    own_aliases: Sequence[pd.DataFrame],
) -> Built:
    if not captures:
        return Built(empty(contract))
    if contract.name == "player_identity":
        frame = build_identity(captures)
    else:
        schedule, identity = (
            inputs[name] if name in inputs else empty(tables()[name]) for name in ("nbac_schedule", "player_identity")
        )
        frame = build_raw(contract, captures, schedule, identity, own_aliases).frame
    return Built(frame[frame["game_date"].isin(list(dates))])
