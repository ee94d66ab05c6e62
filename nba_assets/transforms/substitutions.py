"""Time on the floor from NBA.com's substitutions, and from who acts without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.distinct_texts import flags
from nba_assets.transforms.game_time import millis, period_at, period_start
from nba_assets.transforms.windows import Flags, Ints

SUBSTITUTION, BREAK = "substitution", "startperiod"
"""Kind of event, and the qualifier of a change between two periods."""
ACTS = ("2pt", "3pt", "freethrow", "rebound", "turnover", "steal", "block")
"""What only a man on the floor does; a technical free throw is an exception."""
FOULS = ("personal", "offensive")
"""So are these fouls; a technical foul may be of a man on the bench."""
FIVE = 5
PERIOD_BITS, TIME_BITS = 4, 24


@dataclass(frozen=True)
class Seen:
    """Who was seen doing what, row by row. `chain`: a man within what his substitutions tell of, from `begin` to `end`.

    A chain is a man's whole game where changes between periods are told (the content network does), else a period.
    Substitutions (rows `subs`) are in order of chain and time.
    """

    rows: pd.DataFrame
    """state, player_id"""
    side: Ints
    """A team in a state, as a number."""
    chain: Ints
    at: Ints
    period: Ints
    last: Ints
    """The game's last period."""
    begin: Ints
    end: Ints
    is_in: Flags
    subs: Ints


def time_by_substitutions(events: pd.DataFrame) -> pd.DataFrame:
    """state, period, player_id, millis: time on the floor in the periods of a team that are certain.

    Certain is a period in which the team always has five men, no man comes in who is there or leaves who is not, and
    none acts who is not there. A man is there from when he comes in until he leaves; before his first substitution if
    that takes him out; throughout if he acts and has none.
    """
    seen = _seen(events)
    stints = _stints(seen)
    parts = _by_period(stints)
    doubtful = np.concatenate([_contradicted(seen), _not_five(stints, seen)])
    certain = ~np.isin(_spell(parts["side"].to_numpy(), parts["period"].to_numpy()), doubtful)
    return parts[certain].groupby(["state", "period", "player_id"])["millis"].sum().reset_index()


def _seen(events: pd.DataFrame) -> Seen:
    kind, detail = events["action_type"], events["sub_type"]
    is_sub = (kind == SUBSTITUTION).to_numpy(dtype=bool) & detail.isin(["in", "out"]).to_numpy(dtype=bool)
    technical = flags(events["descriptor"], lambda text: "technical" in text)
    acts = kind.isin(ACTS).to_numpy(dtype=bool) & ~technical
    acts |= (kind == "foul").to_numpy(dtype=bool) & detail.isin(FOULS).to_numpy(dtype=bool)
    facts = ["state", "team_tricode", "period", "elapsed_seconds"]
    own = events.loc[is_sub | acts, [*facts, "player_id", "sub_type"]].assign(is_sub=is_sub[is_sub | acts])
    helped = events[[*facts, "assist_player_id"]].rename(columns={"assist_player_id": "player_id"})
    rows = pd.concat([own, helped.dropna(subset="player_id").assign(is_sub=False)])
    rows = rows.dropna(subset=["player_id", "team_tricode"]).reset_index(drop=True)
    state, period = (rows[name].to_numpy(dtype=np.int64) for name in ("state", "period"))
    last = rows["state"].map(events.groupby("state")["period"].max()).to_numpy(dtype=np.int64)
    told = events.loc[is_sub & flags(events["qualifiers"], lambda text: BREAK in text.split(",")), "state"]
    carries = rows["state"].isin(told.unique()).to_numpy(dtype=bool)
    chain = (_code(state, pd.factorize(rows["player_id"])[0]) << PERIOD_BITS) + np.where(carries, 0, period)
    at = millis(rows["elapsed_seconds"])
    subs = np.flatnonzero(rows["is_sub"].to_numpy(dtype=bool))
    return Seen(
        rows=rows[["state", "player_id"]],
        side=_code(state, pd.factorize(rows["team_tricode"])[0]),
        chain=chain,
        at=at,
        period=period,
        last=last,
        begin=np.where(carries, 0, period_start(period)),
        end=period_start(np.where(carries, last, period) + 1),
        is_in=(rows["sub_type"] == "in").fillna(False).to_numpy(dtype=bool),
        subs=subs[np.lexsort((at[subs], chain[subs]))],
    )


