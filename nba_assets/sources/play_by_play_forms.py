"""The three forms of the league's play-by-play, made one: per game the best form, and never back to a lesser one."""

from __future__ import annotations

import pandas as pd

from nba_assets.contracts import table
from nba_assets.sources.versions import without_setbacks

FORMS = ("cdn", "v3", "v2")
"""Best first, as the contract's paths stand."""
IS_FINAL = "is_final"
"""True in rows of a file that holds the whole game."""
LEVEL = "level"


def form_of(object_name: str) -> str | None:
    """The form of the files in that folder; None for a name outside of the source's folders."""
    found = zip(table("nbac_play_by_play").paths, FORMS, strict=True)
    return next((form for prefix, form in found if object_name.startswith(prefix)), None)


def merge_forms(rows: pd.DataFrame, spoken: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`rows` and `spoken` without the captures of a game that fall behind an earlier one of it.

    A file of the whole game goes before one of a live game, then the better form before the lesser: a state is all of
    one file, and neither a stale live file nor another form takes it back. A correction in the same form is legal.
    """
    forms = rows["source_path"].drop_duplicates()
    rank = {name: len(FORMS) - FORMS.index(form_of(name) or FORMS[-1]) for name in forms}
    whole = rows[IS_FINAL].fillna(False).astype("int64")
    level = whole * (len(FORMS) + 1) + rows["source_path"].map(rank).astype("int64")
    kept, heard = without_setbacks(rows.assign(**{LEVEL: level}), spoken, LEVEL)
    return kept.drop(columns=LEVEL), heard
