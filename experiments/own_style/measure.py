"""What does a style of one's own need? Learns from 3, 10 and 30 pieces, writes, and judges.

    python -m experiments.own_style.measure music=FOLDER out=FOLDER

Styles of music21's own corpus that no shipped network has seen, and rags where a folder of them is
named. Writes result.csv: a row a style, number of pieces and way to rehearse.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from music21 import common
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from experiments.measuring import measuring, write_rows
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.generator.network import load
from mood2music.generator.score import means, network_bits, sample_events, struck, unseen
from mood2music.generator.windows import Windows, past_of
from mood2music.judge.style_cues import HARMONY, STYLE_CUES, style_cues
from mood2music.judge.style_judge import passages
from mood2music.music.events import to_notes
from mood2music.music.notes import Notes
from mood2music.music.read import SUFFIXES
from mood2music.render.settings import RenderSettings
from mood2music.store.event_store import PieceRow, Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.study.intervals import mean_of
from mood2music.style.learning import Learning
from mood2music.style.own import learn_style
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import locate

Array = NDArray[np.float64]
Row = dict[str, Any]
# Pieces that are learnt from at most, that held-out figures are of, and that the judge is made of.
POOL, HELD, JUDGED = 30, 20, 80
# Styles of music21's corpus: patterns of paths in it.
CORPUS = {"chorale": "bach/*.mxl", "fiddle": "ryansMammoth/*.abc", "mass": "palestrina/*.krn"}
HEARD = [STYLE_CUES.index(name) for name in HARMONY]


@dataclass
class Settings:
    """See measure.yaml."""

    music: Path
    store: Path | None
    styles: list[str]
    ways: list[list[Any]]
    model: str
    pieces: int
    length: int
    events: int
    out: Path


@dataclass(frozen=True)
class Style:
    """A folder of pieces to learn from, the store of those held out, and the judge's."""

    name: str
    pool: list[Path]
    held: Store
    judged: Store


@measuring
def main(asked: Settings) -> None:
    """Learn, write and judge; a row a point."""
    asked.out.mkdir(parents=True, exist_ok=True)
    base = MusicSourceSettings(root=str(asked.music), store=asked.store and str(asked.store))
    known = prepare(base)
    header = load(locate(asked.model))[1]
    new = unseen(known, header)[0]
    rng = np.random.default_rng(0)
    new = [new[i] for i in rng.permutation(len(new))]
    styles = [dealt(asked.out, style) for style in asked.styles]
    rest = np.concatenate([cues(known, row) for row in new[HELD : HELD + 3 * JUDGED]])
    songs = [asked.music / row.file for row in new if row.events > 100][: asked.pieces]
    points = [(style, *way) for style in styles for way in [[0, "none"], *asked.ways]]

    def rows() -> Iterator[Row]:
        for style, count, rehearsal in tqdm(points, desc="points"):
            others = [all_cues(s.judged) for s in styles if s is not style]
            judges = fitted(all_cues(style.judged), np.concatenate([rest, *others]))
            row: Row = {"style": style.name, "pieces": count, "rehearsal": rehearsal}
            row |= learnt(asked, style, count, rehearsal, known, new[:HELD], songs, judges)
            yield row

    write_rows(asked.out / "result.csv", rows())


