"""The docs page of each table, written from its contract: `python -m nba_assets.contracts.docs FOLDER`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nba_assets.contracts import DATASETS, tables
from nba_assets.contracts.columns import RAW_COMMON, SUPERSEDED_AT
from nba_assets.contracts.model import Column, Event, Input, Lag, Role, SpeaksFor, Table, Versioning

INDEX = "README.md"
MEANING = {
    "nba_raw": "Parsed and validated rows, one table a source.",
    "nba_analytics": "Facts of a final game, and of a game to come.",
    "nba_precompute": "Features as of the decision time.",
    "nba_predictions": "Models, predictions and their grades.",
    "published": "Documents of the release; one row each in its manifest.",
    "nba_orchestration": "What the ledger keeps: drops, executions, quarantine, work.",
}
"""What a dataset's tables hold."""
COMMON = {
    "known_at": "the time in the drop's name or payload, else the receipt",
    "known_at_assumed": "whether known_at is another time than the source's own",
    "source_path": "the drop's name",
    "source_hash": "the drop's bytes",
    SUPERSEDED_AT.name: "the captures that came later",
}
"""Where the columns that every raw table has come from."""
VERSIONS = {
    Versioning.CLOSED: (
        "A row that changes stays, closed by `superseded_at`; the plain name is the current state, "
        "`{name}__history` all versions, `as_of` any time's."
    ),
    Versioning.CAPTURES: "The capture time is in the key: rows are never closed.",
    Versioning.REPLACED: "A rebuild replaces the row.",
}
SPEAKS_FOR = {
    SpeaksFor.GAME: "A capture is complete for the games that it holds: what it no longer has of them is closed.",
    SpeaksFor.DATE: "A capture is complete for the dates that it lists: what it no longer has of them is closed.",
}
ROLES = {Role.CRITICAL: "needs", Role.OPTIONAL: "reads", Role.HISTORY: "reads the past of"}
"""What a table does with an input."""
ALWAYS = (
    ("types", "integrity", "the columns and dtypes above"),
    ("keys", "integrity", "no two rows of one key and version"),
    ("nulls", "integrity", "a value where none may lack"),
)
"""Rule, check, and what it asks of every table."""
CHECKED = ("nba_raw", "nba_analytics", "nba_precompute", "nba_predictions")
"""Datasets whose tables are checked as Dagster assets."""


BOX_RULES = (
    ("B1", "2·(fgm − fg3m) + 3·fg3m + ftm = pts, each man and team", "refused"),
    (
        "B2",
        "oreb + dreb = reb; no more makes than attempts, no more threes than field goals; no count below 0",
        "refused",
    ),
    ("B3", "players' points = the team's = the schedule's final score", "the game waits, with this reason"),
    ("B4", "players' sums = the team's line: shots, assists, steals, blocks, fouls", "refused; across drops flagged"),
    ("B5", "players' rebounds and turnovers = the team's line (the team's own stand apart)", "no gate"),
    ("B6", "a team's time = (240 + 25 per overtime) minutes, within 90 s; within 5 min if whole minutes", "refused"),
    ("B7", "players' plus-minus adds up to 5 times the margin", "no gate"),
    ("B8", "periods add up to the final score", "refused"),
    ("B9", "five starters; 5 to 15 men with minutes a team; a man once a game", "refused"),
    ("B10", "period = 4 + overtimes; nobody plays longer than the game", "refused"),
)
"""Id, what holds in a box score, and what happens to a game that breaks it."""
ACROSS = (
    "A game whose players' points are not the score waits; `nba-assets status` says so.",
    "Team rows whose points are not the team box score's are not built; other sums that differ set "
    "`totals_match_boxscore` to false.",
    "Gamebook and BallDontLie: the gamebook's row is kept, `source_conflict` is true, and the check `sources_agree` of "
    "`player_game_summary` lists both values.",
    "Play-by-play whose points by team are not the score is not used: `play_by_play_conflict` is true and the table is "
    "among `missing_inputs`. The check `play_by_play_agrees` lists sums of points, attempts and paint + mid-range + "
    "three beside the box score's.",
)
"""What holds between drops, and what happens where it does not."""


