"""Learns a style from a few pieces of one's own, in minutes, and keeps it as a network's file.

The base goes on learning from the pieces, in the midst of its own music (`rehearsal`), until pieces
held out of them are no longer predicted better.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mood2music.brief import brief
from mood2music.errors import DataError
from mood2music.files import atomically, cache_folder, checksum
from mood2music.generator import network as networks
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.judge.trained_on import beside
from mood2music.judge.training_index import FILE
from mood2music.learn import checkpoint
from mood2music.learn.fit import BEST
from mood2music.learn.progress import in_words
from mood2music.store.apart import prepare_apart
from mood2music.store.event_store import PieceRow
from mood2music.store.prepare import prepare
from mood2music.store.unpack import unpacked
from mood2music.style.learning import Learning, Music, Progress, learn
from mood2music.style.settings import called

# Hears of what is begun, a line.
Report = Callable[[str], None]
# As styles are learnt where nobody asks otherwise.
USUAL = Learning()
# Raised when styles are learnt otherwise, so that those of before are not taken for new ones.
FORMAT = 1
# Share of the pieces, near copies together, that say when to stop; of few one at least.
HELD_OUT = 0.2


@brief
@dataclass(frozen=True)
class Learnt:
    """A style's file, and how it came about.

    known: whether it was there already; pieces, held_out: how many were learnt and held out;
    before, after: bits an event of those held out, by the base and by the style; seconds: it took.
    """

    path: Path
    known: bool
    pieces: int
    held_out: int
    before: float
    after: float
    seconds: float

    def __str__(self) -> str:
        """One line."""
        how = "learnt before" if self.known else f"learnt in {self.seconds:.0f} s"
        worse = "" if self.after < self.before else ": no better than the base"
        return (
            f"{how} from {self.pieces} pieces; {self.held_out} held out take {self.after:.2f} bits "
            f"an event, by the base {self.before:.2f}{worse}"
        )


def learn_style(
    source: Path,
    base: Path,
    learning: Learning = USUAL,
    progress: Progress | None = None,
    report: Report = lambda line: None,
    into: Path | None = None,
) -> Learnt:
    """Learn a style from a folder or a zip of music, once: what was learnt is kept in the cache.

    base: the file of the network that goes on learning; the style is its `init`, and fits it alone.
    progress: hears of each step, report: what is begun; what they raise ends the learning, and
    nothing is kept. The cache knows a style by the contents of the files, by how they were read, by
    `learning` and by the base. into: a folder in the cache's place, in which all stays that is made
    of the music. Raises DataError for music that cannot be learnt from.
    """
    network, header = networks.load(base)
    style = called(source)
    data = _data(unpacked(source, into) if source.is_file() else source, header, learning)
    store = prepare_apart(data, into / "events") if into else prepare(data, progress=False)
    told = [FORMAT, store.fingerprint, checksum(base), asdict(learning)]
    name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]
    folder = (into or cache_folder()) / "styles" / name
    known = (folder / BEST).is_file()
    if not known:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=folder.parent) as made:
            rows, held = split(store.pieces)
            report(
                f"style  learning {style} from {len(rows)} pieces, {len(held)} held out: at "
                f"most {in_words(60 * learning.minutes)}, once"
            )
            learn(
                Music(store, rows, held, style),
                base, network, header, data, learning,
                progress or (lambda done, total: None), Path(made),
            )  # fmt: skip
            Path(made, "done").mkdir()
            for file in (BEST, FILE):
                Path(made, file).replace(Path(made, "done", file))
            if not (folder / BEST).is_file():  # another run may have been faster
                Path(made, "done").replace(folder)
    learnt = checkpoint.read_header(folder / BEST)["learnt"]
    return Learnt(folder / BEST, known, **learnt)


def keep(learnt: Learnt, path: Path) -> None:
    """Copy a style's file to `path`, and beside it the index by which `generate` tells novelty."""
    for file, to in ((learnt.path, path), (learnt.path.with_name(FILE), beside(path))):
        with atomically(to) as unfinished:
            shutil.copyfile(file, unfinished)


def split(rows: Sequence[PieceRow]) -> tuple[list[PieceRow], list[PieceRow]]:
    """Split pieces into those to learn from and those held out, near copies together.

    Raises DataError for fewer than two different pieces.
    """
    rows = [row for row in rows if row.events > 1]
    groups = sorted({row.group for row in rows}, key=lambda g: hashlib.sha256(g.encode()).digest())
    if len(groups) < 2:
        raise DataError(
            f"too few pieces to learn a style from, {len(groups)} where near copies count once: "
            "expected 2 or more; 10 are better"
        )
    held = set(groups[: max(1, round(HELD_OUT * len(groups)))])
    return [r for r in rows if r.group not in held], [r for r in rows if r.group in held]


def _data(folder: Path, header: dict[str, Any], learning: Learning) -> MusicDataSettings:
    """What is read, as the base has read its own, and how it is cut."""
    read = header["data"]["settings"]
    return MusicDataSettings(
        root=str(folder),
        grid=int(read["grid"]),
        quantize=list(read["quantize"]),
        window=learning.window,
        batch_size=learning.size,
        epoch=learning.size * learning.batches,
        openings=0.0 if learning.rehearsal == "none" else learning.openings,
        loss_share=0.3,
    )
