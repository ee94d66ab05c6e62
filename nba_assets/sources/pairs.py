"""A game named by its date and teams, as sources without the league's ids name it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from nba_assets.league import tricode_of
from nba_assets.sources.moments import day
from nba_assets.sources.payload import shown
from nba_assets.sources.settle import Unit

CODE = re.compile(r"(\d{8})(?:/|-|_)([A-Z]{3})_?([A-Z]{3})")
"""`20250115/NYKPHI`, `20250115-NYKPHI`, `20250115_NYK_PHI`."""


@dataclass(frozen=True)
class Pair:
    """Away at home on a league date."""

    game_date: pd.Timestamp
    away: str
    home: str

    @property
    def label(self) -> str:
        return f"{self.game_date:%Y%m%d}/{self.away}{self.home}"

    @property
    def unit(self) -> Unit:
        return Unit(self.game_date, None, self.away, self.home)


def pair_of(date: str, away: str, home: str) -> Pair:
    """The pair of an ISO date and two codes or full names. Raises `ValueError` for what is no date or no team."""
    tricodes = [tricode_of(away), tricode_of(home)]
    for name, tricode in zip((away, home), tricodes, strict=True):
        if tricode is None:
            raise ValueError(f"{shown(name)} is no team")
    if tricodes[0] == tricodes[1]:
        raise ValueError(f"{shown(away)} against itself")
    try:
        found = day(date[:10])
    except ValueError:
        raise ValueError(f"{shown(date)} is not a date") from None
    return Pair(pd.Timestamp(found), str(tricodes[0]), str(tricodes[1]))


def pair_of_code(code: str) -> Pair:
    """The pair of a game code in any of its forms. Raises `ValueError`."""
    found = CODE.fullmatch(code)
    if found is None:
        raise ValueError(f"{shown(code)} is not YYYYMMDD/AWYHOM")
    return pair_of(f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:]}", found[2], found[3])
