"""Face detectors side by side: hits, false hits and processor time, to result.csv beside this file.

    python -m experiments.detectors.compare portraits=PORTRAITS.zip small=SMALL.zip

With only=[yunet,dlib] the rows of the others stay as they are.
"""

import csv
import gc
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.detectors.candidates import SIDES, SOURCES, Boxes, Finder, finder, shrunk, version
from experiments.detectors.pictures import Shown, all_pictures
from experiments.measuring import measuring
from mood2music.errors import SettingsError

RESULT = Path(__file__).with_name("result.csv")


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    z = 1.959964
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def judged(boxes: Boxes, shown: Shown) -> tuple[int, int]:
    """Faces hit, and boxes that hit none.

    A box hits a face's square when its middle lies within a quarter of the side of the square's
    middle and its mean side is .35 to 1.4 of the square's.
    """
    hit, false = set(), 0
    for left, top, right, bottom in boxes:
        for number, (x, y, side) in enumerate(shown.faces):
            away = max(
                abs((left + right) / 2 - x - side / 2), abs((top + bottom) / 2 - y - side / 2)
            )
            if away <= side / 4 and 0.35 <= (right - left + bottom - top) / 2 / side <= 1.4:
                hit.add(number)
                break
        else:
            false += 1
    return len(hit), false


def measure(find: Finder, pictures: list[Shown]) -> dict[str, list[tuple[int, int, int, float]]]:
    """By condition and picture: faces, hits, false hits, milliseconds of processor time."""
    rows = defaultdict(list)
    find(pictures[0].pixels)
    for shown in pictures:
        start = time.process_time()
        boxes = find(shown.pixels)
        spent = 1e3 * (time.process_time() - start)
        rows[shown.condition].append((len(shown.faces), *judged(boxes, shown), spent))
    return rows


def write(lines: list[dict[str, object]]) -> None:
    """Write what is measured so far, so that a run that was broken off is not lost."""
    fields = list(max(lines, key=len))
    with RESULT.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fields)
        writer.writeheader()
        writer.writerows(lines)


@dataclass
class Settings:
    """portraits, small: zips of pictures; count: of each; only: detectors, none named: all."""

    portraits: Path
    small: Path | None
    count: int
    only: list[str]


@measuring
def main(given: Settings) -> None:
    """Run every detector that is installed over every picture."""
    asked = given.only or list(SOURCES)
    for name in asked:
        if name not in SOURCES:
            raise SettingsError(f"only={name}: expected some of {', '.join(SOURCES)}")
    if "cv2" in sys.modules or version("haar"):
        import cv2

        cv2.setNumThreads(1)
    pictures = list(all_pictures(given.portraits, given.small, given.count))
    lines: list[dict[str, object]] = []
    if RESULT.is_file():
        with RESULT.open(newline="", encoding="utf-8") as stored:
            lines = [dict(row) for row in csv.DictReader(stored) if row["detector"] not in asked]
    for name, (package, licence) in ((n, SOURCES[n]) for n in asked):
        try:
            find = finder(name)
        except (ImportError, AttributeError) as error:  # missing, or older than its libraries
            lines.append({"detector": name, "package": package, "condition": f"absent: {error}"})
            print(f"{name:12s} cannot be loaded ({error})")
            continue
        for side in SIDES[name]:
            for condition, rows in measure(shrunk(find, side), pictures).items():
                faces, hits, false = (sum(row[i] for row in rows) for i in range(3))
                low, high = (
                    wilson(hits, faces) if faces else wilson(min(false, len(rows)), len(rows))
                )
                line = {
                    "detector": name, "package": f"{package} {version(name)}", "licence": licence,
                    "longest_side": side, "condition": condition, "pictures": len(rows),
                    "faces": faces, "hits": hits, "false_hits": false,
                    "low": f"{low:.3f}", "high": f"{high:.3f}",
                    "ms": f"{np.median([row[3] for row in rows]):.1f}",
                }  # fmt: skip
                lines.append(line)
                print(*line.values(), flush=True)
        del find
        gc.collect()
        write(lines)
    write(lines)
    print(RESULT)


if __name__ == "__main__":
    main()
