"""The games' model as its card tells it: name, features, parameters, spread."""

from __future__ import annotations

from dataclasses import dataclass

from nba_assets.modeling import game_features, game_weights

MODEL_VERSION = "ratings-2"
FEATURES = (*game_features.FEATURES, "home_spread", "total")


@dataclass(frozen=True)
class Params:
    """What is not fitted: how far books' lines are from the result."""

    sd_margin_line: float = 12.7
    sd_total_line: float = 17.8
    """Around a spread and a total: start values, there are no real game lines to measure them on."""


def dispersion(season: int | None = None) -> dict[str, float]:
    """Standard deviations of margin and total, without (of the season, else the newest) and with game lines, points."""
    weights, p = game_weights.of_season(9999 if season is None else season), Params()
    return {
        "margin": weights.sd_margin,
        "total": weights.sd_total,
        "margin_with_line": p.sd_margin_line,
        "total_with_line": p.sd_total_line,
    }
