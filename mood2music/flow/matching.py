"""Brings pieces to the mood that is wanted: how they are played, and which of several is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mood2music.flow.writing import Piece, WritingSettings
from mood2music.judge.rated_mood import rated_mood
from mood2music.mood import Mood
from mood2music.music.expression import loud_as, octaves_to, tempo_of
from mood2music.music.notes import Notes

# Of a piece's tempo by the rules, how far it may lie from that of its song by the same rules, which
# was known when it was written: a network that reads the tempo has written for it.
_TEMPO_PLAY = 1.3


@dataclass(frozen=True)
class Picked:
    """Which of how many variants was kept, from 0, and the distance of each from the mood."""

    variant: int
    of: int
    distances: list[float]


def with_tempo_of(settings: WritingSettings, mood: Mood | None, song: Notes) -> WritingSettings:
    """Set the tempo of a mood for what is made of the song, where none was asked for."""
    if mood is None or settings.tempo is not None or not len(song):
        return settings
    return replace(settings, tempo=round(tempo_of(mood, song), 2))


def expressed(piece: Piece, mood: Mood | None, asked: WritingSettings) -> Piece:
    """Play a piece as its mood has it: what `asked`, the user's settings, leave open.

    The tempo goes by the piece's own notes, near that of its song, but where its length was asked
    for in seconds; the register where neither a range nor a key was asked for.
    """
    if mood is None or not len(piece.notes):
        return piece
    notes = piece.notes
    if asked.tempo is None and asked.seconds is None:
        own = tempo_of(mood, notes)
        low, high = notes.tempo / _TEMPO_PLAY, notes.tempo * _TEMPO_PLAY
        notes = notes.with_tempo(round(min(max(own, low), high), 2))
    notes = loud_as(mood, notes)
    if asked.range is None and asked.key is None:
        notes = notes.transposed(12 * octaves_to(mood, notes))
    return replace(piece, notes=notes)


def nearest_to(mood: Mood, pieces: Sequence[Piece]) -> Picked:
    """Find the piece whose mood the judge finds nearest to the wanted one, of equals the first."""
    distances = [rated_mood(piece.notes).distance(mood) for piece in pieces]
    return Picked(distances.index(min(distances)), len(pieces), distances)
