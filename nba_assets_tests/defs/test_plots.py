"""Pictures in Dagster's UI: what is counted by hand, what every card says, and that nothing is loaded before."""

from __future__ import annotations

import base64
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from nba_assets.contracts import tables
from nba_assets.data_origin import DataOrigin
from nba_assets.defs.plots import card, null_rates, pace_and_ratings, usage_and_points, zone_chart
from nba_assets.defs.plots.card import HIGH, INK, LOW, PAPER, SOFT, markdown, png
from nba_assets.defs.plots.season import PLOTS
from nba_assets.defs.plots.zone_sums import COLUMNS, LAST, sides

DAYS = pd.to_datetime(["2024-11-01", "2024-11-03", "2024-11-04"])
SIZE_LIMIT = 40_000
"""Bytes of a picture."""


def team_games() -> pd.DataFrame:
    """Four team games on each of three dates."""
    pace = [96.0, 98.0, 100.0, 102.0]
    return pd.DataFrame(
        {
            "game_date": DAYS.repeat(4),
            "pace": pace * 3,
            "off_rating": [110.0, 112.0, 114.0, 116.0] * 3,
            "net_rating": [-4.0, 4.0, -12.0, 12.0] * 3,
        }
    )


def player_games() -> pd.DataFrame:
    """On each of three dates: 10, 10, 20 and 70 points, a short stint, and one who did not play."""
    return pd.DataFrame(
        {
            "game_date": DAYS.repeat(6),
            "status": ["played"] * 5 * 3 + ["dnp"] * 3,
            "minutes": [30.0, 31.0, 32.0, 33.0, 2.0, np.nan] * 3,
            "points": pd.array([10, 10, 20, 70, 0, None] * 3, dtype="Int64"),
            "usage_rate": [20.0, 20.0, 30.0, 51.0, 100.0, np.nan] * 3,
        }
    ).assign(status=["played", "played", "played", "played", "played", "dnp"] * 3)


def features() -> pd.DataFrame:
    """Two rows a date: the first feature is always there, the second in every other row, all others never."""
    found = pd.DataFrame(dict.fromkeys(null_rates.NAMES, np.nan), index=range(6))
    found.iloc[:, 0] = 1.0
    found.iloc[::2, 1] = 1.0
    return found.assign(game_date=DAYS.repeat(2))


def shots() -> pd.DataFrame:
    """Twenty games of BOS against NYK: BOS makes 6 of 10 at the rim, NYK 4 of 10; all else is one make in two shots.

    The five oldest games have other numbers, and the newest is without zones.
    """
    games = []
    for number in range(20):
        for team, opponent, made in (("BOS", "NYK", 6), ("NYK", "BOS", 4)):
            counts = {name: 2 if name.endswith("fga") else 1 for name in COLUMNS if name.endswith(("fga", "fgm"))}
            counts |= {"ra_fga": 10, "ra_fgm": made if number >= 5 else 5}
            day = pd.Timestamp("2024-11-01") + pd.Timedelta(days=number)
            games.append({"game_date": day, "game_id": f"{number:010}", "team": team, "opponent": opponent} | counts)
    frame = pd.DataFrame(games).assign(season=2024)
    zones = [name for name in COLUMNS if name.endswith(("fga", "fgm"))]
    frame[zones] = frame[zones].astype("Int64")
    frame.loc[frame["game_date"] == frame["game_date"].max(), zones] = pd.NA
    return frame


def zones_of_boston(origin: DataOrigin = "real") -> Figure:
    return zone_chart.draw("BOS", "2024-11-21", *sides(shots(), "BOS"), origin)


def texts(figure: Figure) -> str:
    """Everything that is written on a card, line by line."""
    found = [text.get_text() for text in figure.texts]
    for made in figure.axes:
        found += [made.get_xlabel(), made.get_ylabel(), made.get_title(loc="left")]
        found += [text.get_text() for text in made.texts]
    return "\n".join(found)


def drawn(origin: DataOrigin) -> dict[str, Figure]:
    found = {
        "pace": pace_and_ratings.draw(team_games(), origin),
        "points": usage_and_points.draw(player_games(), origin),
        "nulls": null_rates.draw(features(), origin),
        "zones": zones_of_boston(origin),
    }
    return {name: figure for name, figure in found.items() if figure is not None}


@pytest.mark.parametrize("name", ["pace", "points", "nulls", "zones"])
def test_a_card_is_small_opaque_and_says_where_its_data_is_from(name: str) -> None:
    real, simulated = drawn("real")[name], drawn("simulated")[name]
    assert "n = " in texts(real)
    assert "simulated" not in texts(real) and "simulated" in texts(simulated)
    picture = png(real)
    assert picture == png(drawn("real")[name]), "the same bytes for the same rows"
    assert len(picture) < SIZE_LIMIT
    image = Image.open(io.BytesIO(picture))
    assert image.size == tuple((real.get_size_inches() * card.DPI).round().astype(int))
    assert image.convert("RGBA").getextrema()[3] == (255, 255), "opaque: it reads the same in light and dark"
    assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    corner = [text for text in simulated.texts if text.get_text() == "simulated"]
    assert len(corner) == 1 and corner[0].get_position()[0] > 0.95 and corner[0].get_position()[1] > 0.9
    assert inside(simulated), "no text leaves the card"


def inside(figure: Figure) -> bool:
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    box, (width, height) = figure.get_tightbbox(renderer), figure.get_size_inches()
    return bool(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height)


