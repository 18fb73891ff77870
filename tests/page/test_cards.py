import re

import pytest

from mood2music.errors import InputError
from mood2music.page.cards import card, failed, finished, gone, working
from mood2music.page.work import Done, Step


@pytest.mark.parametrize(
    ("step", "now"),
    [
        (Step(("style  jazz 1",)), "Finding the music"),
        (Step(("song  One · Bach, C major",), 7, 20), "Writing the notes"),
        (Step(("song  One · Bach, C major",), 20, 20, files=1, of=8), "Engraving the score"),
        (Step(("files  sound, score",), files=2, of=8), "Engraving the score"),
    ],
)
def test_a_run_shows_the_step_that_goes_on_and_says_it(step: Step, now: str) -> None:
    shown = working(step)
    (found,) = re.findall(r'<li class="now" aria-current=step>([^<:,]+)', shown)
    (said,) = re.findall(r'data-say="([^",]+)', shown)
    assert found == said == now
    assert ("Begins with One<" in shown) == bool(step.total)
    assert f'value="{round(100 * step.share)}"' in shown


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("song   K. 458, movement 2 · Mozart, B major, valence +0.1", "K. 458, movement 2"),
        ("song   Jesu, meine Freude, valence +0.10, arousal +0.10", "Jesu, meine Freude"),
        ("midi   one, two.mid: 20 notes", "one, two.mid"),
        ("audio  hum.mp3: 20 notes heard in 8 s", "hum.mp3"),
    ],
)
def test_the_music_is_named_by_its_whole_title(line: str, name: str) -> None:
    assert f"Begins with {name}<" in working(Step((line,), 1, 2000, rough=True))


def test_one_event_is_not_several() -> None:
    shown = [working(Step(("song  One",), done, 2000, rough=True)) for done in (1, 2)]
    assert ["1 event<" in shown[0], "2 events<" in shown[1]] == [True, True]


def test_what_went_wrong_is_said_without_folders_and_without_html() -> None:
    said = failed(InputError("/srv/pages/x/<b>song.mid is no music"))
    assert "srv" not in said
    assert "&lt;b&gt;song.mid" in said
    assert failed(InputError("no"), card=True) == gone("No.")


def test_a_run_that_is_over_has_no_bar() -> None:
    assert "<progress" not in card("cancelled", "Cancelled")
    shown = finished(Done(1, ("style  jazz <1>",)))
    assert 'data-state="done"' in shown
    assert "jazz &lt;1&gt;" in shown
