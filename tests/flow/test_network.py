import pytest

from mood2music.errors import SettingsError
from mood2music.flow.network import check_metric, with_own_style
from mood2music.flow.photo import silent
from mood2music.judge.trained_on import TrainedOn
from mood2music.style.settings import StyleSettings


def test_without_music_of_ones_own_the_style_stays_as_it_is() -> None:
    style = StyleSettings("jazz")
    assert with_own_style("lstm", style, silent) is style


def test_what_needs_an_index_is_refused_without_one_and_says_why() -> None:
    none = TrainedOn(None, "nothing lies beside it")
    for metric in ("novelty", "longest_run", "song_run"):
        with pytest.raises(SettingsError, match=f"metric={metric} has nothing .*: nothing lies"):
            check_metric(metric, none)
    check_metric("mood_distance", none)
    check_metric(None, none)
