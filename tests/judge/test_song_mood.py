"""A song's mood is that of the music that a piece is started from."""

from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.song_mood import song_mood
from mood2music.music.accompaniment import accompanied
from mood2music.music.notes import make_notes
from tests.judge.test_rated_mood import MAJOR, tune


def test_a_bare_tune_is_judged_with_its_chords_and_other_music_as_it_is() -> None:
    bare = make_notes(range(0, 64 * 12, 12), [12] * 64, [72, 74, 76, 77] * 16, [80] * 64)
    assert song_mood(bare) == rated_mood(accompanied(bare)) != rated_mood(bare)
    full = tune(MAJOR)
    assert song_mood(full) == rated_mood(full)
