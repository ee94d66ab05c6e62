"""Adjusted plus-minus of whole games: what 48 minutes of a man add to the margin, by ridge regression.

A game's margin is home advantage plus the ratings of those who played, each by his share of his team's minutes (five
shares a team), the visitors' with the opposite sign. So a man is told from his team mates by the games that he missed
and by the teams that he was traded to. Line-ups within a game are not needed: box scores reach back further.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import linalg, sparse

from nba_assets.transforms import windows
from nba_assets.transforms.windows import Flags, Floats, Ints

HALF_LIFE = 500.0
"""Days after which a game counts half."""
PENALTY, HOME_PENALTY, HOME = 15.0, 20.0, 2.5
"""Games' worth of evidence for 0, and for a home advantage of 2.5 points."""
DAYS = 723
"""Days before the week's Monday that are read: none is more than two years before a date of the week."""
DECIMALS = 4
MONDAY = 4
"""Day 4 since 1970-01-01 was a Monday."""


def adjusted(people: pd.DataFrame, box: pd.DataFrame) -> tuple[Floats, Ints]:
    """Per ask the rating (points per 48 minutes, 0 for who has not played) and the newest `known_at` it used (µs).

    people: game_date, decision_at, player_id. box: all versions of played rows with game_date, game_id, team, is_home,
    player_id, minutes, margin (his team's), known_at, superseded_at, in canonical order. Ratings move on Mondays: the
    games before the week's Monday count, as known at each decision.
    """
    rating, newest = np.zeros(len(people)), np.full(len(people), np.iinfo(np.int64).min)
    if not len(people) or not len(box):
        return rating, newest
    day, at = windows.days(people["game_date"]), windows.micros(people["decision_at"])
    week = day - (day - MONDAY) % 7
    rows = _Rows(box)
    men = rows.men.get_indexer(pd.Index(people["player_id"]))
    solved: dict[tuple[int, bytes], Floats] = {}
    moments = np.unique(np.stack([week, at], axis=1), axis=0)
    for monday, moment in moments:
        use = rows.known(int(monday), int(moment))
        key = (int(monday), np.packbits(use).tobytes())
        if key not in solved:
            solved[key] = rows.solved(use, int(monday))
        asked = (week == monday) & (at == moment)
        rating[asked] = np.append(solved[key], 0.0)[men[asked]]
        newest[asked] = rows.known_at[use].max(initial=np.iinfo(np.int64).min)
    return rating, newest


class _Rows:
    """The box score as arrays, once for all decisions."""

    def __init__(self, box: pd.DataFrame) -> None:
        self.men = pd.Index(np.sort(box["player_id"].unique()))
        self.man = self.men.get_indexer(pd.Index(box["player_id"]))
        self.day = windows.days(box["game_date"])
        self.known_at = windows.micros(box["known_at"])
        self.gone = np.where(box["superseded_at"].isna(), windows.NEVER, windows.micros(box["superseded_at"]))
        self.game = pd.factorize(pd.MultiIndex.from_frame(box[["game_date", "game_id"]]), sort=True)[0]
        self.home = box["is_home"].to_numpy(dtype=bool)
        self.minutes = windows.floats(box["minutes"])
        self.margin = np.where(self.home, 1.0, -1.0) * windows.floats(box["margin"])

    def known(self, monday: int, moment: int) -> Flags:
        known = (self.known_at <= moment) & (self.gone > moment)
        return np.asarray(known & (self.day < monday) & (self.day >= monday - DAYS))

    def solved(self, use: Flags, monday: int) -> Floats:
        """Rating of every man of `men`, 0 for those without a row."""
        out = np.zeros(len(self.men))
        played = np.flatnonzero(use & (self.minutes > 0))
        sides = 2 * self.game[played] + self.home[played]
        both = np.bincount(np.unique(sides) // 2, minlength=1) == 2
        played = played[both[self.game[played]]]
        if not len(played):
            return out
        games, first, row = np.unique(self.game[played], return_index=True, return_inverse=True)
        present, column = np.unique(self.man[played], return_inverse=True)
        sides = 2 * row + self.home[played]
        share = 5 * self.minutes[played] / np.bincount(sides, weights=self.minutes[played])[sides]
        n, width = len(games), len(present) + 1
        values = np.concatenate([np.where(self.home[played], share, -share), np.ones(n)])
        places = (np.concatenate([row, np.arange(n)]), np.concatenate([column, np.full(n, width - 1)]))
        shares = sparse.csr_matrix((values, places), shape=(n, width))
        weight = 0.5 ** ((monday - self.day[played][first]) / HALF_LIFE)
        weighted = sparse.diags_array(weight) @ shares
        penalty = np.append(np.full(width - 1, PENALTY), HOME_PENALTY)
        left = (shares.T @ weighted).toarray() + np.diag(penalty)
        right = weighted.T @ self.margin[played][first]
        right[-1] += HOME_PENALTY * HOME
        out[present] = linalg.cho_solve(linalg.cho_factor(left), right)[:-1]
        return np.asarray(np.round(out, DECIMALS) + 0.0)
