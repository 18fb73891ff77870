"""Reads the table in a root of pictures as a data frame, or says in one line what is wrong."""

import io
from collections.abc import Collection
from typing import Any

from mood2music.errors import DataError, said_by
from mood2music.face.dataset.source import Source, printable

# Columns that are text whatever stands in them: a group "1" or "NA" is called so, an empty one "".
TEXT = {"path": str, "group": str}


def read_frame(source: Source, name: str, wanted: Collection[str] | None = None) -> Any:
    """Read the CSV or Parquet table `name`: a pandas DataFrame, of the columns `wanted` alone.

    Columns that are not there are the caller's to miss; empty cells of a CSV table are "". Its
    columns are parted by commas, or where its first line has none by tabs or semicolons, with
    which spreadsheets write decimal commas.
    Raises DataError when it is no table.
    """
    import pandas as pd

    content = source.read(name)
    data, head = io.BytesIO(content), content.partition(b"\n")[0]
    parted = next((s for s in ";\t" if s.encode() in head and b"," not in head), ",")
    place = f"{printable(name)} in {source.root}"
    keep = None if wanted is None else lambda column: column in wanted
    try:
        if not name.lower().endswith(".csv"):
            return pd.read_parquet(data)
        return pd.read_csv(
            data, sep=parted, decimal="," if parted == ";" else ".", skipinitialspace=True,
            usecols=keep, dtype=TEXT, keep_default_na=False, encoding="utf-8-sig",
        )  # fmt: skip
    except ImportError as error:
        raise DataError(f"{place}: reading Parquet needs pyarrow: pip install pyarrow") from error
    # pandas and pyarrow raise ValueError, OSError, OverflowError and more of their own.
    except Exception as error:
        raise DataError(f"{place} is not a table in UTF-8: {said_by(error)[:200]}") from error
