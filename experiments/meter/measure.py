"""How often is the meter found that a piece states, when it is hidden?

python -m experiments.meter.measure music=FOLDER
Writes found.csv beside it, a row a piece, and prints the table.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from experiments.measuring import measuring
from experiments.meter.pieces import FOLDERS, FOLK, Stated, stated, tunes
from mood2music.music.aligned import on_its_beats
from mood2music.music.meter import TimeSignature, bar_length, is_compound
from mood2music.music.meter_finder import find_meter
from mood2music.music.notes import Notes


@dataclass
class Settings:
    """music: folder with jazz/, classical/, classical_kern/; tunes: of each tune book; pieces:
    of those held out, and as many tunes.
    """

    music: Path
    held_out: float
    tunes: int
    pieces: int
    seed: int


@measuring
def main(asked: Settings) -> None:
    """Hide the meter of pieces that no fitting saw, find it, compare."""
    rng = np.random.default_rng(asked.seed)
    chosen: list[Stated] = []
    for every in (stated(asked.music, asked.held_out), tunes(asked.tunes, asked.held_out)):
        held = [piece for piece in every if piece.held_out]
        chosen += [held[i] for i in sorted(rng.permutation(len(held))[: asked.pieces])]
    moves = rng.spawn(1)[0]
    rows = [row(piece, rng, moves) for piece in tqdm(chosen, desc="finding")]
    out = Path(__file__).parent / "found.csv"
    with out.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    for styles in (FOLDERS, *((folder,) for folder in FOLDERS), (FOLK,)):
        own = [r for r in rows if str(r["file"]).partition("/")[0] in styles]
        print_row(" + ".join(styles), own)
        print_row(" + ".join(styles) + ", one signature", [r for r in own if not r["changes"]])
    print(out)


def row(piece: Stated, rng: np.random.Generator, moves: np.random.Generator) -> dict[str, object]:
    """What is stated and what is found, as it stands, cut off at the beginning, and moved."""
    stated_as, grid = piece.signature, piece.notes.grid
    (found,) = find_meter(piece.notes) or (TimeSignature(0, 4, 4),)
    cut = int(rng.integers(1, 2 * bar_length(stated_as, grid) * 2 // grid)) * grid // 2
    later = stated_as._replace(step=stated_as.step - cut)
    (found_later,) = find_meter(begun_later(piece.notes, cut)) or (TimeSignature(0, 4, 4),)
    beside = later_by(piece.notes, int(moves.integers(1, grid)))
    back = on_its_beats(beside)
    by = int(back.onset[0] - piece.notes.onset[0])
    (found_back,) = back.meter or (TimeSignature(0, 4, 4),)
    return {
        "file": piece.file,
        "stated": f"{stated_as.beats}/{stated_as.unit}",
        "first bar": stated_as.step / grid,
        "changes": piece.changes,
        "found": f"{found.beats}/{found.unit}",
        "found first bar": found.step % bar_length(found, grid) / grid,
        "right": right(stated_as, found, grid),
        "period": bar_length(stated_as, grid) == bar_length(found, grid),
        "right but for halves": right_but_for_halves(stated_as, found, grid),
        "right when cut": right(later, found_later, grid),
        "aligned": back is not beside,
        "right when moved": right(stated_as._replace(step=stated_as.step + by), found_back, grid),
    }


def begun_later(notes: Notes, step: int) -> Notes:
    """The notes struck from a grid step on, which becomes step 0."""
    return later_by(notes.only(notes.onset >= step), -step)


def later_by(notes: Notes, steps: int) -> Notes:
    """The same notes so many grid steps later, and no meter with them."""
    return replace(notes, onset=notes.onset + steps, meter=())


def right(stated_as: TimeSignature, found: TimeSignature, grid: int) -> bool:
    """Whether all bar lines and the kind of the beat are the same: 2/2 is 4/4, 6/8 is not 3/4."""
    length = bar_length(stated_as, grid)
    return (
        length == bar_length(found, grid)
        and (stated_as.step - found.step) % length == 0
        and is_compound(stated_as) == is_compound(found)
    )


def right_but_for_halves(stated_as: TimeSignature, found: TimeSignature, grid: int) -> bool:
    """Whether bars are right, or two of one are one of the other (2/4 and 4/4, 3/8 and 6/8)."""
    lengths = sorted((bar_length(stated_as, grid), bar_length(found, grid)))
    same_place = (stated_as.step - found.step) % lengths[0] == 0
    alike = is_compound(stated_as) == is_compound(found) or lengths[0] != lengths[1]
    return lengths[1] in (lengths[0], 2 * lengths[0]) and same_place and alike


def print_row(name: str, rows: Sequence[dict[str, object]]) -> None:
    """Print shares with their 95 % intervals."""
    told = []
    for key in ("right", "right but for halves", "period", "right when cut"):
        mean = float(np.mean([bool(row[key]) for row in rows]))
        told.append(f"{key} {mean:.1%} ± {1.96 * (mean * (1 - mean) / len(rows)) ** 0.5:.1%}")
    print(f"{name} ({len(rows)}): {', '.join(told)}")
    exact = [row for row in rows if row["aligned"]]
    back = float(np.mean([bool(row["right when moved"]) for row in exact]))
    print(f"    moved: {len(exact)} were seen to be, of these right {back:.1%}")


if __name__ == "__main__":
    main()
