"""Brings pieces to the mood that is wanted: how they are played, and which of several is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mood2music.flow.photo import Report
from mood2music.flow.piece import Piece
from mood2music.flow.writing_settings import WritingSettings
from mood2music.judge.ending import ending
from mood2music.judge.rated_mood import rated_mood, window_moods, window_places
from mood2music.mood import Mood
from mood2music.music.expression import (
    RANGE,
    along,
    loud_as,
    mean_of,
    octaves_to,
    tempi_along,
    tempo_of,
)
from mood2music.music.notes import Notes
from mood2music.music.tempo import Tempi

# Of a piece's tempo by the rules, how far it may lie from that of its song by the same rules, which
# was known when it was written: a network that reads the tempo has written for it.
_TEMPO_PLAY = 1.3


@dataclass(frozen=True)
class Picked:
    """Which of how many variants was kept, from 0, and the distance of each from the mood."""

    variant: int
    of: int
    distances: list[float]


def towards(moods: Sequence[Mood], goal: str) -> list[Mood]:
    """Give the way of moods that a goal makes of where the listener is.

    Music that meets a mood first and leads it on from there is what music therapy calls the iso
    principle (Altshuler 1948; Starcke, Mayr & von Georgi 2021, Frontiers in Psychology 12). match:
    as it is; lift: to pleasant and a little excited, calm: to pleasant and calm, where the mood is
    not there already.
    """
    last = moods[-1]
    if goal == "lift":
        return [*moods, Mood(max(last.valence, 0.6), max(last.arousal, 0.2))]
    if goal == "calm":
        return [*moods, Mood(max(last.valence, 0.3), min(last.arousal, -0.5))]
    return list(moods)


def with_tempo_of(settings: WritingSettings, moods: Sequence[Mood], song: Notes) -> WritingSettings:
    """Set the tempo of a way of moods for what is made of the song, where none was asked for."""
    if not moods or settings.tempo is not None or not len(song):
        return settings
    return replace(settings, tempo=round(tempo_of(mean_of(moods), song), 2))


def expressed(
    piece: Piece, moods: Sequence[Mood], asked: WritingSettings, whole: bool = True
) -> Piece:
    """Play a piece as its moods have it: what `asked`, the user's settings, leave open.

    Its tempo and its register are those of the middle of the way. The tempo goes by the piece's
    own notes, near that of its song, but where its length was asked for in seconds; the register
    where neither a range nor a key was asked for. Of several moods loudness and tempo follow the
    way; of a piece that is not whole yet, they are about those of its beginning.
    """
    if not moods or not len(piece.notes):
        return piece
    notes, middle = piece.notes, mean_of(moods)
    if asked.tempo is None and asked.seconds is None:
        own = tempo_of(middle, notes)
        low, high = notes.tempo / _TEMPO_PLAY, notes.tempo * _TEMPO_PLAY
        notes = notes.with_tempo(round(min(max(own, low), high), 2))
    way: Tempi = ()
    if asked.tempo is None and whole:
        way = tempi_along(moods, notes)
    elif asked.tempo is None and len(moods) > 1:
        faster = tempo_of(moods[0], notes) / tempo_of(middle, notes)
        most = RANGE**0.5
        notes = notes.with_tempo(round(notes.tempo * min(max(faster, 1 / most), most), 2))
    notes, octaves = loud_as(moods if whole else moods[:1], notes), 0
    if asked.range is None and asked.key is None:
        octaves = octaves_to(middle, notes, *asked.compass)
    notes = notes.transposed(12 * octaves)
    return replace(piece, notes=notes, octaves=piece.octaves + octaves, way=way)


def closing(piece: Piece, asked: WritingSettings) -> Piece:
    """Say of a piece whether it ends as it was asked to: on its tonic, at a bar line."""
    found = ending(piece.notes, piece.key)
    return replace(piece, closes=asked.cadence and found.tonic and found.bar_line)


def nearest_to(moods: Sequence[Mood], pieces: Sequence[Piece]) -> Picked:
    """Find the piece whose mood the judge finds nearest to the wanted one, of equals the first."""
    distances = [distance(moods, piece.notes) for piece in pieces]
    return Picked(distances.index(min(distances)), len(pieces), distances)


def pick(
    pieces: list[Piece], by: str | None, way: list[Mood], report: Report
) -> tuple[list[Piece], Picked | None]:
    """Keep the variant nearest to a mood, or to several on their way, when asked to."""
    if by is None:
        return pieces, None
    picked = nearest_to(way, pieces)
    report(
        f"picked variant {picked.variant + 1} of {picked.of}, "
        f"{picked.distances[picked.variant]:.2f} from the mood"
    )
    return [pieces[picked.variant]], picked


def distance(moods: Sequence[Mood], notes: Notes) -> float:
    """Measure how far notes are from a mood, or their windows, on the mean, from a way of them."""
    if len(moods) == 1:
        return rated_mood(notes).distance(moods[0])
    found = window_moods(notes)
    if not len(found):
        return rated_mood(notes).distance(mean_of(moods))
    wanted = along(moods, window_places(notes))
    return float(np.hypot(*(found - wanted).T).mean())
