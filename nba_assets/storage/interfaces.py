"""Where the platform stores things; the fourth, the ledger, is in `ledger_interface`.

The embedded back ends and those of Google Cloud implement these. Dates are given as `datetime.date` or
`pandas.Timestamp` at midnight and returned as ISO text. Every error an operator can cause or cure is a `PlatformError`
of one line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pandas as pd

from nba_assets.contracts.model import Table
from nba_assets.errors import PlatformError
from nba_assets.scope import Scope


class InvalidName(PlatformError):  # noqa: N818
    """An object name that is not a plain relative path below its root."""


class ObjectNotFound(PlatformError):  # noqa: N818
    """No object of that name, or no content of it with that hash."""


@dataclass(frozen=True)
class ObjectInfo:
    """One stored object: its name, its size in bytes and the sha256 (hex) of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ObjectEntry:
    """One object as a listing shows it: `stamp` is another one whenever its content may be."""

    name: str
    size: int
    stamp: str


class ObjectStore(Protocol):
    """Named bytes: the landing zone, the published files, the quarantined bytes.

    A name is a relative POSIX path without empty, `.`, `..` or hidden (`.x`) parts, without NUL, control characters or
    backslashes; anything else raises `InvalidName`, and so does a path that leads through a symbolic link.
    A reader sees the old content or the new one, whatever happens to the writer.
    """

    def put(self, name: str, data: bytes, *, if_absent: bool = False) -> ObjectInfo:
        """Store the bytes under the name and return what is stored there now.

        With `if_absent` an existing object is left alone (and returned). A store that keeps versions still has the
        overwritten content afterwards, readable by its sha256.
        """
        ...

    def put_many(self, objects: Iterable[tuple[str, bytes]]) -> list[ObjectInfo | InvalidName]:
        """Store many at once, which is much faster: what `put` returns of each, in their order.

        An invalid name's error is returned in its place and the others are stored. Of a name that comes twice the
        later content counts, as if it had been put later.
        """
        ...

    def put_file(self, name: str, file: Path) -> ObjectInfo:
        """Store a file's content, however large it is, never whole in memory; an overwritten content is gone."""
        ...

    def get(self, name: str, sha256: str | None = None) -> bytes:
        """The object's content; with `sha256` that content, current or overwritten. Raises `ObjectNotFound`."""
        ...

    def get_many(self, names: Iterable[str]) -> Iterator[bytes]:
        """The objects' contents in the order of their names, several fetched at once where that is faster."""
        ...

    def open(self, name: str) -> BinaryIO:
        """The object's content as a stream, however large it is. Raises `ObjectNotFound`."""
        ...

    def exists(self, name: str) -> bool:
        """Whether an object of that name is stored."""
        ...

    def absent(self, names: Iterable[str]) -> Iterator[str]:
        """Those of the names that no object is stored under, in their order."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """The names that start with the prefix, sorted as text."""
        ...

    def entries(self, prefix: str = "", first: str = "", before: str = "") -> Iterator[ObjectEntry]:
        """The objects whose names start with the prefix, in the order of `list`; from one name on, before another."""
        ...

    def entry(self, name: str) -> ObjectEntry | None:
        """One object as a listing would show it, None if there is none or the name is not one of an object."""
        ...

    def contents(self) -> Iterator[ObjectInfo]:
        """All objects with the hashes of their contents, in the order of `list`; what carries no hash is read."""
        ...

    def kept(self) -> Iterator[ObjectInfo]:
        """The overwritten contents that are kept: the name under which each was, its size and hash; in no order."""
        ...

    def keep(self, name: str, data: bytes) -> None:
        """Keep a content that somebody else put there, so that it stays readable by its sha256 when it is replaced."""
        ...

    def delete(self, name: str) -> None:
        """Remove the object; one that is not there is no error. Overwritten contents that are kept stay."""
        ...

    def delete_many(self, names: Sequence[str]) -> None:
        """Remove many at once, which is much faster; a crash leaves some of them there."""
        ...

    def clean(self, *, dry_run: bool = False) -> int:
        """Remove what crashed writers left behind; how many things those are (or would be)."""
        ...


class Warehouse(Protocol):
    """The tables, partitioned by `game_date`. `table` is a contract or its name (`dataset.table` or bare)."""

    def read(
        self,
        table: Table | str,
        dates: tuple[dt.date, dt.date] | None = None,
        columns: Sequence[str] | None = None,
        scope: Scope | None = None,
        as_of: dt.datetime | None = None,
        history: bool = False,
        seen: dict[str, str] | None = None,
    ) -> pd.DataFrame:
        """Rows in canonical dtypes and the contract's row order; dates never written have none.

        `dates` is the first and last date, inclusive. Of a CLOSED table the rows are the current ones, with
        `history` all versions, with `as_of` each key's version at that time (`superseded_at` null, as it was then);
        of any other table `as_of` keeps the rows known by then. `seen` is filled with the versions, as `versions` has
        them, of the partitions that were really read.
        """
        ...

    def replace(self, table: Table | str, dates: Sequence[dt.date], frame: pd.DataFrame) -> dict[str, str]:
        """Make the frame (all versions) the whole content of those dates; a date without rows has no partition.

        Returns the partition version by ISO date, `""` for a date without rows. Only partitions whose bytes differ are
        written. Raises `PlatformError` before anything is written for rows outside the dates, a duplicate key or a
        null where the contract allows none. The caller holds the ledger's lock of the dates.
        """
        ...

    def upsert(self, table: Table | str, frame: pd.DataFrame, dates: Sequence[dt.date], scope: Scope) -> dict[str, str]:
        """Replace the rows of those dates that are in scope (or share a key with the frame) by the frame's."""
        ...

    def versions(self, table: Table | str, dates: tuple[dt.date, dt.date] | None = None) -> dict[str, str]:
        """The version (a content hash) of every existing partition by ISO date, in date order."""
        ...

    def clean(self, *, dry_run: bool = False) -> int:
        """Remove superseded contents of partitions, and what crashed writers left; how many things those are."""
        ...

    def listed_once(self) -> AbstractContextManager[None]:
        """Within it this thread may be given versions as they were when it first asked, and what it wrote itself.

        Rows are always those of the versions that `seen` tells. For a step, which holds the lock of what it writes.
        """
        ...

    def query(self, sql: str) -> pd.DataFrame:
        """The rows of one SELECT in BigQuery's dialect over `<dataset>.<table>` and `<dataset>.<table>__history`."""
        ...

    def scanned_bytes(self, sql: str) -> int:
        """The bytes that the query would scan; nothing is read. Raises what `query` would for a wrong one."""
        ...


class DocumentStore(Protocol):
    """JSON documents by path (`predictions/daily/2025-11-15`), each stamped with its release's sequence."""

    def close(self) -> None:
        """Give back what the store holds: connections, threads."""
        ...

    def put_many(self, documents: Mapping[str, Any], sequence: int) -> int:
        """Write the documents; one with a higher sequence stays. Returns how many were written.

        In one transaction, or in as few as the store's limits allow. A document that cannot be kept raises
        `PlatformError` before any is written.
        """
        ...

    def get(self, path: str) -> Any | None:
        """The document's body, None if there is none."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """The paths that start with the prefix, sorted as text."""
        ...

    def delete_many(self, paths: Sequence[str], sequence: int) -> int:
        """Remove documents of a lower sequence (withdrawn by that release). Returns how many were removed."""
        ...
