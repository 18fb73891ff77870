"""The shipped index against brute force, against chance, and on real and on generated pieces.

python -m experiments.novelty.check music=FOLDER [model=lstm variants=8]
Writes check.json (agreement, chance, speed) and runs.csv (longest runs of 400 events) beside it.
"""

import csv
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.measuring import measuring
from experiments.novelty.brute_force import Pieces, longest
from experiments.novelty.build import store_of
from mood2music.files import PRETRAINED
from mood2music.flow.pipeline import generate
from mood2music.flow.request import GenerateSettings
from mood2music.generator.score import unseen
from mood2music.judge.novelty import SHORTEST, longest_run
from mood2music.judge.training_index import FILE, TrainingIndex, load_index
from mood2music.learn.checkpoint import read_header
from mood2music.music.events import HELD, Events, from_list, join
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import locate

LENGTH = 400
STYLES = ("jazz", "classical", "pop")


@dataclass
class Settings:
    """music: folder with classical/ jazz/ pop/; songs times variants pieces a style."""

    music: str
    model: str
    songs: int
    variants: int


@measuring
def main(asked: Settings) -> None:
    """Measure all of it, write the files, print the tables."""
    rng = np.random.default_rng(0)
    checkpoint = locate(asked.model)
    store = store_of(asked.music, checkpoint)
    index = load_index(PRETRAINED / FILE)
    by_name = {row.name: row for row in store.pieces}
    trained = [store.piece(by_name[piece.name]) for piece in index.pieces]
    held_out = unseen(store, read_header(checkpoint))[0]
    windows = {
        style: [w for row in held_out if row.file.startswith(style) for w in cut(store.piece(row))]
        for style in STYLES
    }
    pieces = Pieces(trained)
    figures = against_brute_force(index, pieces, trained, windows, rng)
    figures["chance"] = chance(index, pieces, trained, rng)
    rows = [
        row(f"held-out {style}", window, index, i)
        for style in STYLES
        for i, window in enumerate(windows[style])
    ]
    for style in ("none", *STYLES):
        rows += list(generated(asked.model, style, asked.songs, asked.variants))
    here = Path(__file__).parent
    (here / "check.json").write_text(json.dumps(figures, indent=2) + "\n")
    with (here / "runs.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(json.dumps(figures, indent=2))
    print(*table(rows), sep="\n")


def cut(events: Events) -> list[Events]:
    """A piece in windows of LENGTH events, what is left over at the end not counted."""
    return [events[i : i + LENGTH] for i in range(0, len(events) - LENGTH + 1, LENGTH)]


def against_brute_force(
    index: TrainingIndex,
    pieces: Pieces,
    trained: Sequence[Events],
    windows: dict[str, list[Events]],
    rng: np.random.Generator,
) -> dict[str, Any]:
    """50 training passages planted in another key into unseen music, and 20 unseen windows."""
    real = [window for part in windows.values() for window in part]
    hosts = [real[i] for i in rng.choice(len(real), 70, replace=False)]
    planted = [plant(host, trained, rng) for host in hosts[:50]]
    figures: dict[str, Any] = {}
    for name, queries in (("planted", planted), ("unseen", hosts[50:])):
        agree, placed, differences = 0, 0, []
        seconds: dict[str, list[float]] = {"index": [], "brute_force": []}
        for query in queries:
            run = timed(lambda q: longest_run(q, index), query, seconds["index"])
            best, where = timed(lambda q: longest(q, pieces), query, seconds["brute_force"])
            told = 0 if run is None else run.events
            agree += told == best if best >= SHORTEST else told == 0
            if told != best and max(told, best) >= SHORTEST:
                differences.append([told, best])
            if run is not None:
                places = {(i, *pieces.place(p)) for i, p in where}
                file = [(i, index.pieces[piece].file, event) for i, piece, event in places]
                placed += (run.event, run.file, run.file_event) in file
        figures[name] = {
            "queries": len(queries), "same_length": agree, "same_place": placed,
            "told_and_true_where_not": differences,
            "longest_seconds_index": round(max(seconds["index"]), 3),
            "mean_seconds_brute_force": round(float(np.mean(seconds["brute_force"])), 2),
        }  # fmt: skip
    return figures


def plant(host: Events, trained: Sequence[Events], rng: np.random.Generator) -> Events:
    """Put 8 to 60 events of a training piece, in another key, into the middle of `host`."""
    while True:
        piece = trained[int(rng.integers(len(trained)))]
        size = int(rng.integers(8, 61))
        if len(piece) < size:
            continue
        start = int(rng.integers(len(piece) - size + 1))
        passage = piece[start : start + size]
        pitch = passage.tokens % HELD
        shift = int(rng.choice([s for s in range(-6, 7) if s]))
        if len(pitch) and int(pitch.min()) + shift >= 0 and int(pitch.max()) + shift < HELD:
            moved = replace(passage, tokens=(passage.tokens.astype(int) + shift).astype(np.uint8))
            return join([host[:150], moved, host[150 + size :]])


def timed(call: Callable[[Events], Any], query: Events, seconds: list[float]) -> Any:
    """The result of a call; how long it took goes into `seconds`."""
    begin = time.perf_counter()
    result = call(query)
    seconds.append(time.perf_counter() - begin)
    return result


def chance(
    index: TrainingIndex, pieces: Pieces, trained: Sequence[Events], rng: np.random.Generator
) -> dict[str, Any]:
    """Runs told, and there, in 60 x 400 events, each drawn from all training pieces alike."""
    pairs: list[list[int]] = []
    everything = [event for piece in trained for event in piece.as_list()]
    for _ in range(60):
        drawn = from_list([everything[i] for i in rng.integers(len(everything), size=LENGTH)])
        run = longest_run(drawn, index)
        pairs.append([0 if run is None else run.events, longest(drawn, pieces)[0]])
    counts = Counter(f"told {told}, true {true}" for told, true in pairs)
    return {"shuffled_pieces": len(pairs), **dict(sorted(counts.items()))}


def generated(
    model: str, style: str, songs: int, variants: int
) -> Iterator[dict[str, str | int | float]]:
    """Longest runs of pieces that `generate` wrote: songs near random moods, some variants each."""
    rng = np.random.default_rng(1)
    for seed in range(songs):
        mood = [round(float(x), 2) for x in rng.uniform(-0.8, 0.8, 2)]
        settings = GenerateSettings(
            mood=mood, model=model, style=StyleSettings(style), n=variants, seed=seed, length=LENGTH
        )
        with tempfile.TemporaryDirectory() as folder:
            generate(settings, Path(folder), lambda _: None)
            manifest = json.loads((Path(folder) / "run.json").read_text())
        for piece in manifest["pieces"]:
            told = piece["novelty"]
            where = told["where"] or {}
            yield {
                "pieces": f"{model}, style={style}", "number": seed,
                "longest_run": told["longest_run"], "file": where.get("file", ""),
                "file_event": where.get("file_event", ""), "of_song": where.get("of_song", ""),
                "from_song": told["song"]["longest_run"],
            }  # fmt: skip


def row(pieces: str, events: Events, index: TrainingIndex, number: int) -> dict[str, Any]:
    """The longest run of one real window; it has no song."""
    run = longest_run(events, index)
    return {
        "pieces": pieces, "number": number,
        "longest_run": SHORTEST - 1 if run is None else run.events,
        "file": "" if run is None else run.file,
        "file_event": "" if run is None else run.file_event, "of_song": "", "from_song": "",
    }  # fmt: skip


def table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A line for each kind of pieces: how many, the quartiles, the longest."""
    yield "| pieces | windows | 3 or fewer | 25 % | median | 75 % | 95 % | longest |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind in dict.fromkeys(str(r["pieces"]) for r in rows):
        runs = np.array([r["longest_run"] for r in rows if r["pieces"] == kind])
        marks = np.percentile(runs, [25, 50, 75, 95, 100]).astype(int)
        cells = " | ".join(str(m) for m in marks)
        yield f"| {kind} | {len(runs)} | {int((runs < SHORTEST).sum())} | {cells} |"


if __name__ == "__main__":
    main()
