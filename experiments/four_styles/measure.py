"""One photo, one seed, four styles: do the pieces lean the way each style's training data does?

python -m experiments.four_styles.measure music=FOLDER
"""

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from mood2music.flow.pipeline import generate
from mood2music.flow.request import GenerateSettings
from mood2music.generator import network as networks
from mood2music.judge.statistics import statistics
from mood2music.music.events import to_notes
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import locate

STYLES = ("jazz", "classical", "pop")
LENGTH = 400
PASSAGES = 150
# Tempo belongs to the song, so only measures that do not know seconds are compared.
MEASURES = (
    "polyphony",
    "onsets_per_quarter",
    "mean_duration",
    "off_beat_share",
    "mean_pitch",
    "pitch_class_entropy",
    "chromatic_share",
)


@dataclass
class Settings:
    """music: folder with classical/ jazz/ pop/; photo: none for a mood; seeds times variants pieces
    a style.
    """

    music: Path
    model: str
    photo: str | None
    seeds: int
    variants: int


@measuring
def main(asked: Settings) -> None:
    """Generate, measure, compare, write result.csv and print the table."""
    store = prepare(MusicSourceSettings(name="midi", root=str(asked.music)))
    trained = set(networks.load(locate(asked.model))[1]["data"]["train_names"])
    data = {style: passages(store, trained, f"{style}/*") for style in STYLES}
    spread = deviation([row for part in data.values() for row in part])
    written = {
        style: [
            row
            for seed in range(asked.seeds)
            for row in pieces(asked.model, style, asked.variants, asked.photo, seed)
        ]
        for style in ("none", *STYLES)
    }
    means = {style: mean(rows) for style, rows in data.items()}
    ours = {style: mean(rows) for style, rows in written.items()}
    rows = []
    for name in MEASURES:
        middle = float(np.mean([means[style][name] for style in STYLES]))
        our_middle = float(np.mean([ours[style][name] for style in STYLES]))
        for style in STYLES:
            asked_for, got = means[style][name] - middle, ours[style][name] - our_middle
            rows.append(
                {
                    "measure": name,
                    "style": style,
                    "data": round(means[style][name], 3),
                    "data_all": round(middle, 3),
                    "written": round(ours[style][name], 3),
                    "written_all": round(our_middle, 3),
                    "written_none": round(ours["none"][name], 3),
                    "first_piece": round(written[style][0][name], 3),
                    # A style that is like the others in a measure asks for no direction in it.
                    "clear": abs(asked_for) > 0.2 * spread[name],
                    "agrees": bool(np.sign(asked_for) == np.sign(got)),
                }
            )
    with (Path(__file__).parent / f"{asked.model}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print("| " + " | ".join(rows[0]) + " |", "|---" * len(rows[0]) + "|", sep="\n")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row.values()) + " |")
    clear = [row for row in rows if row["clear"]]
    print(sum(bool(row["agrees"]) for row in clear), "of", len(clear), "clear ones agree")


def passages(store: Store, trained: set[str], pattern: str) -> list[dict[str, float]]:
    """Measure random passages of LENGTH events of the training pieces of one style."""
    rng = np.random.default_rng(0)
    rows = [
        row
        for row in store.pieces
        if row.name in trained and fnmatch(row.file, pattern) and row.events >= 64
    ]
    chosen = [rows[i] for i in rng.integers(len(rows), size=PASSAGES)]
    found = []
    for row in chosen:
        events = store.piece(row)
        start = int(rng.integers(max(1, len(events) - LENGTH)))
        found.append(measures(asdict(statistics(to_notes(events[start : start + LENGTH])))))
    return found


def pieces(
    model: str, style: str, count: int, photo: str | None, seed: int
) -> list[dict[str, float]]:
    """Write `count` variants in a style, from one photo and seed, and give their measures."""
    with tempfile.TemporaryDirectory() as folder:
        settings = GenerateSettings(
            photo=photo,
            model=model,
            style=StyleSettings(style),
            n=count,
            length=LENGTH,
            key="C",
            in_key=False,
            seed=seed,
        )
        generate(settings, Path(folder), lambda line: None)
        manifest = json.loads((Path(folder) / "run.json").read_text())
    return [measures(piece["statistics"]) for piece in manifest["pieces"]]


def measures(found: Mapping[str, float]) -> dict[str, float]:
    """Keep the measures that are compared."""
    return {name: float(found[name]) for name in MEASURES}


def mean(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean of each measure."""
    return {name: float(np.mean([row[name] for row in rows])) for name in MEASURES}


def deviation(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Standard deviation of each measure."""
    return {name: float(np.std([row[name] for row in rows])) for name in MEASURES}


if __name__ == "__main__":
    main()
