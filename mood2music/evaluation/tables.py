"""Shows tables where a run is logged, and names their numbers for the table of a sweep."""

from collections.abc import Sequence

from mood2music.learn import run_log
from mood2music.render.report import Table

# Rows of a table whose numbers are figures of the run.
MOST_ROWS = 20


def publish(log: run_log.RunLog, tables: Sequence[Table]) -> None:
    """Show the tables where the run is logged; numbers of those with one row are its summary."""
    for table in tables:
        columns = dict.fromkeys(name for row in table.rows for name in row)
        log.tell({table.name: [{name: row.get(name) for name in columns} for row in table.rows]})
        if len(table.rows) == 1:
            cells = table.rows[0].items()
            numbers = {f"{table.name}/{k}": v for k, v in cells if isinstance(v, int | float)}
            log.summarise(numbers)


def figures_of(tables: Sequence[Table]) -> dict[str, float]:
    """Name the numbers of the tables, for the table of a sweep: pieces_mean/notes.

    Where a table has several rows, each is named after its words: network/lstm/bits, and
    beside/all/bar_loops/mean; after its first number where it has none: contexts/64/bits. Tables
    with a row a photo or piece, which nothing names so, and those of faults are left out.
    """
    found: dict[str, float] = {}
    for table in tables:
        if len(table.rows) > MOST_ROWS or any("path" in row for row in table.rows):
            continue
        for row in table.rows:
            words = [cell for cell in row.values() if isinstance(cell, str)]
            named = (words or [str(next(iter(row.values())))]) if len(table.rows) > 1 else []
            name = "/".join([table.name, *named])
            for key, cell in row.items():
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    found.setdefault(f"{name}/{key}", cell)
    return found


def filled(table: Table) -> list[Table]:
    """Give a table, or none where it has no rows."""
    return [table] if table.rows else []
