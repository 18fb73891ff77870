"""Tells in lines what is in a store and what was left out."""

from collections import Counter
from collections.abc import Iterable

from mood2music.store.event_store import PieceRow, Store

# Lines of each list; the files of a store have all.
SHOWN = 12


def summarize(store: Store) -> list[tuple[str, str]]:
    """Give (what, how much): pieces, events, notes, minutes, keys, meters, styles, files left out.

    A piece's style is the first folder of its path, "" for a file in the root itself.
    """
    pieces = store.pieces
    count = {
        "pieces": len(pieces),
        "events": len(store.durations),
        "notes": sum(row.notes for row in pieces),
        "minutes": round(sum(row.seconds for row in pieces) / 60),
        "near copies": len(pieces) - len({row.group for row in pieces}),
        "files left out": len(store.faults),
        "drum notes left out": sum(row.drums for row in pieces),
        "pieces with drums": sum(row.drums > 0 for row in pieces),
    }
    lines = [(name, f"{value:,}") for name, value in count.items()]
    lines.append(("keys", _counted(row.key for row in pieces)))
    lines.append(("meters", _counted(_first(row) for row in pieces)))
    lines.append(("meters found from the notes", f"{sum(row.meter_found for row in pieces):,}"))
    lines.append(("styles", _counted(row.file.rpartition("/")[0].split("/")[0] for row in pieces)))
    lines += [("left out", f"{file}: {reason}") for file, reason in store.faults[:SHOWN]]
    if len(store.faults) > SHOWN:
        more = f"{len(store.faults) - SHOWN:,} more, see {store.folder / 'faults.csv'}"
        lines.append(("left out", more))
    return lines


def _first(row: PieceRow) -> str:
    """The signature that a piece begins with."""
    return row.meter.partition(" ")[0].partition(":")[2]


def _counted(names: Iterable[str]) -> str:
    counts = Counter(names).most_common()
    shown = [f"{name or '(none)'} {count:,}" for name, count in counts[:SHOWN]]
    return ", ".join([*shown, *(["..."] if len(counts) > SHOWN else [])])
