"""The Dagster type of a table's frames, from its contract: exactly these columns, each of its one dtype."""

import functools

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import DTYPES


@functools.cache
def dagster_type(table: str) -> dg.DagsterType:
    """The pandas type of the table's frames; its description lists the columns and what they may hold."""
    from dagster_pandas import PandasColumn, StrictColumnsConstraint, create_dagster_pandas_dataframe_type
    from dagster_pandas.constraints import ColumnDTypeInSetConstraint, NonNullableColumnConstraint

    contract = tables()[table]
    columns = [
        PandasColumn(
            column.name,
            constraints=[
                ColumnDTypeInSetConstraint({str(pd.Series([], dtype=DTYPES[column.type]).dtype)}),
                *([] if column.nullable else [NonNullableColumnConstraint()]),
            ],
        )
        for column in contract.columns
    ]
    made: dg.DagsterType = create_dagster_pandas_dataframe_type(
        name=f"{contract.dataset}_{contract.name}",
        description=contract.description,
        columns=columns,
        dataframe_constraints=[StrictColumnsConstraint(contract.column_names)],
    )
    return made


def check_type(table: str, frame: pd.DataFrame) -> dg.TypeCheck:
    """Whether the frame is of the table's type; the description names the first column that is not."""
    return dagster_type(table).type_check(None, frame)  # type: ignore[arg-type]
