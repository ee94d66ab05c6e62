"""Prices that are an error of a feed, not an offer: nobody may bet on them.

A main line is near even money: of real ones P(over) is 0.474 to 0.527 in nine rows of ten, and a book's hold is about
0.07 (pick'em: 0.16). The limits are far outside of that, and inside of what a typing error, a frozen market or another
line's price looks like:

- an implied probability outside `IMPLIED` (+3233, -3233) is no main line's, and of points' tails no model knows enough;
- best prices whose implied probabilities add up to less than 1 + `HOLD[0]` would win 5 % whatever happens: one of them
  is stale or wrong; above 1 + `HOLD[1]` they do not belong to one line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nba_assets.market_lines import implied

IMPLIED = (0.03, 0.97)
"""Least and largest implied probability of a price."""
HOLD = (-0.05, 0.25)
"""Least and largest sum of both best prices' implied probabilities, minus 1."""


def outliers(over_price: ArrayLike, under_price: ArrayLike) -> NDArray[np.bool_]:
    """Whether the American prices of a line's sides break a limit, one truth value a row; null prices break none."""
    over, under = implied(over_price), implied(under_price)
    hold = over + under - 1.0
    found = np.zeros(np.shape(hold), dtype=bool)
    for value, (least, most) in ((over, IMPLIED), (under, IMPLIED), (hold, HOLD)):
        found |= (value < least) | (value > most)
    return found
