import pytest

from mood2music.music.stated_key import StatedKey, of_signature, of_tonic


@pytest.mark.parametrize(
    ("sharps", "mode", "stated"),
    [
        (0, "", StatedKey(0)),
        (1, "none", StatedKey(7)),
        (-3, "minor", StatedKey(0, "minor")),
        (-7, "Major", StatedKey(11, "major")),
        (1, "mixolydian", StatedKey(2, "major")),
        (1, "lydian", StatedKey(0, "major")),
        (0, "dorian", StatedKey(2, "minor")),
        (0, "phrygian", StatedKey(4, "minor")),
        (8, "", None),
    ],
)
def test_a_signature_with_a_mode_is_major_or_minor_on_the_modes_tonic(
    sharps: int, mode: str, stated: StatedKey | None
) -> None:
    assert of_signature(sharps, mode) == stated


@pytest.mark.parametrize(
    ("text", "mode", "stated"),
    [
        ("F#", "m", StatedKey(6, "minor")),
        ("Cb", "", StatedKey(11, "major")),
        ("D", "Mix", StatedKey(2, "major")),
        ("A", "dorian", StatedKey(9, "minor")),
        ("HP", "", None),
    ],
)
def test_a_tonic_without_a_mode_is_major(text: str, mode: str, stated: StatedKey | None) -> None:
    assert of_tonic(text, mode) == stated


def test_a_key_moves_along_and_keeps_its_mode() -> None:
    assert StatedKey(11, "minor").transposed(-12 + 3) == StatedKey(2, "minor")
