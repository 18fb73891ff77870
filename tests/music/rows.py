"""Notes as short rows that a test can be compared with by eye."""

from mood2music.music.notes import Notes


def rows(notes: Notes) -> list[tuple[float, float, int]]:
    """(Onset, duration, pitch) of each note, times in quarter notes."""
    return [
        (int(onset) / notes.grid, int(duration) / notes.grid, int(pitch))
        for onset, duration, pitch in zip(notes.onset, notes.duration, notes.pitch, strict=True)
    ]
