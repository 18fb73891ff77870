"""Says what mood a catalog's song has, as a piece is started from it: a bare tune with chords."""

from mood2music.judge.rated_mood import rated_mood
from mood2music.mood import Mood
from mood2music.music.accompaniment import accompanied
from mood2music.music.notes import Notes
from mood2music.music.tune import is_bare

# What catalogs call moods that come from here.
SOURCE = "rated"


def song_mood(notes: Notes) -> Mood:
    """Judge notes by `rated_mood`, with the chords and the bass that a tune alone is given."""
    return rated_mood(accompanied(notes) if is_bare(notes) else notes)
