"""What must hold of any bytes: rows, rejects or an error that names place and rule, and rows that can be stored."""

from __future__ import annotations

import functools
import hashlib

import pandas as pd

from nba_assets import contracts, sources
from nba_assets.contracts.frames import empty, to_arrow
from nba_assets.sources.assemble import Capture, build_raw
from nba_assets.sources.parsed import Parsed
from nba_assets.sources.parsers import parser
from nba_assets_tests.fuzzing.seeds import DATE, Seed, seeds
from nba_assets_tests.sources.soundness import sound

KNOWN_AT = pd.Timestamp(DATE, tz="UTC") + pd.Timedelta(days=2)


def judged(seed: Seed, data: bytes) -> Parsed:
    """The bytes parsed under the seed's name.

    Raises what the parser raised if that is no `PayloadError`, whatever the assembly of the rows raises, and
    `AssertionError` for a result that is not sound.
    """
    found = sources.parse(seed.source, data, seed.name)
    if any(reject.rule == "unreadable" for reject in found.rejects):
        module = parser(seed.source)
        assert module is not None
        module.parse(data, seed.name)
        raise AssertionError(f"unreadable only once: {found.rejects}")
    sound(found)
    if len(found.rows):
        table = contracts.table(seed.source)
        built = build_raw(table, [capture(seed, found)], schedule(), empty(contracts.table("player_identity")))
        to_arrow(built.frame, table)
    if len(found.identities):
        table = contracts.table("player_identity")
        to_arrow(build_raw(table, [capture(seed, found)], schedule(), empty(table)).frame, table)
    return found


def capture(seed: Seed, parsed: Parsed) -> Capture:
    """The parsed bytes as a drop that was received."""
    return Capture(parsed, seed.name, hashlib.sha256(seed.data).hexdigest(), KNOWN_AT)


@functools.cache
def schedule() -> pd.DataFrame:
    """The schedule's history with the seeds' games."""
    seed = seeds()["nba-com-schedule.json"]
    parsed = sources.parse(seed.source, seed.data, seed.name)
    nothing = pd.DataFrame()
    return build_raw(contracts.table(seed.source), [capture(seed, parsed)], nothing, nothing).frame
