"""Notes as short rows that a test can be compared with by eye."""

from collections.abc import Iterable

from mood2music.music.notes import Notes


def rows(notes: Notes) -> list[tuple[float, float, int]]:
    """(Onset, duration, pitch) of each note, times in quarter notes."""
    return [
        (int(onset) / notes.grid, int(duration) / notes.grid, int(pitch))
        for onset, duration, pitch in zip(notes.onset, notes.duration, notes.pitch, strict=True)
    ]


def fields(values: Iterable[object], *names: str) -> list[tuple[object, ...]]:
    """These fields of each value, exact as they are: of written notes "start", "end", "pitch"."""
    return [tuple(getattr(value, name) for name in names) for value in values]
