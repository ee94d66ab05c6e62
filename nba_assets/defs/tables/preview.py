"""A few rows of a frame for the Dagster UI."""

import dagster as dg
import pandas as pd

COLUMNS = 12


def markdown(frame: pd.DataFrame) -> str:
    """The first columns of `frame` as a Markdown table; a sentence where there are no rows."""
    if frame.empty:
        return "No rows were built."
    shown = frame.iloc[:, :COLUMNS].astype(str)
    lines = [list(shown.columns), ["---"] * shown.shape[1], *shown.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def table_value(frame: pd.DataFrame) -> dg.TableMetadataValue:
    """All rows of `frame`, as texts, as a table of the UI."""
    names = list(frame.columns)
    rows = [dg.TableRecord(dict(zip(names, map(str, row), strict=True))) for row in frame.itertuples(index=False)]
    return dg.MetadataValue.table(rows, dg.TableSchema([dg.TableColumn(name, "string") for name in names]))