def contrast(text: str, paper: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(text), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_what_is_written_has_contrast() -> None:
    assert min(contrast(colour, PAPER) for colour in (INK, SOFT, HIGH, LOW)) >= 4.5
    everywhere = zone_chart.shades()
    assert min(contrast(INK, everywhere(part)) for part in np.linspace(0, 1, 21)) >= 4.5


def test_pace_by_date_is_the_median_and_the_middle_half() -> None:
    figure = pace_and_ratings.draw(team_games(), "real")
    assert "n = 12 team games on 3 dates" in texts(figure)
    pace = figure.axes[0]
    assert pace.get_title(loc="left") == "Pace, possessions per 48 min"
    (middle,) = pace.lines
    assert list(middle.get_xdata()) == [0, 2, 3] and list(middle.get_ydata()) == [99.0] * 3
    outer, inner = ([line.tolist() for line in bars.get_segments()] for bars in pace.collections)
    assert inner == [[[day, 97.5], [day, 100.5]] for day in (0, 2, 3)]
    assert np.array(outer)[:, :, 1] == pytest.approx(np.array([[96.6, 101.4]] * 3))
    assert list(figure.axes[2].lines[0].get_ydata()) == [8.0] * 3, "of the winners"
    assert [tick.get_text() for tick in figure.axes[2].get_xticklabels()] == ["Nov 1", "Nov 3", "Nov 4"]


def test_one_date_and_one_row_can_be_drawn() -> None:
    assert png(pace_and_ratings.draw(team_games().iloc[:1], "real"))
    assert png(null_rates.draw(features().iloc[:1], "real"))
    one = usage_and_points.draw(player_games().iloc[:1], "real")
    assert one is not None and "of the date" not in texts(one), "the newest date is not drawn over itself"
    assert usage_and_points.draw(player_games().iloc[5:6], "real") is None, "nobody played"


def test_points_and_usage_are_percent_of_player_games() -> None:
    figure = usage_and_points.draw(player_games(), "real")
    assert figure is not None
    points, usage = figure.axes
    assert points.get_title(loc="left") == "n = 15, of the date 5"
    assert usage.get_title(loc="left") == "n = 12, of the date 4", "two minutes are too short for a usage rate"
    assert points.get_ylabel() == "% of player games" and "%" in usage.get_xlabel()
    season, edges, _ = points.patches[0].get_data()
    assert season.sum() == pytest.approx(100)
    assert season[list(edges).index(10)] == pytest.approx(40) and season[-1] == pytest.approx(20)


def test_nulls_are_percent_of_a_dates_rows() -> None:
    figure = null_rates.draw(features(), "real")
    strip = figure.axes[0].images[0].get_array()
    assert strip.shape == (25, 3)
    assert np.allclose(strip[0], 0) and np.allclose(strip[1], 50) and np.allclose(strip[2:], 100)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert said == ["0 %", "50 %", *["100 %"] * 23]
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == null_rates.NAMES


def test_zones_of_the_last_games_against_the_league_by_hand() -> None:
    shot, allowed = sides(shots(), "BOS")
    assert shot.games == allowed.games == LAST
    assert (str(shot.first)[:10], str(shot.last)[:10]) == ("2024-11-05", "2024-11-19"), "the newest has no zones"
    rim = shot.zones.loc["ra"]
    assert rim["fga"] == 150 and rim["share"] == pytest.approx(150 / 270)
    assert rim["fg_pct"] == pytest.approx((5 + 14 * 6) / 150)
    assert rim["diff_pp"] == pytest.approx(100 * (89 / 150 - 0.5)), "the league makes half"
    assert allowed.zones.loc["ra", "fg_pct"] == pytest.approx((5 + 14 * 4) / 150)
    assert shot.zones.loc["mid", "diff_pp"] == pytest.approx(0)
    assert shot.zones["share"].sum() == pytest.approx(1)


def test_a_zone_chart_has_its_numbers_and_n_for_both_sides() -> None:
    assert [zone_chart.signed(number) for number in (1.25, -0.96, 0.04, -0.04)] == ["+1.2", "−1.0", "0.0", "0.0"]
    said = texts(zones_of_boston())
    assert "BOS shoots" in said and "BOS allows" in said
    assert said.count("n = 270 attempts, 15 games, Nov 05 to Nov 19") == 2
    assert "at the rim\n56 %\nFG 59.3 % (+9.3)" in said
    assert "at the rim\n56 %\nFG 40.7 % (−9.3)" in said
    assert "2024-11-21" in said and "pp" in said


def test_a_side_without_located_shots_says_so() -> None:
    nothing = shots().assign(**{name: pd.NA for name in COLUMNS if name.endswith(("fga", "fgm"))})
    said = texts(zone_chart.draw("BOS", "2024-11-21", *sides(nothing, "BOS"), "real"))
    assert said.count("no game with located shots") == 2 and said.count("no attempt") == 10


def test_plots_read_columns_of_their_contracts() -> None:
    for table, plot in PLOTS.items():
        assert {*plot.columns, "season"} <= set(tables()[table].column_names), table
    assert set(COLUMNS) <= set(tables()["team_offense_game_summary"].column_names)


def test_matplotlib_is_loaded_by_the_first_picture_and_pyplot_never() -> None:
    code = (
        "import sys\n"
        "import nba_assets.definitions\n"
        "assert 'matplotlib' not in sys.modules and 'PIL' not in sys.modules\n"
        "import pandas as pd\n"
        "from nba_assets.defs.plots import card\n"
        "card.png(card.card('title', 'note', 'real', size=(2, 1)))\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_picture_in_markdown_needs_no_other_file() -> None:
    text = markdown(b"bytes", "what it shows")
    assert text.startswith("![what it shows](data:image/png;base64,")
    assert base64.b64decode(text.rpartition(",")[2].removesuffix(")")) == b"bytes"
