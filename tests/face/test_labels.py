"""labels.py: AffectNet's codes and class means."""

from mood2music.face.labels import CLASS_MEANS, EXPRESSIONS, expression


def test_codes_are_affectnets() -> None:
    assert EXPRESSIONS.index("neutral") == 0
    assert EXPRESSIONS.index("happiness") == 1
    assert EXPRESSIONS.index("anger") == 6
    assert EXPRESSIONS.index("contempt") == 7


def test_every_class_has_a_mean_of_the_sign_its_name_says() -> None:
    assert tuple(CLASS_MEANS) == EXPRESSIONS
    assert CLASS_MEANS["happiness"].valence > 0.5 > 0 > CLASS_MEANS["sadness"].arousal
    assert all(CLASS_MEANS[n].arousal > 0.4 for n in ("fear", "surprise", "anger"))


def test_folders_by_other_names_are_the_same_classes() -> None:
    assert expression("Angry") == "anger"
    assert expression(" happy") == "happiness"
    assert expression("fear") == "fear"
    assert expression("images") is None
