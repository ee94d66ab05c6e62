"""Player identity: names of any source to the league's person id, as an as-of join against the registry.

Resolution fails closed: never the nearest name, the first of two, or another team's player.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.sources.candidates import Candidates, Registry
from nba_assets.sources.matching import UNRESOLVED, match
from nba_assets.sources.versions import CAPTURE_COLUMNS

BOOK = CAPTURE_COLUMNS
"""Rows of one capture of one game: the set in which equal last names are resolved."""


@dataclass(frozen=True)
class Resolved:
    """Rows with `player_id`, `player_key`, `resolution`; `captures` with one more for each time a book changed."""

    rows: pd.DataFrame
    captures: pd.DataFrame


def aliases() -> pd.DataFrame:
    """The aliases that the platform comes with: `source` (a raw table, or `*` for all), `lookup`, `player_id`."""
    with resources.files("nba_assets.sources").joinpath("data/aliases.csv").open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype="string[pyarrow]")[["source", "lookup", "player_id"]]


def aliases_of(table: str, *known: pd.DataFrame) -> pd.DataFrame:
    """`lookup` and `player_id` of the aliases that count for `table`.

    Of several for a name those of the first frame that has one count, in it the table's own before those of all.
    """
    columns = ["lookup", "player_id"]
    ranked = [frame.loc[frame["source"] == of, columns] for frame in known for of in (table, "*")]
    every = pd.concat([frame.assign(rank=rank) for rank, frame in enumerate(ranked)], ignore_index=True)
    best = every["rank"] == every.groupby("lookup")["rank"].transform("min")
    return every.loc[best, columns].drop_duplicates(ignore_index=True)


def resolve_players(
    rows: pd.DataFrame,
    captures: pd.DataFrame,
    identity: pd.DataFrame,
    aliases: pd.DataFrame,
    *,
    closed: bool,
    group: tuple[str, ...] = (),
) -> Resolved:
    """Resolve every row as of its `known_at`, and what stays open again each time the registry grows.

    `rows`: placed rows (`game_id`, `game_date`, `away_tricode`, `home_tricode`, `unit`, the capture's columns), with
    `player_lookup`, `player_name`, and where the source has them `player_id`, `team_tricode`, `player_status`, in
    file order within a capture. `identity`: history frame of `player_identity`. A player counts as a candidate if his
    newest registry row, of dates D - 14 to D + 2 and known by then, is on one of the game's two teams, or if he is in
    the game's own box score.

    `closed`: a late resolution gives the book again as a capture of its own at the registry's time, as long as the
    capture is the newest of its unit, so that `versions.close` closes the unresolved row. Otherwise (tables with the
    capture time in the key) the row is simply resolved, `known_at` raised to the registry's. `group` names further
    columns that part a book into sets in which a player may stand once (odds: the sportsbook).
    """
    rows = rows.reset_index(drop=True).drop(columns=[c for c in ("player_key", "resolution") if c in rows.columns])
    if rows.empty:
        return Resolved(_finished(rows, _no_answer(rows), group), captures)
    lines = _lines(rows, group)
    registry = Registry(identity)
    candidates = Candidates(registry, rows)

    at = _microseconds(rows["known_at"])
    first = match(lines, candidates.at(lines["game"], at), aliases)
    answer = pd.DataFrame({"player_id": first["player_id"], "resolution": first["resolution"], "since": at})
    later = _later(rows, lines, candidates, aliases, answer, captures if closed else None)
    if later.empty:
        return Resolved(_finished(rows, answer, group), captures)
    late = answer.copy()
    late.loc[later.index, ["player_id", "resolution", "since"]] = later[["player_id", "resolution", "since"]]
    if not closed:
        since = pd.to_datetime(late["since"].astype("int64").astype("datetime64[us]"), utc=True).dt.as_unit("us")
        return Resolved(_finished(rows.assign(known_at=since), late, group), captures)
    return _again(rows, lines, answer, late, later, captures, group)


def _lines(rows: pd.DataFrame, group: tuple[str, ...]) -> pd.DataFrame:
    """What matching needs to know of each row; `game`, `book` and `set` are integer codes."""
    missing = pd.Series(pd.NA, index=rows.index, dtype="string[pyarrow]")
    book = rows.groupby(BOOK, sort=False, dropna=False).ngroup()
    sets = rows.groupby([*BOOK, *group], sort=False, dropna=False).ngroup() if group else book
    return pd.DataFrame(
        {
            "game": pd.factorize(rows["game_id"])[0],
            "book": book,
            "set": sets,
            "given": rows.get("player_id", missing),
            "team": rows.get("team_tricode", missing),
            "status": rows.get("player_status", missing),
            "lookup": rows["player_lookup"],
            "name": rows["player_name"],
        }
    )


def _microseconds(times: pd.Series[Any]) -> pd.Series[Any]:
    return times.astype("datetime64[us, UTC]").astype("int64")


def _later(
    rows: pd.DataFrame,
    lines: pd.DataFrame,
    candidates: Candidates,
    aliases: pd.DataFrame,
    answer: pd.DataFrame,
    captures: pd.DataFrame | None,
) -> pd.DataFrame:
    """Rows (by position) that resolve after their capture: `player_id`, `resolution`, `since` (microseconds)."""
    nothing = answer.iloc[:0]
    unresolved = answer["resolution"] == UNRESOLVED
    books = lines.loc[unresolved, "book"].unique()
    if not len(books):
        return nothing
    open_rows = lines["book"].isin(books)
    until = _valid_until(rows, captures)
    book = pd.DataFrame({"book": lines["book"], "game": lines["game"], "after": answer["since"], "until": until})
    epochs = candidates.changes(book[open_rows].drop_duplicates("book"))
    if epochs.empty:
        return nothing
    again = lines[open_rows].assign(row=lines.index[open_rows]).merge(epochs[["book", "time"]], on="book")
    sets = again.groupby(["set", "time"], sort=False).ngroup()
    again = again.assign(book=again.groupby(["book", "time"], sort=False).ngroup(), set=sets)
    found = match(again, candidates.at(again["game"], again["time"]), aliases)
    found = found.assign(row=again["row"].to_numpy(), since=again["time"].to_numpy())
    found = found[(found["resolution"] != UNRESOLVED) & unresolved.loc[found["row"]].to_numpy()]
    found = found.sort_values(["row", "since"], kind="stable").drop_duplicates("row").set_index("row")
    return _not_taken(found, lines, answer)


def _not_taken(found: pd.DataFrame, lines: pd.DataFrame, answer: pd.DataFrame) -> pd.DataFrame:
    """Late answers whose player no other row of the set has, earlier or at the same time."""
    at_first = answer[answer["resolution"] != UNRESOLVED]
    every = pd.concat([at_first, found])
    every = every.assign(set=lines["set"].loc[every.index].to_numpy())
    rank = every.groupby(["set", "player_id"], sort=False)["since"].rank(method="max")
    return found[(rank.loc[found.index] == 1).to_numpy()]


def _valid_until(rows: pd.DataFrame, captures: pd.DataFrame | None) -> Any:
    """Until when (microseconds) each row's capture is the newest of its unit; forever if captures never close."""
    forever = np.iinfo(np.int64).max
    if captures is None:
        return forever
    ordered = pd.concat([captures[BOOK], rows[BOOK]]).drop_duplicates().sort_values(BOOK, kind="stable")
    following = ordered.groupby("unit", sort=False)["known_at"].shift(-1)
    ordered["_until"] = _microseconds(following.fillna(pd.Timestamp("1970-01-01", tz="UTC")))
    ordered["_until"] = ordered["_until"].where(following.notna(), forever)
    return rows[BOOK].merge(ordered, on=BOOK, how="left")["_until"].fillna(forever).astype("int64").to_numpy()


def _again(
    rows: pd.DataFrame,
    lines: pd.DataFrame,
    answer: pd.DataFrame,
    late: pd.DataFrame,
    later: pd.DataFrame,
    captures: pd.DataFrame,
    group: tuple[str, ...],
) -> Resolved:
    """The rows as first resolved, and each book once more at each time one of its rows resolved later."""
    times = pd.DataFrame({"book": lines["book"].loc[later.index], "_time": later["since"]}).drop_duplicates()
    copies = lines[["book"]].assign(_row=lines.index).merge(times, on="book")
    known = late.iloc[copies["_row"]].reset_index(drop=True)
    first = answer.iloc[copies["_row"]].reset_index(drop=True)
    state = known.where(known["since"] <= copies["_time"], first)
    stamps = pd.to_datetime(copies["_time"].astype("datetime64[us]"), utc=True).dt.as_unit("us")
    repeated = rows.iloc[copies["_row"]].reset_index(drop=True).assign(known_at=stamps)
    every = pd.concat([rows, repeated], ignore_index=True)
    answers = pd.concat([answer, state], ignore_index=True)
    more = repeated[BOOK].drop_duplicates()
    return Resolved(_finished(every, answers, group), pd.concat([captures, more], ignore_index=True))


def _no_answer(rows: pd.DataFrame) -> pd.DataFrame:
    text = pd.Series(pd.NA, index=rows.index, dtype="string[pyarrow]")
    return pd.DataFrame({"player_id": text, "resolution": text})


def _finished(rows: pd.DataFrame, answer: pd.DataFrame, group: tuple[str, ...]) -> pd.DataFrame:
    """Rows with `player_id`, `resolution` and `player_key`, the id or `unresolved:<tricode>:<lookup>#<n>`.

    n counts equal names of a team in a capture, whether resolved or not, so it never moves; a source without teams
    has the pair (`AWYHOM`) in place of the tricode.
    """
    team = rows["team_tricode"] if "team_tricode" in rows.columns else rows["away_tricode"] + rows["home_tricode"]
    alike = [*(rows[c] for c in (*BOOK, *group)), team, rows["player_lookup"]]
    number = rows.groupby(alike, sort=False, dropna=False).cumcount() + 1
    label = "unresolved:" + team + ":" + rows["player_lookup"] + "#" + number.astype("string[pyarrow]")
    player = answer["player_id"].astype("string[pyarrow]")
    resolution = answer["resolution"].astype("string[pyarrow]")
    return rows.assign(player_id=player.to_numpy(), resolution=resolution.to_numpy(), player_key=player.fillna(label))
