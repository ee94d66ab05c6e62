"""What is expected of everybody on the floor: a player's team mates, his opponents, and those who may be missing.

Each man counts by P(plays): no name is counted in or out that was not known before the tip.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.modeling.availability import p_plays
from nba_assets.modeling.columns import floats, group_sums
from nba_assets.modeling.distribution import Floats

GAME_MINUTES = 240.0
RECENT_DAYS = 25
"""Who has not played for longer is missed by nobody."""

TEAM = ("game_date", "game_id", "team")


def with_team_mates(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a slate, all of each game's, index 0, 1, ..., with what is expected of the others.

    p_play; mates_minutes, mates_shots, mates_points: sums over the team's others of P(plays) times weighted form;
    minutes_share: his weighted minutes as a share of the team's, times 240; gone_minutes, gone_shots: the same sums of
    what those who may be absent leave; opponent_points: the other team's sum.
    """
    p = p_plays(rows)
    codes = rows.groupby(list(TEAM), sort=False).ngroup().to_numpy().astype(np.int64)
    form = {name: np.nan_to_num(floats(rows[f"{name}_ew8"])) for name in ("minutes", "shots", "points")}
    recent = floats(rows["days_since_last"]) < RECENT_DAYS
    out: dict[str, Floats] = {"p_play": p}
    sums = {name: group_sums(p * values, codes) for name, values in form.items()}
    for name, values in form.items():
        out[f"mates_{name}"] = sums[name] - p * values
    own = floats(rows["minutes_ew8"])
    out["minutes_share"] = GAME_MINUTES * own / np.maximum(out["mates_minutes"] + np.nan_to_num(own), 1.0)
    for name in ("minutes", "shots"):
        left = np.where(recent, (1.0 - p) * form[name], 0.0)
        out[f"gone_{name}"] = group_sums(left, codes) - left
    out["opponent_points"] = _of_opponents(rows, sums["points"])
    return pd.concat([rows, pd.DataFrame(out, index=rows.index)], axis=1)


def _of_opponents(rows: pd.DataFrame, points: Floats) -> Floats:
    key = list(TEAM)
    by_team = rows[key].assign(points=points).drop_duplicates(key).rename(columns={"team": "opponent"})
    found = rows[[*key[:2], "opponent"]].merge(by_team, on=[*key[:2], "opponent"], how="left")
    return found["points"].to_numpy(dtype=np.float64)