def learnt(
    asked: Settings,
    style: Style,
    count: int,
    rehearsal: str,
    known: Store,
    new: list[PieceRow],
    songs: list[Path],
    judges: tuple[Pipeline, Pipeline],
) -> Row:
    """Learn from `count` pieces, 0: the base; bits of music of the style and of the base's, P."""
    base = locate(asked.model)
    path, seconds, settings = base, 0.0, StyleSettings()
    if count:
        folder = asked.out / f"{style.name}_{count}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in style.pool[:count]:
            shutil.copyfile(file, folder / file.name)
        found = learn_style(folder, base, Learning(rehearsal=rehearsal))
        path, seconds = found.path, found.seconds
        settings = StyleSettings(style.name, checkpoints={style.name: str(path)})
    of_style = sorted((asked.out / f"{style.name}_held").iterdir())[: len(songs)]
    begins = {"": songs, "_own": of_style}
    heard = {
        name: [written(asked, settings, song, i) for i, song in enumerate(own)]
        for name, own in begins.items()
    }
    real = [np.array([style_cues(p) for p in passages(n)]) for n in notes_of(style.held)]
    row: Row = {
        "learnt": min(count, len(style.pool)),
        "seconds": round(seconds),
        "bits_style": round(bits(path, style.held, style.held.pieces, asked.events), 3),
        "bits_base": round(bits(path, known, new, asked.events), 3),
    }
    for name, judge, part in (("P", judges[0], slice(None)), ("P_harmony", judges[1], HEARD)):
        for whose, measured in (*heard.items(), ("_real", real)):
            each = [float(judge.predict_proba(m[:, part])[:, 1].mean()) for m in measured]
            told = mean_of(each)
            assert told is not None
            row |= {f"{name}{whose}": round(told.value, 3)}
            if whose != "_real":
                row |= {f"{name}{whose}_low": round(told.low, 3)}
                row |= {f"{name}{whose}_high": round(told.high, 3)}
    return row


def written(asked: Settings, style: StyleSettings, song: Path, seed: int) -> Array:
    """Cues of the passages of a piece that is written behind a song."""
    settings = GenerateSettings(
        midi=str(song), model=asked.model, style=style, length=asked.length, seed=seed,
        render=RenderSettings(score=[], sound="none"),
    )  # fmt: skip
    notes = compose(settings).pieces[0].notes
    return np.array([style_cues(passage) for passage in passages(notes)])


def dealt(out: Path, style: str) -> Style:
    """Deal the files of a style: of music21's corpus by its name here, or a folder's."""
    name = Path(style).name
    if style in CORPUS:
        files = sorted(common.getCorpusFilePath().glob(CORPUS[style]))
    else:
        files = sorted(p for p in Path(style).rglob("*") if p.suffix.lower() in SUFFIXES)
    files = [files[i] for i in np.random.default_rng(0).permutation(len(files))]
    pool = min(POOL, len(files) // 2)
    held = min(HELD, (len(files) - pool) // 2)
    parts = {"held": files[pool : pool + held], "judged": files[pool + held :][:JUDGED]}
    for part, own in parts.items():
        folder = out / f"{name}_{part}"
        folder.mkdir(parents=True, exist_ok=True)
        for file in own:
            shutil.copyfile(file, folder / file.name)
    stores = [prepare(MusicSourceSettings(root=str(out / f"{name}_{part}"))) for part in parts]
    return Style(name, files[:pool], *stores)


def notes_of(store: Store) -> Iterator[Notes]:
    """Pieces as they are written: quantised, at their own pitch and tempo."""
    for row in store.pieces:
        yield to_notes(store.piece(row), row.tempo).transposed(-row.shift)


def cues(store: Store, row: PieceRow) -> Array:
    """Cues of the passages of a piece: (passages, cues)."""
    (notes,) = notes_of(replace(store, pieces=[row]))
    return np.array([style_cues(passage) for passage in passages(notes)])


def all_cues(store: Store) -> Array:
    """Cues of all its passages."""
    return np.concatenate([cues(store, row) for row in store.pieces])


def fitted(style: Array, rest: Array) -> tuple[Pipeline, Pipeline]:
    """Fit judges of a style against the rest: by all cues, and by harmony alone."""
    x = np.concatenate([style, rest])
    y = np.repeat([1, 0], [len(style), len(rest)])

    def made(part: Any) -> Pipeline:
        judge = make_pipeline(
            StandardScaler(), LogisticRegression(C=0.1, class_weight="balanced", max_iter=3000)
        )
        return judge.fit(x[:, part], y)

    return made(slice(None)), made(HEARD)


def bits(path: Path, store: Store, rows: list[PieceRow], events: int) -> float:
    """Bits an event of pieces, by the network in a file."""
    network, _ = load(path)
    windows = Windows(store, rows, past_of(network, replace(store, pieces=rows)))
    places = sample_events(windows, events, seed=0)
    return means(network_bits(network, windows, places), struck(store, places))["bits_event"]


if __name__ == "__main__":
    main()
