import math
import re
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest

from mood2music.errors import MoodError, SettingsError
from mood2music.music.patterns import PLAYERS
from mood2music.page.form import (
    KEYS,
    Form,
    check_shape,
    plane_of,
    rendered_as,
    to_request,
    with_own_style,
)
from mood2music.page.players import INSTRUMENTS, PATTERNS, SCORES
from mood2music.page.settings import AppSettings, PageSettings

PAGE = PageSettings(app=AppSettings(longest=300, variants=3))


def test_the_form_becomes_the_command_lines_request() -> None:
    strengths = {"jazz": 0.5, "pop": 0.0, "classical": 0.3}
    form = Form(
        "id", (0.2, 0.4), "lstm", strengths, 120, "events", 0.8, "A, B a2", "G", 96.0, 3, seed=4
    )
    request = to_request(form, PAGE)
    request.check()
    assert (request.song, request.mood, request.midi) == ("id", [0.2, 0.4], None)
    assert request.style.strengths() == {"jazz": 0.5, "classical": 0.3}
    assert request.structure == ["A", "B", "a2"]
    assert (request.key, request.tempo, request.n, request.seed) == ("G", 96.0, 3, 4)
    assert request.sampler.temperature == 0.8


def test_every_player_pattern_and_score_offered_is_one() -> None:
    for names in zip_longest(INSTRUMENTS, PATTERNS, SCORES):
        instrument, pattern, score = (name or "" for name in names)
        request = to_request(
            Form(
                "id",
                instrument=INSTRUMENTS.get(instrument, "piano"),
                accompany=PATTERNS.get(pattern),
                score=SCORES.get(score, "piano"),
                theme=0.2,
                cadence=False,
            ),
            PAGE,
        )
        request.check()
        assert (request.theme, request.cadence) == (0.2, False)
    assert set(PLAYERS) <= set(PATTERNS.values())


def test_a_request_is_played_and_printed_otherwise_and_else_the_same() -> None:
    request = to_request(Form("id", seed=3), PAGE)
    other = rendered_as(request, {"instrument": "Flute", "score": "Lead sheet"})
    assert (other.render.program, other.render.score_kind) == ("flute", "lead")
    assert replace(other, render=request.render) == request
    for wrong in (None, {}, {"instrument": "Flute"}, {"instrument": [1], "score": "Lead sheet"}):
        with pytest.raises(SettingsError, match="expected"):
            rendered_as(request, wrong)


def test_what_is_left_alone_is_the_songs_own() -> None:
    request = to_request(Form("id"), PAGE)
    assert (request.key, request.tempo, request.structure) == (None, None, [])
    assert request.style.strengths() == {}


def test_a_length_is_in_the_unit_that_was_chosen() -> None:
    for unit, asked in (("seconds", (45.0, None)), ("bars", (None, 45))):
        request = to_request(Form("id", length=45, unit=unit), PAGE)
        request.check()
        assert (request.seconds, request.bars) == asked
    with pytest.raises(SettingsError, match="seconds=181: this page writes at most 180"):
        to_request(Form("id", length=181, unit="seconds"), PAGE)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("A 7", 0, 30, "seconds"), "structure has 7"),
        (("", 9, 30, "seconds"), "tempo=9: expected 10 to 400"),
        (("", 0, 4, "seconds"), "seconds=4: expected a whole number, 5 to 180"),
        (("", 0, 301, "events"), "length=301: expected a whole number, 20 to 300"),
        (("", 0, 30, "hours"), "unit=hours: expected seconds, bars, events"),
    ],
)
def test_what_is_typed_is_judged_at_once(typed: tuple[object, ...], words: str) -> None:
    check_shape("A B a2", 96, 30, "seconds", PAGE.app)
    check_shape("AABA", 96, 30, "seconds", PAGE.app)
    with pytest.raises(SettingsError, match=words):
        check_shape(*typed, PAGE.app)


def test_letters_of_a_form_may_run_together() -> None:
    for typed in ("AABA", "A, A, B, A", "A A BA"):
        assert to_request(Form("id", sections=typed), PAGE).structure == ["A", "A", "B", "A"]


def test_an_own_file_goes_before_the_song() -> None:
    request = to_request(Form("id"), PAGE, "/private/tune.mid")
    assert (request.song, request.midi) == (None, "/private/tune.mid")
    request = to_request(Form("id"), PAGE, "/private/song.MP3")
    assert (request.song, request.midi, request.audio) == (None, None, "/private/song.MP3")


@pytest.mark.parametrize("key", KEYS[1:])
def test_every_key_offered_is_a_key(key: str) -> None:
    to_request(Form("id", key=key), PAGE).check()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (Form(None), "no song is chosen"),
        (Form("id", length=301), "length=301: this page writes at most 300"),
        (Form("id", variants=4), "n=4: this page writes at most 3"),
        (Form("id", sections="A 7"), "structure has 7"),
    ],
)
def test_what_the_page_does_not_do_is_named(form: Form, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        to_request(form, PAGE)


@pytest.mark.parametrize(
    "plane",
    [
        *(None, [], 7, "x", {}, {"mood": None}, {"mood": "ab"}, {"mood": [1]}, {"mood": [1, "a"]}),
        *({"mood": m} for m in ([2, 0], [math.nan, 0], [True, False], [10**400, 0], {"a": 1})),
    ],
)
def test_a_plane_without_a_mood_is_refused_in_plain_words(plane: object) -> None:
    with pytest.raises(MoodError) as told:
        plane_of(plane)
    assert re.fullmatch(
        r"mood=.{1,43}: expected valence and arousal, each -1 to 1", str(told.value)
    )


def test_of_the_plane_what_it_shows_is_taken() -> None:
    sent = {"mood": [0, 1], "photo": [0.5, 0.5], "song": 7, "more": "x" * 99}
    assert plane_of(sent) == {"mood": [0, 1], "photo": [0.5, 0.5]}
    assert plane_of([0, 1]) == {"mood": [0, 1], "photo": None}


def test_a_style_of_ones_own_is_blended_in_and_fits_its_network_alone(tmp_path: Path) -> None:
    asked = to_request(Form("x", strengths={"jazz": 0.5}), PageSettings())
    file = tmp_path / "own.safetensors"
    mixed = with_own_style(asked, "your own", file, 0.8, "lstm").styled
    assert mixed.strengths() == {"jazz": 0.5, "your own": 0.8}
    assert mixed.checkpoints == {"your own": str(file)}
    assert with_own_style(asked, "your own", file, 0.0, "lstm") is asked
    with pytest.raises(SettingsError, match="no longer here"):
        with_own_style(asked, "your own", None, 0.8, "lstm")
    with pytest.raises(SettingsError, match="was learnt by the network lstm"):
        with_own_style(replace(asked, model="other"), "your own", file, 0.8, "lstm")
