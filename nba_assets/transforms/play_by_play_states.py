"""The states that the events of a game went through: play-by-play keeps versions of each event, few moments differ.

A *state* is a game between two times at which any of its events changed. All moments within it see the same events, so
these are put together once per state that a moment asks for, and not once per moment.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from nba_assets.transforms.game_versions import GAME
from nba_assets.transforms.windows import Ints, micros

NO_STATE = -1
NEVER = int(np.iinfo(np.int64).max)


class EventVersions:
    """All versions of a play-by-play's events. rows: GAME, order_number, known_at, superseded_at and what is wanted."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        ids, self._ids = pd.factorize(rows["game_id"])
        dates, self._dates = pd.factorize(rows["game_date"])
        game = ids.astype(np.int64) * len(self._dates) + dates
        begin = micros(rows["known_at"])
        is_open = rows["superseded_at"].isna().to_numpy(dtype=bool)
        end = np.where(is_open, NEVER, micros(rows["superseded_at"]))
        self._times = np.unique(np.concatenate([begin, end[~is_open]]))
        begins = self._place(game, begin)
        ends = self._place(game, end)[~is_open]
        self._edges = np.unique(np.concatenate([begins, ends]))
        """Every game's times of change: the state that begins with one has its place as number."""
        self._first = np.searchsorted(self._edges, begins)
        self._until = np.searchsorted(self._edges, (game + 1) * len(self._times))
        self._until[~is_open] = np.searchsorted(self._edges, ends)

    @cached_property
    def times(self) -> pd.DataFrame:
        """GAME, known_at and superseded_at of the events, each combination once."""
        pairs = self._first * (len(self._edges) + 1) + self._until
        _, rows = np.unique(pairs, return_index=True)
        return self.rows[[*GAME, "known_at", "superseded_at"]].take(rows)

    def at(self, moments: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
        """(per moment its state, NO_STATE where no event is known; the events of these states in order, with `state`).

        moments: GAME and `at`. States are numbered from 0; `state` is the first of the frame's keys, order_number the
        second.
        """
        edge = self._edge(moments)
        wanted = np.unique(edge[edge != NO_STATE])
        low, high = (np.searchsorted(wanted, edges) for edges in (self._first, self._until))
        count = high - low
        row = np.repeat(np.arange(len(self.rows)), count)
        state = np.arange(len(row)) - np.repeat(np.cumsum(count) - count - low, count)
        order = np.lexsort((self.rows["order_number"].to_numpy(dtype=np.int64)[row], state))
        events = self.rows.take(row[order]).reset_index(drop=True).assign(state=state[order])
        filled = np.append(np.bincount(state, minlength=len(wanted)) > 0, False)
        number = np.where(edge == NO_STATE, NO_STATE, np.searchsorted(wanted, edge))
        return np.where(filled[number], number, NO_STATE), events

    def _edge(self, moments: pd.DataFrame) -> Ints:
        """Per moment the last change of its game by then."""
        if self.rows.empty:
            return np.full(len(moments), NO_STATE)
        ids = self._ids.get_indexer(pd.Index(moments["game_id"]))
        dates = self._dates.get_indexer(pd.Index(moments["game_date"]))
        game = ids.astype(np.int64) * len(self._dates) + dates
        place = game * len(self._times) + np.searchsorted(self._times, micros(moments["at"]), side="right") - 1
        edge = np.searchsorted(self._edges, place, side="right") - 1
        known = (ids >= 0) & (dates >= 0) & (edge >= 0) & (self._edges[edge] >= game * len(self._times))
        return np.where(known, edge, NO_STATE)

    def _place(self, game: Ints, time: Ints) -> Ints:
        return np.asarray(game * len(self._times) + np.searchsorted(self._times, time))