def pages() -> dict[str, str]:
    """Every page by its file name: one a table, and the list of them."""
    return {INDEX: _index(), **{f"{table.name}.md": page(table) for table in tables().values()}}


def of_dataset(dataset: str) -> list[Table]:
    """The dataset's tables, by name."""
    return [table for table in tables().values() if table.dataset == dataset]


def page(table: Table) -> str:
    """One table's page, as Markdown."""
    return "\n".join(_lines(table)) + "\n"


def write(folder: Path) -> None:
    """Write every page into the folder, and remove pages of tables that there are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    found = pages()
    for old in folder.glob("*.md"):
        if old.name not in found:
            old.unlink()
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")


def _index() -> str:
    head = "Every table. Written from the contracts by `make docs`: change the contract, not the page."
    lines = ["# Tables", "", f"{head} All columns by name: [data dictionary](../data_dictionary.md)."]
    for dataset in DATASETS:
        rows = [(link(table.name), ", ".join(table.key), *_told(table)) for table in of_dataset(dataset)]
        columns = ("due", "`unverified_format`") if dataset == "nba_raw" else ("what a row is",)
        lines += ["", f"## {dataset}", "", MEANING[dataset], "", *grid(("table", "key", *columns), rows)]
    lines += ["", "## Box score rules", "", *grid(("id", "what holds", "where not"), BOX_RULES)]
    lines += ["", "## Between sources", "", *(f"- {text}" for text in ACROSS)]
    return "\n".join([*lines, ""])


def _told(table: Table) -> tuple[str, ...]:
    if table.dataset == "nba_raw":
        return due(table.lag), "; ".join(table.unverified_formats)
    return (first_sentence(table.description),)


def first_sentence(text: str) -> str:
    """The text up to its first full stop."""
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]


def link(name: str, folder: str = "") -> str:
    """A Markdown link to a table's page."""
    return f"[{name}]({folder}{name}.md)"


def _lines(table: Table) -> Iterator[str]:
    yield f"# {table.full_name}"
    yield ""
    yield table.description
    if table.unverified_formats:
        forms = ", ".join(table.unverified_formats)
        yield ""
        yield f"**`unverified_format`**: {forms}. Read as documented; no real file was seen."
    yield ""
    yield from grid(("", ""), _facts(table))
    yield ""
    yield "## Columns"
    yield ""
    columns = [*table.columns]
    origin = "source field" if table.dataset == "nba_raw" else "from"
    yield from grid(("column", "type", "unit", origin, "meaning"), [_column(table, c) for c in columns])
    yield ""
    yield "`?`: may be null. Values in **bold** are the key."
    for title, texts in (("Quirks", table.quirks), ("Refused at parsing", table.refused)):
        if texts:
            yield ""
            yield f"## {title}"
            yield ""
            yield from (f"- {text if text[-1] in '.;:' else f'{text}.'}" for text in texts)
    if table.dataset in CHECKED:
        yield ""
        yield "## Checks"
        yield ""
        yield from grid(("rule", "in check", "asks for"), _checks(table))


def _facts(table: Table) -> Iterable[tuple[str, str]]:
    yield "key", ", ".join(f"`{name}`" for name in table.key)
    yield "versions", VERSIONS[table.versioning].format(name=table.name)
    if table.paths:
        yield "paths", ", ".join(f"`{path}`" for path in table.paths)
        yield "forms", ", ".join(table.kinds)
        yield "a capture", SPEAKS_FOR[table.speaks_for]
    if table.fed_by:
        yield "fed by", ", ".join(map(link, table.fed_by))
    if table.progress:
        yield "never taken back", f"`{table.progress}`: an earlier state after a later one is ignored"
    if table.lag is not None:
        yield "due", due(table.lag)
    for role, what in ROLES.items():
        names = [_input(entry) for entry in table.inputs if entry.role is role]
        if names:
            yield what, ", ".join(names)


