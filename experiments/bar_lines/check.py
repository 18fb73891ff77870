"""Do bars hold, and do pieces end at a bar line with a cadence on their tonic?

python -m experiments.bar_lines.check out=FOLDER [pieces=100 bars=16]
Writes result.csv beside it, a row a piece, and prints the counts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from tqdm import tqdm

from experiments.measuring import measuring, write_rows
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.judge.ending import ending
from mood2music.music.key import parse_key
from mood2music.music.meter import as_text
from mood2music.music.quantize import quantize
from mood2music.music.read import read

# How far from the middle of the plane moods are drawn.
MOODS = 0.9
COUNTED = ("bar_line", "tonic", "triad", "cadence")


@dataclass
class Settings:
    """out: where pieces go; pieces: of all `styles` together, of so many `bars`; more: settings of
    generate.
    """

    out: Path
    pieces: int
    bars: int
    styles: list[str]
    model: str
    more: dict[str, Any] | None


@measuring
def main(asked: Settings) -> None:
    """Write the pieces, measure each, print the counts of each style and of all."""
    moods = np.random.default_rng(0).uniform(-MOODS, MOODS, (asked.pieces, 2)).tolist()
    rows = []
    for i, mood in enumerate(tqdm(moods, desc="writing")):
        style = asked.styles[i % len(asked.styles)]
        run = asked.out / f"{i:03d}"
        if not (run / "run.json").is_file():
            settings = {
                "style": style, "mood": mood, "seed": i, "bars": asked.bars, "model": asked.model,
                "render": {"score": [], "sound": "none"}, **(asked.more or {}),
            }  # fmt: skip
            compose(GenerateSettings(**settings)).write(run)
        rows.append({"piece": i, "style": style, **measure(run)})
    write_rows(Path(__file__).parent / "result.csv", rows)
    for style in (*asked.styles, None):
        mine = [row for row in rows if style in (None, row["style"])]
        counts = ", ".join(f"{name} {sum(row[name] for row in mine)}" for name in COUNTED)
        bars, held = (sum(row[name] for row in mine) for name in ("bars", "bars_held"))
        print(f"{style or 'all'}: {len(mine)} pieces: {counts}; {held} of {bars} bars hold")


def measure(run: Path) -> Mapping[str, Any]:
    """Measure the piece of a run's folder: its end by the MIDI file, its bars by the MusicXML."""
    (piece,) = json.loads((run / "run.json").read_text(encoding="utf-8"))["pieces"]
    notes = quantize(read(run / "piece.mid"))
    bars = list(bars_of(run / "piece.musicxml"))
    return {
        "key": piece["key"],
        "meter": as_text(notes.meter),
        **{
            name: int(value)
            for name, value in asdict(ending(notes, parse_key(piece["key"]))).items()
        },
        "bars": len(bars),
        "bars_held": sum(bars),
    }


def bars_of(path: Path) -> Iterator[bool]:
    """Say of each bar of a MusicXML score, in each part, whether it holds.

    In each staff one voice at least fills the bar of the time signature, and no voice goes beyond
    it. A first bar that is marked as a pickup (implicit="yes") may be shorter.
    """
    for part in ElementTree.parse(path).getroot().iter("part"):
        divisions, length, staves = 1, Fraction(4), 1
        for number, bar in enumerate(part.iter("measure")):
            divisions = int(bar.findtext("attributes/divisions", str(divisions)))
            staves = int(bar.findtext("attributes/staves", str(staves)))
            beats = bar.findtext("attributes/time/beats")
            if beats is not None:
                unit = int(bar.findtext("attributes/time/beat-type", "4"))
                length = Fraction(int(beats) * 4, unit)
            filled, end = _filled(bar, divisions)
            full = length
            if number == 0 and bar.get("implicit") == "yes":
                full = min(end, length)
            fullest = [
                max((sum_ for (staff, _), sum_ in filled.items() if staff == which), default=0)
                for which in range(1, staves + 1)
            ]
            yield end <= full and all(most == full for most in fullest)


def _filled(
    bar: ElementTree.Element, divisions: int
) -> tuple[dict[tuple[int, str], Fraction], Fraction]:
    """Quarter notes that each voice of each staff takes in a bar, and where the last one ends."""
    at = end = Fraction(0)
    filled: dict[tuple[int, str], Fraction] = {}
    for element in bar:
        if element.tag not in ("note", "backup", "forward") or element.find("grace") is not None:
            continue
        quarters = Fraction(int(element.findtext("duration", "0")), divisions)
        if element.tag == "backup":
            at -= quarters
        elif element.find("chord") is None:
            at += quarters
            if element.tag == "note":
                place = (int(element.findtext("staff", "1")), element.findtext("voice", "1"))
                filled[place] = filled.get(place, Fraction(0)) + quarters
        end = max(end, at)
    return filled, end


if __name__ == "__main__":
    main()
