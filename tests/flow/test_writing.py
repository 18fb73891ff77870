import numpy as np

from mood2music.flow.request import GenerateSettings
from mood2music.flow.writing import WritingSettings, allowed
from mood2music.music.key import Key

G_MAJOR = {7, 9, 11, 0, 2, 4, 6}


def asked(**settings: object) -> WritingSettings:
    return GenerateSettings(**settings).writing_settings  # type: ignore[arg-type]


def test_constraints_are_in_the_networks_key() -> None:
    settings = asked(range=[48, 84], key="G", polyphony=3)
    constraints = allowed(settings, Key(7, "major"), -5)
    assert (constraints.low, constraints.high, constraints.polyphony) == (53, 89, 3)
    in_c = {int(c) for c in np.array(sorted(constraints.pitch_classes or set()))}
    assert in_c == {(c + 5) % 12 for c in G_MAJOR}


def test_without_a_key_every_pitch_may_be_written_unless_asked() -> None:
    assert allowed(asked(), Key(2, "minor"), 5).pitch_classes is None
    assert allowed(asked(in_key=True), Key(2, "minor"), 5).pitch_classes is not None
    assert allowed(asked(key="G", in_key=False), Key(7, "major"), 0) == allowed(
        asked(), Key(0, "major"), 0
    )
