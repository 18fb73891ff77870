"""Lists the pieces of music21's own corpus: name, title, composer, style, tempo."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mood2music.catalog.titles import trecento_piece, work_title


@dataclass(frozen=True)
class CorpusPart:
    """Part of the corpus: paths that begin with `prefix`, and how many pieces a table takes.

    most: notes a piece may have, so that music21 reads it in a few seconds (1 ms a note or two).
    """

    prefix: str
    style: str
    artist: str
    take: int
    most: int = 1500


@dataclass(frozen=True)
class Piece:
    """A piece that can be read with `music.read.read_corpus(name)`.

    title: "" when only the file knows it; tempo: quarter notes a minute where the corpus leaves
    it open but the kind of piece tells (see METER_TEMPO), else 0.
    """

    name: str
    title: str
    artist: str
    style: str
    tempo: float = 0.0


PARTS = (
    CorpusPart("bach/", "classical", "Johann Sebastian Bach", 70),
    CorpusPart("beach/", "classical", "Amy Beach", 1),
    CorpusPart("beethoven/", "classical", "Ludwig van Beethoven", 30),
    CorpusPart("chopin/", "classical", "Frédéric Chopin", 1),
    CorpusPart("corelli/", "classical", "Arcangelo Corelli", 2),
    CorpusPart("cpebach/", "classical", "Carl Philipp Emanuel Bach", 2),
    CorpusPart("handel/", "classical", "George Frideric Handel", 1),
    CorpusPart("haydn/", "classical", "Joseph Haydn", 9),
    CorpusPart("mozart/", "classical", "Wolfgang Amadeus Mozart", 16),
    CorpusPart("schubert/", "classical", "Franz Schubert", 1, most=2500),
    CorpusPart("schumann_clara/", "classical", "Clara Schumann", 5),
    CorpusPart("schumann_robert/", "classical", "Robert Schumann", 7),
    CorpusPart("verdi/", "classical", "Giuseppe Verdi", 1),
    CorpusPart("joplin/", "jazz", "Scott Joplin", 1, most=2500),
    CorpusPart("leadSheet/berlin", "jazz", "Irving Berlin", 1),
    CorpusPart("johnson_j_r/", "folk", "J. Rosamond Johnson", 1),
    CorpusPart("liliuokalani/", "folk", "Liliuokalani", 1),
    CorpusPart("airdsAirs/", "folk", "traditional (Aird's Airs)", 65),
    CorpusPart("essenFolksong/", "folk", "traditional (Essen collection)", 35),
    CorpusPart("miscFolk/", "folk", "traditional", 20),
    CorpusPart("oneills1850/", "folk", "traditional (O'Neill's Music of Ireland)", 75),
    CorpusPart("ryansMammoth/", "folk", "traditional (Ryan's Mammoth Collection)", 75),
    CorpusPart("luca/", "renaissance", "Dominus Luca", 1),
    CorpusPart("lusitano/", "renaissance", "Vicente Lusitano", 1),
    CorpusPart("monteverdi/", "renaissance", "Claudio Monteverdi", 45),
    CorpusPart("palestrina/", "renaissance", "Giovanni Pierluigi da Palestrina", 50),
    CorpusPart("trecento/", "medieval", "anonymous", 45),
)

# Dance tunes of Ryan and O'Neill carry no tempo. They take that of Aird's Airs in the same meter:
# the median of its 1,152 marked tunes in these meters, in quarter notes a minute.
METER_TEMPO = {"C|": 200.0, "6/8": 180.0, "9/8": 180.0, "C": 120.0, "2/4": 104.0, "3/4": 100.0}
_DANCES = ("ryansMammoth/", "oneills1850/")
# Preferred first: of a piece that lies there in two encodings one is listed.
_SUFFIXES = (".mxl", ".xml", ".musicxml", ".krn", ".abc")


def pieces(part: CorpusPart) -> list[Piece]:
    """List a part's pieces, sorted by name; a collection of tunes gives each tune."""
    from music21 import common

    root = common.getCorpusFilePath()
    best: dict[str, Path] = {}
    for path in sorted(root.glob(f"{part.prefix.split('/')[0]}/**/*")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(part.prefix) or path.suffix not in _SUFFIXES:
            continue
        if path.stem.endswith(("_old", "_bak")):
            continue
        stem = name.removesuffix(path.suffix)
        known = best.get(stem)
        if known is None or _SUFFIXES.index(path.suffix) < _SUFFIXES.index(known.suffix):
            best[stem] = path
    listed: list[Piece] = []
    for path in best.values():
        name = path.relative_to(root).as_posix()
        if path.suffix == ".abc":
            listed += _tunes(path, name, part)
        elif part.prefix == "trecento/":
            title, artist = trecento_piece(path.stem)
            listed.append(Piece(name, title, artist, part.style))
        else:
            listed.append(Piece(name, work_title(name, path), part.artist, part.style))
    return sorted(listed, key=lambda piece: piece.name)


def written_pitches(name: str) -> int:
    """Count the pitches written in a MusicXML piece, in milliseconds; 0 for other formats.

    Ties count each of their notes, so the piece has at most this many notes.
    """
    from music21 import common

    path = common.getCorpusFilePath() / name.partition("#")[0]
    if path.suffix == ".mxl":
        with zipfile.ZipFile(path) as archive:
            scores = [n for n in archive.namelist() if not n.startswith("META-INF")]
            text = b"".join(archive.read(score) for score in scores)
    else:
        text = path.read_bytes() if "xml" in path.suffix else b""
    # Some are UTF-16, whose ASCII letters lie between zeros.
    return text.replace(b"\0", b"").count(b"<pitch>")


def _tunes(path: Path, name: str, part: CorpusPart) -> Iterator[Piece]:
    tunes = re.split(r"(?m)^X:", path.read_text(encoding="utf-8", errors="replace"))[1:]
    for tune in tunes:
        number = re.match(r"\s*(\d+)", tune)
        meter = re.search(r"(?m)^M:\s*(\S+)", tune)
        marked = re.search(r"(?m)^Q:\s*\S", tune)
        tempo = 0.0
        if part.prefix in _DANCES and meter and not marked:
            tempo = METER_TEMPO.get(meter[1].replace("4/4", "C"), 0.0)
        place = name if len(tunes) == 1 or not number else f"{name}#{int(number[1])}"
        yield Piece(place, "", part.artist, part.style, tempo)
