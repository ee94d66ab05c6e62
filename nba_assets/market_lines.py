"""The market's line of a player's points at a moment: one main line a book, their consensus, prices, no-vig chances.

A *prop* is a row of a props table with its `feed`: a book's main line of a player in one capture (alternates are in
the row and are never looked at). An *ask* is a player's game, its tip and the moment `at` which only props known by
then may be used. A prop stands at an ask if

- it was captured before the tip and known at `at`,
- it is in the newest such capture of its game, feed and book: who is absent from that one is withdrawn (rows without
  a player do not count: who they are about may be known only later, and then they are of that time),
- it is the book's newest over the feeds, and not marked inactive.

Of the standing props those with both prices and of no more than `max_age` make the consensus. Pick'em books give it a
line but no price and no probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from nba_assets.contracts import table
from nba_assets.contracts.frames import empty

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEEDS = {"odds_api_player_points_props": "odds_api", "bettingpros_player_points_props": "bettingpros"}
"""Props tables and their names as line sources; of equal captures of a book the first feed's counts."""

KEY = ["game_date", "game_id", "player_id"]
"""With the date: a postponed game keeps its id and may be asked about on both dates."""
GAME = KEY[:2]
ASK = [*KEY, "tip_at", "at"]

MAX_AGE = pd.Timedelta(hours=12)
"""An older capture is no line to decide on."""

DEVIG_TOLERANCE = 0.02
"""A larger difference of the two no-vig methods is as large as the least edge: a conflict."""

DECIMALS = 9
"""Of probabilities and holds."""

FIELDS = (
    "consensus_line",
    "line_value",
    "n_books",
    "line_range",
    "line_source",
    "line_captured_at",
    "line_known_at",
    "minutes_to_tip",
    "over_book",
    "over_price",
    "under_book",
    "under_price",
    "hold",
    "market_p_over",
    "market_p_over_power",
    "one_sided",
    "stale_line",
    "tipped",
    "devig_conflict",
)
"""What `consensus` says of an ask."""

_TAKEN = ["game_date", "game_id", "player_id", "feed", "book", "captured_at", "known_at", "line"]
_PRICES = ["over_price", "under_price"]


