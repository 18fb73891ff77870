"""In how many pieces does the end lie a semitone or two above all before it?

    python -m experiments.modulations.measure music=FOLDER

Writes found.csv beside it, a row a piece that does, and prints how many of each folder do.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from experiments.measuring import measuring
from mood2music.music.events import to_notes
from mood2music.music.meter import bar_lines
from mood2music.music.modulation import modulation
from mood2music.store.prepare import MusicSourceSettings, prepare


@dataclass
class Settings:
    """See measure.yaml."""

    music: str | None
    store: str | None


@measuring
def main(asked: Settings) -> None:
    """Look for the modulation in every piece."""
    store = prepare(MusicSourceSettings(root=asked.music, store=asked.store))
    pieces: Counter[str] = Counter()
    found: list[dict[str, str | int]] = []
    for row in tqdm(store.pieces, desc="looking", mininterval=5):
        folder = row.file.split("/")[0]
        notes = to_notes(store.piece(row))
        pieces[folder] += 1
        step, by = modulation(notes)
        if by:
            lines = bar_lines(notes.meter, notes.end, notes.grid)
            first = int((lines < step).sum())
            found.append({"file": row.file, "bars": len(lines) - 1, "before": first, "by": by})
    out = Path(__file__).with_name("found.csv")
    with out.open("w", newline="") as file:
        table = csv.DictWriter(file, ["file", "bars", "before", "by"])
        table.writeheader()
        table.writerows(found)
    hits = Counter(str(row["file"]).split("/")[0] for row in found)
    for folder, count in sorted(pieces.items()):
        print(f"{folder}: {hits[folder]} of {count} pieces")
    print(out)


if __name__ == "__main__":
    main()
