"""Ships trained music networks: measured on the test part, copied, each with its model card.

python -m experiments.shipped_music.ship music=FOLDER runs=FOLDER [model=lstm]
"""

import csv
import datetime
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from experiments.measuring import measuring
from mood2music.files import PRETRAINED
from mood2music.generator import network as networks
from mood2music.generator.parts import included
from mood2music.generator.score import measure
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare

STYLES = {
    "jazz": ["jazz/*"],
    "classical": ["classical/*", "classical_kern/*"],
    "pop": ["pop/*"],
}
ALL = [pattern for patterns in STYLES.values() for pattern in patterns]
LEFT_OUT = ("vgmidi/*", "jazz/joplin_kern_NC/*")
EVENTS = 16384
# What a network is told beside the events, by the setting that says so.
TOLD = {
    "harmony": "chords | found by `music/changes` a half bar each, told beside the events",
    "texture": "texture | how full each bar is, by `music/texture`, told beside the events",
}
Row = Mapping[str, str | float | int | None]

CARD = """# {name}

{what} Weights only, stored as 16-bit floats; settings stand in the file's header.

| | |
| --- | --- |
| data | {data} |
| licence of the data | Weimar Jazz Database: ODbL 1.0; OpenEWLD: works of 1930 and before, MIT \
encoding; Mutopia ragtime: public domain and CC BY-SA 2.5; piano-midi.de: CC BY-SA 3.0 DE, Bernd \
Krueger; Polish and Chopin scores of the Fryderyk Chopin Institute (polishscores.org, \
chopinscores.org): CC BY 4.0; POP909: MIT data set of songs that are \
under copyright |
| licence of the weights | the project's MIT as far as it reaches; whether weights inherit their \
data's licence is unsettled: to be safe share them alike (CC BY-SA 4.0) and name the sources |
| split | by piece before windows, near copies together, 80 / 10 / 10 by the hash of the content; \
the file's header lists the training and validation pieces |
| trained on | {train_pieces} pieces, {train_events:,} events; best epoch chosen on \
{val_pieces} validation pieces |
| moods | read every eight bars by the judge `rated`, fitted to ratings of VGMIDI (research use): \
the labels steer, no note of VGMIDI was learnt |
{told}| settings of the last stage | {settings} |
| command | `{command}`; shipped is a run in several legs, see \
`experiments/shipped_music` |
| date | {date} |

Held-out figures, on {pieces} pieces of the test part that nothing was chosen on ({events:,} \
events, each behind 32 events of context), by `experiments/shipped_music/ship.py`:

| model | bits an event | of these, chord | duration | bits a note | dynamics, bits an event |
| --- | ---: | ---: | ---: | ---: | ---: |
{rows}

Bits an event and a note are of what is played, not of how loud.

Not measured: whether people like what it writes.
"""


@dataclass
class Settings:
    """music: folder with classical/ jazz/ pop/; runs: of experiment=shipped/...; model: which."""

    music: Path
    runs: Path
    model: str


@measuring
def main(asked: Settings) -> None:
    """Measure and ship every network of one model whose run folder is there."""
    torch.set_num_threads(1)
    store = prepare(MusicSourceSettings(name="midi", root=str(asked.music)))
    base = asked.runs / f"{asked.model}_base" / "best.safetensors"
    table: list[dict[str, Any]] = []
    for number, style in enumerate(("base", *STYLES)):
        name = f"{asked.model}_{style}"
        styled = f"{asked.model}_styles/{number - 1}"
        stage = name if style == "base" else styled
        path = asked.runs / stage / "best.safetensors"
        header = networks.load(path)[1]
        part = only(store, STYLES.get(style, ALL))
        rows = scored(part, path, name)
        if style != "base":
            rows.insert(1, scored(part, base, f"{asked.model}_base")[0])
        shutil.copyfile(path, PRETRAINED / f"{name}.safetensors")
        (PRETRAINED / f"{name}.md").write_text(card(name, asked.model, style, header, rows))
        table += [{"pieces of": style, **row} for row in rows]
        print(*rows, sep="\n")
    with (Path(__file__).parent / f"{asked.model}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


def only(store: Store, patterns: Sequence[str]) -> Store:
    """The pieces of one style, without what no shipped network may learn from."""
    rows = [row for row in store.pieces if included(row, patterns, LEFT_OUT)]
    return replace(store, pieces=rows)


def scored(store: Store, path: Path, name: str) -> list[Row]:
    """Rows of `measure`, the network's under its shipped name."""
    network, header = networks.load(path)
    rows = measure(network, header, store, EVENTS, seed=0)
    return [{**row, "model": name if i == 0 else row["model"]} for i, row in enumerate(rows)]


def card(name: str, model: str, style: str, header: Mapping[str, Any], rows: list[Row]) -> str:
    """Fill in the model card."""
    data, optimizer = header["data"], header["optimizer"]
    encoder = header["settings"]["encoder"]
    whose = "jazz, classical and pop" if style == "base" else style
    tuned = "" if style == "base" else f", fine-tuned from `{model}_base`"
    lines = [
        f"| {row['model']} | {row['bits_event']:.2f} | {row['chord_bits']:.2f} "
        f"| {row['duration_bits']:.2f} | {row['bits_note']:.2f} | {row['level_bits']:.2f} |"
        for row in rows
    ]
    told = "".join(f"| {what} |\n" for name, what in TOLD.items() if header["settings"].get(name))
    return CARD.format(
        told=told,
        name=name,
        what=f"The {header['settings']['representation']} `{model}` on {whose}{tuned}.",
        data={
            "jazz": "Weimar Jazz Database solos with chords, OpenEWLD lead sheets, Mutopia ragtime",
            "classical": "piano-midi.de; Polish and Chopin scores in kern",
            "pop": "POP909",
        }.get(style, "the jazz, classical and pop sets together"),
        train_pieces=data["train_pieces"],
        train_events=data["train_events"],
        val_pieces=data["val_pieces"],
        settings=", ".join(f"{k} {v}" for k, v in {**encoder, **optimizer}.items()),
        command=f"python -m mood2music.train experiment=shipped/{model}_base, and so on",
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        pieces=rows[0]["pieces"],
        events=rows[0]["events"],
        rows="\n".join(lines),
    )


if __name__ == "__main__":
    main()
