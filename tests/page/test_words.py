import pytest

from mood2music.errors import ImageError, Mood2MusicError, NoFaceError, SettingsError
from mood2music.page.words import in_words


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (NoFaceError("no face in a.png: pass a frontal photo, face.detector=none"), "No face was"),
        (
            SettingsError("structure has 7: expected a letter, with a number"),
            "Sections: “7” is none.",
        ),
        (SettingsError("tempo=9: expected 10 to 400"), "A tempo of 9 bpm cannot be played"),
        (
            SettingsError("length=7: expected a whole number, 20 to 300"),
            "Length, 7: expected a whole",
        ),
        (SettingsError("style.mix.jazz=9: expected a number"), "Style, 9: expected a number."),
        (SettingsError("no song is chosen: take a photo"), "There is no song to begin with yet"),
        (
            ImageError("a.jpg is not a picture: pass a photo"),
            "A.jpg is not a picture: pass a photo.",
        ),
        (SettingsError("too short: pass seed_len=9, or midi=a.mid"), "Too short."),
    ],
)
def test_a_visitor_reads_a_sentence_without_options(error: Mood2MusicError, begins: str) -> None:
    said = in_words(error)
    assert said.startswith(begins)
    assert said.endswith(".")
    assert "=" not in said