def _stints(seen: Seen) -> pd.DataFrame:
    """state, player_id, side, start, end (ms): from coming in (or the chain's begin) to leaving (or its end)."""
    subs, is_in = seen.subs, seen.is_in[seen.subs]
    goes_on = _goes_on(seen.chain[subs])
    until = np.where(goes_on, np.append(seen.at[subs][1:], 0)[: len(subs)], seen.end[subs])
    first_out = ~is_in & ~np.append(False, goes_on[:-1])[: len(subs)]
    idle = np.flatnonzero(~np.isin(seen.chain, seen.chain[subs]))
    idle = idle[np.unique(seen.chain[idle], return_index=True)[1]]
    row = np.concatenate([subs[is_in], subs[first_out], idle])
    start = np.concatenate([seen.at[subs[is_in]], seen.begin[subs[first_out]], seen.begin[idle]])
    end = np.concatenate([until[is_in], seen.at[subs[first_out]], seen.end[idle]])
    return seen.rows.take(row).assign(side=seen.side[row], start=start, end=end)[end > start]


def _by_period(stints: pd.DataFrame) -> pd.DataFrame:
    """state, player_id, side, period, millis: the stints cut at the ends of periods."""
    start, end = stints["start"].to_numpy(dtype=np.int64), stints["end"].to_numpy(dtype=np.int64)
    first = period_at(start)
    count = period_at(end - 1) - first + 1
    row = np.repeat(np.arange(len(stints)), count)
    period = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    inside = np.minimum(end[row], period_start(period + 1)) - np.maximum(start[row], period_start(period))
    return stints[["state", "player_id", "side"]].take(row).assign(period=period, millis=inside)


def _contradicted(seen: Seen) -> Ints:
    """Spells in which a man comes in who is there, leaves who is not, or acts while he is not."""
    subs = seen.subs
    chain, is_in = seen.chain[subs], seen.is_in[subs]
    again = np.append(False, _goes_on(chain)[:-1] & (is_in[1:] == is_in[:-1]))[: len(subs)]
    acts = np.flatnonzero(np.isin(seen.chain, chain))
    acts = acts[~np.isin(acts, subs)]
    keys, asked = _moment(chain, seen.at[subs]), _moment(seen.chain[acts], seen.at[acts])
    before = np.searchsorted(keys, asked, side="right") - 1
    after = np.minimum(np.searchsorted(keys, asked), len(subs) - 1)
    came = (before >= 0) & (chain[before] == seen.chain[acts]) & is_in[before]
    leaves = (chain[after] == seen.chain[acts]) & (keys[after] >= asked) & ~is_in[after]
    rows = np.concatenate([subs[again], acts[~(came | leaves)]])
    return _spell(seen.side[rows], seen.period[rows])


def _not_five(stints: pd.DataFrame, seen: Seen) -> Ints:
    """Spells in which a side has more or fewer than five men at any time."""
    sides, row = np.unique(seen.side, return_index=True)
    last = seen.last[row]
    side = np.repeat(sides, last + 1)
    edge = period_start(np.arange(len(side)) - np.repeat(np.cumsum(last + 1) - last - 1, last + 1) + 1)
    times = np.concatenate([stints["start"], stints["end"], edge]).astype(np.int64)
    men = np.repeat([1, -1, 0], [len(stints), len(stints), len(edge)])
    moments, place = np.unique(
        _moment(np.concatenate([stints["side"], stints["side"], side]).astype(np.int64), times), return_inverse=True
    )
    there = np.cumsum(np.bincount(place, weights=men, minlength=len(moments)).astype(np.int64))
    of, time = moments >> TIME_BITS, moments & (1 << TIME_BITS) - 1
    wrong = _goes_on(of) & (there != FIVE)
    return _spell(of[wrong], period_at(time[wrong]))


def _goes_on(groups: Ints) -> Flags:
    """Whether the next one is of the same group."""
    return np.append(groups[1:] == groups[:-1], False)[: len(groups)]


def _moment(group: Ints, time: Ints) -> Ints:
    return (group << TIME_BITS) + time


def _spell(side: Ints, period: Ints) -> Ints:
    """A period of a side as one number."""
    return (side << PERIOD_BITS) + period


def _code(state: Ints, part: Any) -> Ints:
    """One number per distinct pair."""
    return np.unique(state * (part.max(initial=0) + 1) + part, return_inverse=True)[1].astype(np.int64)
