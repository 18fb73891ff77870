import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.flow.extent import extent_of, with_form
from mood2music.music.key import Key
from mood2music.music.notes import make_notes
from mood2music.music.seed import find_passages
from tests.conftest import tune
from tests.flow.test_writing import asked


@pytest.mark.parametrize(
    ("length", "count"),
    [({"bars": 64}, 8), ({"seconds": 120}, 6), ({"length": 300}, 5), ({"bars": 3}, 1)],
)
def test_a_learned_form_has_sections_of_about_eight_bars(
    length: dict[str, float], count: int
) -> None:
    song = tune(0)  # at 100 quarter notes a minute: 120 s are 50 bars, 300 events 40
    settings = asked(structure=["learned"], **length)
    form = with_form(settings, {"pop": 1.0}, song, np.random.default_rng(0))
    assert len(form.sections) == count
    assert str(form.sections[0]) == "A"
    assert asked(**length) == with_form(asked(**length), {}, song, np.random.default_rng(0))


def test_a_length_in_events_has_no_bar_behind_the_songs_last() -> None:
    bar = make_notes(np.arange(0, 96, 12), [12] * 8, range(60, 68), [80] * 8)
    settings = asked(structure=["learned"], length=24 * 8)
    assert len(with_form(settings, {"pop": 1.0}, bar, np.random.default_rng(0)).sections) == 3


def test_seconds_that_leave_a_section_without_a_bar_name_the_least() -> None:
    seed = find_passages(tune(0), 16, 1, [4, 3], np.random.default_rng(0)).seed(0)
    form, home = ["A", "B", "A2", "B2"], Key(0, "major")
    for seconds in (1, 5, 8.2):  # a bar lasts 2.4 s
        with pytest.raises(SettingsError) as refused:
            extent_of(asked(seconds=seconds, structure=form), seed, home, 100.0)
        assert str(refused.value) == (
            f"seconds={seconds:g} is too short for 4 sections: {max(2, round(seconds / 2.4))} bars "
            "of this song at 100 quarter notes a minute, expected seconds=9 or more, one bar each"
        )
    assert extent_of(asked(seconds=9, structure=form), seed, home, 100.0)[1] == 4
