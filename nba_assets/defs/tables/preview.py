"""A few rows of a frame as Markdown for the Dagster UI."""

import pandas as pd

COLUMNS = 12


def markdown(frame: pd.DataFrame) -> str:
    """The first columns of `frame` as a Markdown table; a sentence where there are no rows."""
    if frame.empty:
        return "No rows were built."
    shown = frame.iloc[:, :COLUMNS].astype(str)
    lines = [list(shown.columns), ["---"] * shown.shape[1], *shown.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
