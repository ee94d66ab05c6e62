"""The league's thirty teams: ids, codes, names, home arenas. One table for parsers, features and the simulator."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Team:
    """One team. `latitude`, `longitude`: its home arena, degrees; `utc_offset`: standard time there, hours."""

    team_id: int
    tricode: str
    city: str
    name: str
    arena: str
    latitude: float
    longitude: float
    utc_offset: int

    @property
    def full_name(self) -> str:
        return f"{self.city} {self.name}"


LEAGUE_ZONE = ZoneInfo("America/New_York")
"""The league's dates are this zone's."""
FINAL = 3
"""The schedule's status of a game that is over."""
FORFEIT_SCORES = frozenset({0, 2})
"""Both scores of a forfeited game, 2-0: no game that was played ends so low. It has no box score."""

TEAMS: tuple[Team, ...] = (
    Team(1610612737, "ATL", "Atlanta", "Hawks", "State Farm Arena", 33.7573, -84.3963, -5),
    Team(1610612738, "BOS", "Boston", "Celtics", "TD Garden", 42.3662, -71.0621, -5),
    Team(1610612751, "BKN", "Brooklyn", "Nets", "Barclays Center", 40.6826, -73.9754, -5),
    Team(1610612766, "CHA", "Charlotte", "Hornets", "Spectrum Center", 35.2251, -80.8392, -5),
    Team(1610612741, "CHI", "Chicago", "Bulls", "United Center", 41.8807, -87.6742, -6),
    Team(1610612739, "CLE", "Cleveland", "Cavaliers", "Rocket Arena", 41.4965, -81.6882, -5),
    Team(1610612742, "DAL", "Dallas", "Mavericks", "American Airlines Center", 32.7905, -96.8103, -6),
    Team(1610612743, "DEN", "Denver", "Nuggets", "Ball Arena", 39.7487, -105.0077, -7),
    Team(1610612765, "DET", "Detroit", "Pistons", "Little Caesars Arena", 42.3411, -83.0553, -5),
    Team(1610612744, "GSW", "Golden State", "Warriors", "Chase Center", 37.7680, -122.3877, -8),
    Team(1610612745, "HOU", "Houston", "Rockets", "Toyota Center", 29.7508, -95.3621, -6),
    Team(1610612754, "IND", "Indiana", "Pacers", "Gainbridge Fieldhouse", 39.7640, -86.1555, -5),
    Team(1610612746, "LAC", "LA", "Clippers", "Intuit Dome", 33.9451, -118.3431, -8),
    Team(1610612747, "LAL", "Los Angeles", "Lakers", "Crypto.com Arena", 34.0430, -118.2673, -8),
    Team(1610612763, "MEM", "Memphis", "Grizzlies", "FedExForum", 35.1382, -90.0505, -6),
    Team(1610612748, "MIA", "Miami", "Heat", "Kaseya Center", 25.7814, -80.1870, -5),
    Team(1610612749, "MIL", "Milwaukee", "Bucks", "Fiserv Forum", 43.0451, -87.9172, -6),
    Team(1610612750, "MIN", "Minnesota", "Timberwolves", "Target Center", 44.9795, -93.2761, -6),
    Team(1610612740, "NOP", "New Orleans", "Pelicans", "Smoothie King Center", 29.9490, -90.0821, -6),
    Team(1610612752, "NYK", "New York", "Knicks", "Madison Square Garden", 40.7505, -73.9934, -5),
    Team(1610612760, "OKC", "Oklahoma City", "Thunder", "Paycom Center", 35.4634, -97.5151, -6),
    Team(1610612753, "ORL", "Orlando", "Magic", "Kia Center", 28.5392, -81.3839, -5),
    Team(1610612755, "PHI", "Philadelphia", "76ers", "Xfinity Mobile Arena", 39.9012, -75.1720, -5),
    Team(1610612756, "PHX", "Phoenix", "Suns", "Mortgage Matchup Center", 33.4457, -112.0712, -7),
    Team(1610612757, "POR", "Portland", "Trail Blazers", "Moda Center", 45.5316, -122.6668, -8),
    Team(1610612758, "SAC", "Sacramento", "Kings", "Golden 1 Center", 38.5802, -121.4997, -8),
    Team(1610612759, "SAS", "San Antonio", "Spurs", "Frost Bank Center", 29.4270, -98.4375, -6),
    Team(1610612761, "TOR", "Toronto", "Raptors", "Scotiabank Arena", 43.6435, -79.3791, -5),
    Team(1610612762, "UTA", "Utah", "Jazz", "Delta Center", 40.7683, -111.9011, -7),
    Team(1610612764, "WAS", "Washington", "Wizards", "Capital One Arena", 38.8981, -77.0209, -5),
)

CODE_ALIASES = {
    "BRK": "BKN",
    "CHO": "CHA",
    "GS": "GSW",
    "NO": "NOP",
    "NOR": "NOP",
    "NY": "NYK",
    "PHO": "PHX",
    "SA": "SAS",
    "UTAH": "UTA",
    "WSH": "WAS",
}
"""Other sources' codes and the league's."""

NAME_ALIASES = {"los angeles clippers": "LAC"}
"""Other sources' full names, case-folded."""


def league_date(moment: dt.datetime) -> dt.date:
    """The date in New York at a time."""
    return moment.astimezone(LEAGUE_ZONE).date()


@functools.cache
def by_tricode() -> dict[str, Team]:
    """Every team by its tricode."""
    return {team.tricode: team for team in TEAMS}


@functools.cache
def _codes() -> dict[str, str]:
    return {team.tricode: team.tricode for team in TEAMS} | CODE_ALIASES


@functools.cache
def _names() -> dict[str, str]:
    return {team.full_name.casefold(): team.tricode for team in TEAMS} | NAME_ALIASES


def tricode_of(code_or_name: str) -> str | None:
    """The league's tricode of a code or full name, None if unknown: no fuzzy match, no "first three letters"."""
    text = code_or_name.strip()
    return _codes().get(text.upper()) or _names().get(text.casefold())