def props(inputs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The props tables among the inputs under one another, with `feed`; no rows if there are none."""
    found = [inputs.get(name, empty(table(name))).assign(feed=feed) for name, feed in FEEDS.items()]
    filled = [frame for frame in found if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else found[0]


def consensus(lines: pd.DataFrame, asks: pd.DataFrame, max_age: pd.Timedelta | None = MAX_AGE) -> pd.DataFrame:
    """The consensus at every ask: ASK and FIELDS, a row an ask in the order of `asks`, index 0, 1, ...

    lines: props with `feed`; asks: ASK. Line, range: points; prices American; probabilities given no push.

    - consensus_line: median of the books' main lines; line_value: the offered one nearest to it (tie: more books, then
      lower); n_books, line_range (largest − smallest), line_source (odds_api, bettingpros, both), line_captured_at
      and line_known_at (newest used), minutes_to_tip: of the consensus;
    - over_*, under_*: best price among priced books at line_value (tie: first name); hold, market_p_over (q_o/(q_o +
      q_u)), market_p_over_power: medians over those books; all null for a pick'em line;
    - without a line: tipped (all his props are from in play), stale_line (one with both prices stands, but is older
      than `max_age`), one_sided (one with a single price stands);
    - devig_conflict: the two methods differ by more than DEVIG_TOLERANCE or stand on different sides of even.
    """
    asks = asks.reset_index(drop=True)
    standing = _standing(_prepared(lines), asks)
    both = standing["both"].to_numpy(dtype=bool)
    fresh = np.ones(len(standing), dtype=bool)
    if max_age is not None:
        fresh = (standing["at"] - standing["captured_at"] <= max_age).to_numpy()
    used = standing[both & fresh]
    said = _lines(used)
    said = said.join(_prices(used, said["line_value"])).reindex(range(len(asks)))
    unlined = said["consensus_line"].isna().to_numpy()
    said["tipped"] = unlined & _only_in_play(lines, asks)
    said["stale_line"] = unlined & _has(standing["ask"][both & ~fresh], len(asks))
    said["one_sided"] = unlined & _has(standing["ask"][~both], len(asks))
    said["devig_conflict"] = _conflict(said)
    ahead = asks["tip_at"] - said["line_captured_at"]
    said["minutes_to_tip"] = ahead.dt.total_seconds() / 60.0
    said["n_books"] = said["n_books"].astype("Int64")
    return pd.concat([asks[ASK], said[list(FIELDS)]], axis=1)


def opening(lines: pd.DataFrame, asks: pd.DataFrame) -> pd.DataFrame:
    """ASK with `opening_line` and `opening_known_at`, a row an ask in the order of `asks`, index 0, 1, ...

    The line is the median of each book's first with both prices before the tip, known at `at`; null if no book had one.
    """
    asks = asks.reset_index(drop=True)
    usable = _usable(_prepared(lines), asks)
    usable = usable[usable["both"] & usable["active"]]
    first = usable.sort_values(["ask", "book", "captured_at", "feed_order"], kind="stable")
    first = first.drop_duplicates(["ask", "book"])
    by_ask = first.groupby("ask")
    found = pd.DataFrame({"opening_line": by_ask["line"].median(), "opening_known_at": by_ask["known_at"].max()})
    return pd.concat([asks[ASK], found.reindex(range(len(asks)))], axis=1)


def implied(american: ArrayLike) -> Floats:
    """Implied probability 1/d of American prices (d = 1 + a/100 or 1 + 100/|a|); NaN for null or |a| < 100."""
    price = np.asarray(american, dtype=np.float64)
    size = np.where(np.abs(price) >= 100.0, np.abs(price), np.nan)
    return np.asarray(np.where(price > 0, 100.0 / (100.0 + size), size / (100.0 + size)))


def multiplicative(q_over: Floats, q_under: Floats) -> Floats:
    """P(over) given no push, each side scaled alike: q_o/(q_o + q_u)."""
    return q_over / (q_over + q_under)


def power(q_over: Floats, q_under: Floats) -> Floats:
    """P(over) = q_o^k given no push, k in 0.5..3 from q_o^k + q_u^k = 1; multiplicative if q_o + q_u ≤ 1."""
    low, high = np.full(len(q_over), 0.5), np.full(len(q_over), 3.0)
    for _ in range(60):
        middle = (low + high) / 2.0
        above = q_over**middle + q_under**middle > 1.0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    k = (low + high) / 2.0
    return np.asarray(np.where(q_over + q_under > 1.0, q_over**k, multiplicative(q_over, q_under)))


def _prepared(lines: pd.DataFrame) -> pd.DataFrame:
    """The columns that count, with `both` (two prices), `active`, `feed_order`, `priced` (not pick'em); no in-play."""
    out = lines[_TAKEN].copy()
    q_over, q_under = (implied(_floats(lines[name])) for name in _PRICES)
    out["over_price"], out["under_price"] = (_floats(lines[name]) for name in _PRICES)
    out["both"] = np.isfinite(q_over) & np.isfinite(q_under) & lines["line"].notna().to_numpy()
    out["priced"] = ~_flags(lines, "is_dfs", default=False)
    out["active"] = _flags(lines, "is_active", default=True)
    out["feed_order"] = out["feed"].map({feed: n for n, feed in enumerate(FEEDS.values())}).astype("float64")
    return out[~_flags(lines, "is_in_play", default=False)]


def _usable(prepared: pd.DataFrame, asks: pd.DataFrame) -> pd.DataFrame:
    """Pairs of an ask (`ask`, its position) and a prop of its player that was captured and known in time."""
    wanted = asks[ASK].assign(ask=np.arange(len(asks)))
    pairs = prepared[prepared["player_id"].notna()].merge(wanted, on=KEY)
    return pairs[_in_time(pairs)]


def _standing(prepared: pd.DataFrame, asks: pd.DataFrame) -> pd.DataFrame:
    """At most one prop per ask and book: see the module's definition."""
    games = [*GAME, "tip_at", "at"]
    moments = asks[games].drop_duplicates(ignore_index=True)
    moments["moment"] = np.arange(len(moments))
    pairs = prepared.merge(moments, on=GAME)
    pairs = pairs[_in_time(pairs) & pairs["player_id"].notna()]
    newest = pairs.groupby(["moment", "feed", "book"])["captured_at"].transform("max")
    pairs = pairs[(pairs["captured_at"] == newest) & pairs["active"]]
    wanted = asks[ASK].assign(ask=np.arange(len(asks))).merge(moments, on=games)
    found = pairs.merge(wanted[["moment", "player_id", "ask"]], on=["moment", "player_id"])
    found = found.sort_values("feed_order", kind="stable").sort_values(
        ["ask", "book", "captured_at"], ascending=[True, True, False], kind="stable"
    )
    return found.drop_duplicates(["ask", "book"], ignore_index=True)


def _in_time(pairs: pd.DataFrame) -> pd.Series[Any]:
    return (pairs["captured_at"] < pairs["tip_at"]) & (pairs["known_at"] <= pairs["at"])


def _lines(used: pd.DataFrame) -> pd.DataFrame:
    """By ask: consensus_line, line_value, n_books, line_range, line_source, line_captured_at, line_known_at."""
    by_ask = used.groupby("ask")
    out = pd.DataFrame(
        {
            "consensus_line": by_ask["line"].median(),
            "n_books": by_ask.size().astype("Int64"),
            "line_range": by_ask["line"].max() - by_ask["line"].min(),
            "line_captured_at": by_ask["captured_at"].max(),
            "line_known_at": by_ask["known_at"].max(),
        }
    )
    first, last = by_ask["feed_order"].min(), by_ask["feed_order"].max()
    out["line_source"] = first.map(dict(enumerate(FEEDS.values()))).astype("string[pyarrow]").mask(first < last, "both")
    offered = used.groupby(["ask", "line"]).size().rename("books").reset_index()
    offered["distance"] = (offered["line"] - offered["ask"].map(out["consensus_line"])).abs()
    nearest = offered.sort_values(["ask", "distance", "books", "line"], ascending=[True, True, False, True])
    out["line_value"] = nearest.drop_duplicates("ask").set_index("ask")["line"]
    return out


def _prices(used: pd.DataFrame, line_value: pd.Series[Any]) -> pd.DataFrame:
    """By ask: best prices, hold and no-vig probabilities of the priced books at its line_value."""
    at_value = used["line"].to_numpy() == used["ask"].map(line_value).to_numpy()
    books = used[at_value & used["priced"].to_numpy(dtype=bool)].sort_values(["ask", "book"], kind="stable")
    q_over, q_under = implied(books["over_price"]), implied(books["under_price"])
    chances = pd.DataFrame(
        {
            "hold": q_over + q_under - 1.0,
            "market_p_over": multiplicative(q_over, q_under),
            "market_p_over_power": power(q_over, q_under),
        },
        index=books.index,
    )
    out = chances.groupby(books["ask"]).median().round(DECIMALS)
    for side, q in (("over", q_over), ("under", q_under)):
        best = books.assign(q=q).sort_values(["ask", "q", "book"], kind="stable").drop_duplicates("ask")
        best = best.set_index("ask")
        out[f"{side}_book"] = best["book"].astype("string[pyarrow]")
        out[f"{side}_price"] = best[f"{side}_price"].astype("Int64")
    return out


def _conflict(said: pd.DataFrame) -> Bools:
    plain, by_power = (_floats(said[name]) - 0.5 for name in ("market_p_over", "market_p_over_power"))
    return np.asarray((np.abs(plain - by_power) > DEVIG_TOLERANCE) | (plain * by_power < 0.0))


def _only_in_play(lines: pd.DataFrame, asks: pd.DataFrame) -> Bools:
    """Asks whose player has props, all captured at or after the tip: known by their capture times, at any time."""
    wanted = asks[ASK].assign(ask=np.arange(len(asks)))
    rows = lines[[*KEY, "captured_at"]].assign(in_play=_flags(lines, "is_in_play", default=False))
    pairs = rows[rows["player_id"].notna()].drop_duplicates().merge(wanted, on=KEY)
    late = (pairs["captured_at"] >= pairs["tip_at"]) | pairs["in_play"]
    return _has(pairs["ask"][late], len(asks)) & ~_has(pairs["ask"][~late], len(asks))


def _has(asks: pd.Series[Any], n: int) -> Bools:
    out = np.zeros(n, dtype=bool)
    out[asks.to_numpy(dtype=np.int64)] = True
    return out


def _floats(values: pd.Series[Any]) -> Floats:
    return np.asarray(pd.to_numeric(values).astype("Float64"), dtype=np.float64)


def _flags(lines: pd.DataFrame, name: str, *, default: bool) -> Bools:
    if name not in lines.columns:
        return np.full(len(lines), default)
    return lines[name].astype("boolean").fillna(default).to_numpy(dtype=bool)
