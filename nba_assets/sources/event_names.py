"""Names in the events of a game to the league's ids: who acted and who was on the court.

A game has some five hundred events and some twenty-five names: a name is resolved once per capture of a game, by the
rules of every other name (`identity`), and the answer spread over the events.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nba_assets.sources.identity import BOOK, resolve_players
from nba_assets.sources.names import player_lookup

ROLES = ("player", "assist", "block", "steal", "entered", "left", "opponent")
"""Each with a column `<role>_name` in the rows, and `<role>_id` once it is resolved."""
AWAY, HOME = "away_lineup", "home_lineup"
"""Columns of the rows with the five names of a side, BETWEEN them a mark that no name has."""
SIDES = {AWAY: ("away_tricode", "away_on_court"), HOME: ("home_tricode", "home_on_court")}
BETWEEN = "; "
MEN = 5
NOBODY = -1
CODE = "_book"
"""A capture of a game as a number."""
Ints = npt.NDArray[np.int64]


def resolve_names(
    rows: pd.DataFrame, captures: pd.DataFrame, identity: pd.DataFrame, aliases: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`rows` with `<role>_id`, `away_on_court` and `home_on_court` as of their `known_at`; and the captures.

    `rows`: placed events (`unit`, the capture's columns, the game's id, date and sides) with `<role>_name` and the
    lineups; `captures`, `identity`, `aliases`: as `resolve_players` takes them. A man's team is the side on which he
    stands in the game's lineups; one who stands on neither, or on both, is looked for in both teams. The ids of a side
    are sorted and separated by commas, null if one of the five is not resolved. When the registry grows, a game with
    open names that then resolve is given again as a capture of that time, as long as it is the newest of its game.
    """
    rows = rows.reset_index(drop=True)
    found = resolve_players(_people(rows), captures, identity, aliases, closed=True)
    books = found.rows[BOOK].drop_duplicates(ignore_index=True).reset_index(names=CODE)
    events = rows.drop(columns="known_at").merge(books, on=[c for c in BOOK if c != "known_at"])
    ids = _Ids(found.rows.merge(books, on=BOOK))
    answers = {f"{role}_id": _texts(ids.of(events[CODE], events[f"{role}_name"])) for role in ROLES}
    answers |= {column: _on_court(events, lineup, ids) for lineup, (_, column) in SIDES.items()}
    return events.drop(columns=[CODE, *SIDES]).assign(**answers), found.captures


class _Ids:
    """The ids (NOBODY if unresolved) of names by the capture, coded, in which they stand."""

    def __init__(self, people: pd.DataFrame) -> None:
        self.names = pd.Index(people["player_name"].unique())
        self.keys = pd.Index(self._key(people[CODE], people["player_name"]))
        self.ids = people["player_id"].astype("Int64").fillna(NOBODY).to_numpy(dtype=np.int64)

    def of(self, book: pd.Series[Any], names: pd.Series[Any]) -> Ints:
        """Row by row the id of the name in the capture."""
        place = self.keys.get_indexer(pd.Index(self._key(book, names)))
        return np.where(place >= 0, self.ids[place], NOBODY)

    def _key(self, book: pd.Series[Any], names: pd.Series[Any]) -> Ints:
        code = self.names.get_indexer(pd.Index(names))
        key: Ints = np.where(code >= 0, book.to_numpy(dtype=np.int64) * len(self.names) + code, NOBODY)
        return key


def _people(rows: pd.DataFrame) -> pd.DataFrame:
    """Every name once per capture of a game, with its team where the lineups tell it."""
    game = [*BOOK, "game_id", "game_date", "away_tricode", "home_tricode"]
    books = rows[game].drop_duplicates(BOOK, ignore_index=True).reset_index(names=CODE)
    coded = rows[[*BOOK, *SIDES, *(f"{role}_name" for role in ROLES)]].merge(books, on=BOOK)
    sides = [
        _men(coded, lineup).merge(books[[CODE, side]].rename(columns={side: "team_tricode"}), on=CODE)
        for lineup, (side, _) in SIDES.items()
    ]
    on_court = pd.concat(sides, ignore_index=True)
    on_court = on_court[~on_court.duplicated([CODE, "player_name"], keep=False)]
    acting = [coded[[CODE, f"{role}_name"]].set_axis([CODE, "player_name"], axis=1) for role in ROLES]
    names = pd.concat([*(side[[CODE, "player_name"]] for side in sides), *acting]).dropna().drop_duplicates()
    people = names.merge(on_court, on=[CODE, "player_name"], how="left").merge(books, on=CODE)
    people = people.sort_values([CODE, "player_name"], kind="stable", ignore_index=True)
    lookups = {name: player_lookup(name) for name in people["player_name"].unique()}
    return people.assign(player_lookup=people["player_name"].map(lookups)).drop(columns=CODE)


def _men(coded: pd.DataFrame, lineup: str) -> pd.DataFrame:
    """`player_name` of everyone who stands in a lineup of the capture, once."""
    fives = coded[[CODE, lineup]].dropna().drop_duplicates()
    names = fives.assign(player_name=fives[lineup].str.split(BETWEEN)).explode("player_name")
    return names[[CODE, "player_name"]].drop_duplicates().astype({"player_name": coded[lineup].dtype})


def _on_court(events: pd.DataFrame, lineup: str, ids: _Ids) -> pd.Series[Any]:
    """The sorted ids of the five on one side, row by row; each lineup of a capture is looked up once."""
    code = events.groupby([CODE, lineup], sort=False, dropna=False).ngroup().to_numpy()
    fives = events[[CODE, lineup]].iloc[np.unique(code, return_index=True)[1]].reset_index(drop=True)
    names = fives[lineup].str.split(BETWEEN, expand=True).reindex(columns=range(MEN))
    found = np.sort(np.column_stack([ids.of(fives[CODE], names[man]) for man in range(MEN)]), axis=1)
    texts = pd.DataFrame(found).astype("string[pyarrow]")
    joined = texts[0].str.cat(texts[list(range(1, MEN))], sep=",").mask(found[:, 0] == NOBODY)
    return joined.iloc[code].set_axis(events.index)


def _texts(ids: Ints) -> pd.Series[Any]:
    numbers = pd.Series(ids, dtype="Int64")
    return numbers.mask(numbers == NOBODY).astype("string[pyarrow]")