def _input(entry: Input) -> str:
    """An input with the dates beside the row's own that are read of it."""
    told = "; ".join(filter(None, [dates_read(entry), "one of these is enough" if entry.any_of else ""]))
    return link(entry.table) + (f" ({told})" if told else "")


def dates_read(entry: Input) -> str:
    """Which dates of an input are read besides the row's own (of history: instead of it); '' if none."""
    if entry.span.refit is not None:
        return f"{entry.span.before} days before the {entry.span.refit}'s refit"
    sides = ((entry.span.before, "before"), (entry.span.after, "after"))
    return " and ".join(f"{days} day{'' if days == 1 else 's'} {side}" for days, side in sides if days)


def due(lag: Lag | None) -> str:
    """When a source has a game at the latest, in words; '' if nothing is said."""
    if lag is None:
        return ""
    hours = f"{abs(lag.hours):g} hour{'' if abs(lag.hours) == 1 else 's'}"
    event = {Event.TIP: "the tip", Event.FINAL: "the final was known"}[lag.event]
    return f"{hours} {'before' if lag.hours < 0 else 'after'} {event}"


def _column(table: Table, column: Column) -> tuple[str, ...]:
    name = f"**`{column.name}`**" if column.name in table.key else f"`{column.name}`"
    source = table.fields.get(column.name) or ", ".join(f"`{name}`" for name in column.source)
    if table.dataset == "nba_raw" and not source and _is_common(column):
        source = COMMON[column.name]
    facts = [column.description]
    if column.values:
        facts.append(f"One of {values(column)}")
    if column.low is not None or column.high is not None:
        facts.append(bounds(column))
    if column.references:
        facts.append(f"In `{column.references}`")
    return name, type_of(column), column.unit or "", source, ". ".join(facts)


def type_of(column: Column) -> str:
    """The type, with `?` where it may be null."""
    return f"{column.type}{'?' if column.nullable else ''}"


def values(column: Column) -> str:
    """The values a column may have, if it has a closed set of them."""
    return ", ".join(f"`{value}`" for value in column.values)


def _is_common(column: Column) -> bool:
    return column in RAW_COMMON or column == SUPERSEDED_AT


def bounds(column: Column) -> str:
    """The range of a column in words; '' where it has none."""
    if column.low is None and column.high is None:
        return ""
    if column.high is None:
        return f"{column.low:g} or more"
    return f"{column.high:g} or less" if column.low is None else f"{column.low:g} to {column.high:g}"


def _checks(table: Table) -> Iterable[tuple[str, str, str]]:
    yield from ALWAYS
    if any((column.references or "").startswith("nbac_schedule.") for column in table.columns):
        yield "schedule", "integrity", "games that the schedule has, or had on that date"
    yield "ranges", "plausibility", "values within the bounds and sets above"
    if table.per_game is not None:
        yield "row_count", "plausibility", f"{table.per_game} rows per final game"
    for rule in table.checks:
        yield rule.name, "plausibility", f"{rule.description}: `{rule.predicate}`"
    if table.paths:
        yield "on_time", "on_time", "every game of the last days is there when it is due"
        yield "known_fields", "known_fields", "no field in the newest drops that the parser does not know"


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"


def escaped(cell: str) -> str:
    """The text as a cell shows it: a bar is no border, `<name>` outside of code no HTML."""
    parts = cell.replace("|", "&#124;").split("`")
    parts[::2] = [re.sub(r"<(?=[A-Za-z])", "&lt;", part) for part in parts[::2]]
    return "`".join(parts)


def target(what: str | None) -> Path:
    """The one argument of a command that writes what its module says."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("path", type=Path)
    found: Path = parser.parse_args().path
    return found


if __name__ == "__main__":
    write(target(__doc__))
