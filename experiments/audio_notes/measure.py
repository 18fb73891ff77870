"""How many notes of a recording are found, how many are made up, and does cleaning help?

python -m experiments.audio_notes.measure [tune=200]
Prints the table and writes result.csv beside it; with tune, tries so many settings at random on
the pieces for tuning instead and prints the best.
"""

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import mir_eval
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.audio_notes.pieces import PROGRAMS, Take, draw, takes
from experiments.measuring import measuring
from mood2music.audio.clean import clean
from mood2music.audio.note_events import NoteEvents, find_events
from mood2music.audio.settings import AudioSettings
from mood2music.music.notes import Notes

TOLERANCE = 0.05
FINDING = {
    "onset": [0.5, 0.55, 0.6, 0.65, 0.7],
    "frame": [0.15, 0.2, 0.25, 0.3],
    "rest": [0.4, 0.5, 0.6, 0.7, 1.0],
    "shortest": [0.08, 0.12, 0.15],
}
CLEANING = {
    "ghost": [0.0, 0.5, 0.6, 0.7, 0.8],
    "weak": [0.3, 0.35, 0.4, 0.45],
    "again": [0.05, 0.08, 0.12],
    "far": [19, 24, 36],
}
SHIPPED = AudioSettings()
CLEANINGS = {
    "none": replace(SHIPPED, clean=False),
    "all rules": SHIPPED,
    "without weak": replace(SHIPPED, weak=1e-9),
    "without again": replace(SHIPPED, again=0.0),
    "without overtones": replace(SHIPPED, ghost=0.0),
    "without far": replace(SHIPPED, far=127),
}


@dataclass
class Settings:
    """tune: settings to try; pieces: to report."""

    tune: int
    pieces: int


@measuring
def main(asked: Settings) -> None:
    """Tune when asked, measure the pieces that were not tuned on, write and print the table."""
    tuning, reported = draw(seed=0, tuning=16, reported=asked.pieces)
    if asked.tune:
        tune(takes(tuning), asked.tune)
        return
    heard = takes(reported)
    rows = [
        {"kind": kind, "program": program, "cleaning": cleaning, **figures(part, settings)}
        for kind in ("sparse", "dense")
        for program in (*PROGRAMS, "all")
        for part in [[t for t in heard if t.kind == kind and program in (t.program, "all")]]
        for cleaning, settings in CLEANINGS.items()
        if program == "all" or cleaning in ("none", "all rules")
    ]
    with (Path(__file__).parent / "result.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for row in rows:
        print(*(f"{v:>8.3f}" if isinstance(v, float) else f"{v!s:>18}" for v in row.values()))


def tune(heard: Sequence[Take], tries: int) -> None:
    """Print the best settings by the mean F1 of the four cells of kind and cleaning's effect."""
    rng = np.random.default_rng(1)
    best: list[tuple[float, AudioSettings]] = []
    for trial in tqdm(range(tries), desc="settings"):
        choice = {
            name: values[int(rng.integers(len(values)))]
            for name, values in (FINDING | CLEANING).items()
        }
        settings = AudioSettings(**choice) if trial else AudioSettings()  # type: ignore[arg-type]
        kinds = [[t for t in heard if t.kind == kind] for kind in ("sparse", "dense")]
        score = float(np.mean([figures(part, settings)["f1"] for part in kinds]))
        best.append((score, settings))
        if not trial:
            print("as shipped", score)
    for score, settings in sorted(best, key=lambda pair: -pair[0])[:10]:
        print(f"{score:.4f}", asdict(settings))


def figures(heard: Sequence[Take], settings: AudioSettings) -> dict[str, float | int]:
    """Mean precision, recall and F1 over takes; notes written, heard and kept, as sums."""
    measures, found, kept = [], 0, 0
    for take in heard:
        events = find_events(take.heard, settings)
        found += len(events)
        if settings.clean:
            events, _ = clean(events, settings)
        kept += len(events)
        measures.append(agreement(take.notes, events))
    precision, recall, f1 = (float(value) for value in np.mean(measures, axis=0))
    notes = sum(len(take.notes) for take in heard)
    return {
        "takes": len(heard), "notes": notes, "heard": found, "kept": kept,
        "precision": precision, "recall": recall, "f1": f1,
    }  # fmt: skip


def agreement(notes: Notes, events: NoteEvents) -> tuple[float, float, float]:
    """Precision, recall, F1: a note counts when its pitch agrees and its start within 50 ms."""
    if not len(events):
        return 0.0, 0.0, 0.0
    seconds = 60 / notes.tempo / notes.grid
    truth = np.column_stack([notes.onset, notes.onset + notes.duration]) * seconds
    precision, recall, f1, _ = mir_eval.transcription.precision_recall_f1_overlap(
        truth, hertz(notes.pitch), np.column_stack([events.start, events.end]),
        hertz(events.pitch), onset_tolerance=TOLERANCE, offset_ratio=None,
    )  # fmt: skip
    return precision, recall, f1


def hertz(pitch: NDArray[np.integer]) -> NDArray[np.float64]:
    """Frequencies of MIDI pitches, A4 = 440 Hz."""
    return np.asarray(440.0 * 2.0 ** ((pitch.astype(float) - 69) / 12))


if __name__ == "__main__":
    main()
