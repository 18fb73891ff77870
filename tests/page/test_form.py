import pytest

from mood2music.errors import SettingsError
from mood2music.page.form import KEYS, Form, to_request
from mood2music.page.settings import AppSettings, PageSettings

PAGE = PageSettings(app=AppSettings(longest=300, variants=3))


def test_the_form_becomes_the_command_lines_request() -> None:
    strengths = {"jazz": 0.5, "pop": 0.0, "classical": 0.3}
    form = Form("id", (0.2, 0.4), "lstm", strengths, 120, 0.8, "A, B a2", "G", 96.0, 3, False, 4)
    request = to_request(form, PAGE)
    request.check()
    assert (request.song, request.mood, request.midi) == ("id", [0.2, 0.4], None)
    assert request.style.strengths() == {"jazz": 0.5, "classical": 0.3}
    assert request.structure == ["A", "B", "a2"]
    assert (request.key, request.tempo, request.n, request.seed) == ("G", 96.0, 3, 4)
    assert request.sampler.temperature == 0.8


def test_what_is_left_alone_is_the_songs_own() -> None:
    request = to_request(Form("id"), PAGE)
    assert (request.key, request.tempo, request.structure) == (None, None, [])
    assert request.style.strengths() == {}


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
