import concurrent.futures
import io
import json
import re
import urllib.error
import urllib.parse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from experiments.page_load.visitor import Visitor
from experiments.page_load.visitor import last as answered
from mood2music.face.picture.image import sample_portrait
from mood2music.flow.pipeline import compose
from mood2music.music.write import write_midi
from mood2music.page.form import Form, to_request
from mood2music.page.policy import policy
from mood2music.page.settings import PageSettings
from mood2music.render.video import find_ffmpeg
from tests.conftest import SILENT, tune
from tests.page.conftest import Serving

pytestmark = pytest.mark.slow

STAY = "Stay with the mood"
# Behind the song's own notes, which are not played: short pieces.
FIELDS = (
    "lstm",
    20,
    "events",
    0.85,
    "",
    "the song's",
    0,
    1,
    False,
    STAY,
    False,
    0.5,
    "As the style has it",
    "Piano",
    "Piano score",
    True,
    0.0,
    0.8,
    0.0,
    0.0,
)
PLANE = {"mood": [0.0, 0.0], "photo": None}
STATUS, RESULTS = 0, 1
# Style and composer of the songs, no file of one's own.
BEGINS = ("any", "any", None)


def mood_of(visitor: Visitor, valence: float, arousal: float) -> tuple[dict, dict]:  # type: ignore[type-arg]
    plane = {**PLANE, "mood": [valence, arousal]}
    songs, said = visitor.fire("plane", "moved", [plane, "any", "any"])
    assert said == ""
    return plane, songs


def write(visitor: Visitor, plane: object, songs: object, *fields: object) -> list:  # type: ignore[type-arg]
    values = visitor.run("write", "click", [plane, songs, *BEGINS, *(fields or FIELDS)])
    print(values[STATUS])
    return values


def file_of(visitor: Visitor, results: dict, label: str, variant: int = 0) -> bytes:  # type: ignore[type-arg]
    files = dict(results["variants"][variant]["files"])
    return visitor.get(files[label])


def test_eight_people_at_once_get_each_their_own_piece(page: str, tmp_path: Path) -> None:
    moods = [(v, a) for v in (-0.6, -0.2, 0.2, 0.6) for a in (-0.5, 0.5)]

    def visit(mood: tuple[float, float]) -> tuple[str, bytes, dict]:  # type: ignore[type-arg]
        visitor = Visitor(page)
        plane, songs = mood_of(visitor, *mood)
        results = write(visitor, plane, songs)[RESULTS]
        manifest = json.loads(file_of(visitor, results, "run.json"))
        return songs["chosen"], file_of(visitor, results, "MIDI"), manifest

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        visits = list(pool.map(visit, moods))
    assert len({song for song, _, _ in visits}) == 8
    assert [manifest["song"]["id"] for _, _, manifest in visits] == [song for song, _, _ in visits]
    assert len({midi for _, midi, _ in visits}) == 8
    for mood, (song, midi, _) in zip(moods[:2], visits[:2], strict=True):
        form = Form(song, mood, "lstm", {"jazz": 0.8}, 20, variants=1, keep_seed=False)
        alone = compose(replace(to_request(form, PageSettings()), render=SILENT))
        assert midi == alone.write(tmp_path / song).files()[0].read_bytes()


def test_a_photo_is_read_and_its_file_is_gone(page: str, tmp_path: Path) -> None:
    visitor, own = Visitor(page), tmp_path / sample_portrait().name
    # Bytes of its own: other visitors' files lie there meanwhile.
    own.write_bytes(sample_portrait().read_bytes() + b"the end")
    photo = visitor.upload(own)
    assert Path(photo["path"]).is_file()
    cleared, portrait, plane, said = visitor.fire("photo", "input", [photo])
    assert cleared is None
    assert "data:image/jpeg;base64," in portrait["value"]
    assert plane["photo"] == plane["mood"]
    assert plane["mood"][0] > 0.4  # she smiles
    songs, _ = visitor.fire("plane", "moved", [plane, "any", "any"])
    assert songs["songs"][0]["id"] == songs["chosen"]
    assert said == ""
    assert not Path(photo["path"]).exists()
    left = (path for path in Path(photo["path"]).parents[1].rglob("*") if path.is_file())
    assert not any(path.read_bytes() == own.read_bytes() for path in left)


def test_a_photo_without_a_face_is_refused_in_a_visitors_words(page: str, tmp_path: Path) -> None:
    Image.fromarray(np.full((90, 90, 3), 200, np.uint8)).save(tmp_path / "wall.png")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    visitor = Visitor(page)
    for name, words in (
        ("wall.png", "No face was found in that photo"),
        ("broken.jpg", "Broken.jpg is not a picture"),
    ):
        photo = visitor.upload(tmp_path / name)
        *_, said = visitor.fire("photo", "input", [photo])
        assert words in said
        assert "face.detector" not in said
        assert not Path(photo["path"]).exists()


def test_a_face_that_is_hard_to_read_is_asked_about(page: str, masked: Path) -> None:
    visitor = Visitor(page)
    _, portrait, *_ = visitor.fire("photo", "input", [visitor.upload(masked)])
    assert "Not sure: the mouth is hidden. It may be" in portrait["value"]
    asked = re.findall(r'data-mood="(\[[-.\d,]+\])">(\w+)<', portrait["value"])
    assert asked[0] == ("[0.672,0.081]", "happy")
    assert len(asked) == 3


def test_a_piece_says_its_moods_and_why(page: str) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, -0.5, -0.4)
    plane = {**plane, "photo": [-0.2, -0.3]}
    fields = [*FIELDS]
    fields[9:11] = ["Lift it", True]
    results = write(visitor, plane, songs, *fields)[RESULTS]
    told = dict(results["told"])
    assert told["the photo"] == "between sad and tired (-0.20, -0.30)"
    assert told["wanted"] == ("sad (-0.50, -0.40), then happy (+0.60, +0.20)")
    assert re.fullmatch(r"variant [1-8] of 8, nearest to the mood", told["kept"])
    (variant,) = results["variants"]
    manifest = json.loads(file_of(visitor, results, "run.json"))
    assert (manifest["settings"]["goal"], manifest["picked"]["of"]) == ("lift", 8)
    (piece,) = manifest["pieces"]
    assert f"valence {piece['mood']['valence']:+.2f}" in variant["facts"][1]
    assert re.match(r"(brighter|darker|livelier|calmer) by its ", variant["facts"][2])
    bars = len(piece["of_song"]["bars"])
    assert (f"{bars} of its new bars" if bars else "none of its new bars") in variant["facts"][3]
    # Others like it are led there too, also when bars of it were written anew before.
    anew = visitor.run("results", "rewrite", [plane, {**results, "like": 0, "bars": [2, 2]}])
    for one, goal in ((results, "lift"), (anew[RESULTS], "match")):
        manifest = json.loads(file_of(visitor, one, "run.json"))
        assert manifest["settings"]["goal"] == goal
        alike = visitor.run("results", "more", [plane, {**one, "like": 0}])[RESULTS]
        manifest = json.loads(file_of(visitor, alike, "run.json"))
        assert (manifest["settings"]["goal"], manifest["settings"]["mood"]) == ("lift", None)
        slow, fast = manifest["pieces"][0]["tempi"]
        assert f"{slow:.0f} to {fast:.0f} bpm" in alike["variants"][0]["facts"][0]


def test_a_song_can_be_heard_before_it_is_chosen(page: str) -> None:
    visitor = Visitor(page)
    _, songs = mood_of(visitor, 0.5, 0.5)
    heard, _ = visitor.fire("songs", "hear", [{**songs, "hear": songs["songs"][2]["id"]}])
    address = heard["value"].split('src="')[1].split('"')[0]
    sound = visitor.get(address)
    heard = soundfile.info(io.BytesIO(sound))
    assert heard.format == "MP3"
    assert heard.duration > 3
    assert len(sound) < 1e6 / 60 * heard.duration  # a minute below 1 MB


def test_style_and_composer_filter_the_songs(page: str) -> None:
    visitor = Visitor(page)
    songs, _ = visitor.fire("plane", "moved", [PLANE, "classical", "any"])
    assert {song["style"] for song in songs["songs"]} == {"classical"}
    songs, _ = visitor.fire("plane", "moved", [PLANE, "classical", "Joseph Haydn"])
    assert {song["artist"] for song in songs["songs"]} == {"Joseph Haydn"}
    *_, said = visitor.fire("plane", "moved", [PLANE, "jazz", "Joseph Haydn"])
    assert "No song is of that style" in said


def test_again_and_more_like_this_go_on_from_the_last_run(page: str) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    first = write(visitor, plane, songs)[RESULTS]
    once_more = visitor.run("results", "again", [plane, first])[RESULTS]
    settings = [json.loads(file_of(visitor, r, "run.json"))["settings"] for r in (first, once_more)]
    assert [s.pop("seed") for s in settings] == [0, 1]
    assert settings[0] == settings[1]
    alike = visitor.run("results", "more", [plane, {**once_more, "like": 0}])[RESULTS]
    manifest = json.loads(file_of(visitor, alike, "run.json"))
    song = next(song for song in songs["songs"] if song["id"] == songs["chosen"])
    assert manifest["midi"]["name"].startswith(song["title"][:20])
    assert alike["title"].startswith(f"Jazz after {song['title'][:20]}")
    # Also from one that is not the last.
    back = visitor.run("results", "again", [plane, first])[RESULTS]
    assert notes_of(visitor, back) == notes_of(visitor, once_more)
    assert "That run is gone" in visitor.run("results", "again", [plane, {"run": "x"}])[STATUS]
    # One piece with less and more of its style, by the same draw.
    turned = visitor.run("results", "dial", [plane, {**first, "like": 0}])[RESULTS]
    names = [variant["name"] for variant in turned["variants"]]
    assert names == ["no jazz", "half the jazz", "jazz", "more jazz"]
    told = [visitor.get(dict(variant["files"])["run.json"]) for variant in turned["variants"]]
    asked = [json.loads(one)["settings"] for one in told]
    assert {(one["seed"], one["n"]) for one in asked} == {(0, 1)}
    assert turned["variants"][2]["roll"]["notes"] != turned["variants"][0]["roll"]["notes"]


def test_the_same_notes_are_played_by_another_instrument_and_printed_as_a_lead_sheet(
    page: str,
) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    fields = [*FIELDS]
    fields[11:16] = [0.2, "Walking bass", "Flute", "Piano score", False]
    first = write(visitor, plane, songs, *fields)[RESULTS]
    told = json.loads(file_of(visitor, first, "run.json"))["settings"]
    assert (told["theme"], told["accompany"], told["cadence"]) == (0.2, "walking", False)
    assert (told["render"]["program"], told["render"]["score_kind"]) == ("flute", "piano")
    assert [chosen for *_, chosen in first["players"]] == ["Flute", "Piano score"]
    asked = {**first, "instrument": "Violin", "score": "Lead sheet"}
    other = visitor.run("results", "anew", [plane, asked])[RESULTS]
    assert other["run"] != first["run"]
    assert other["variants"][0]["roll"] == first["variants"][0]["roll"]
    assert [chosen for *_, chosen in other["players"]] == ["Violin", "Lead sheet"]
    flute, violin = (file_of(visitor, one, "MIDI") for one in (first, other))
    assert (b"\xc0\x49" in flute, b"\xc0\x28" in violin) == (True, True)
    sheet = file_of(visitor, other, "MusicXML")
    assert (sheet.count(b"<score-part "), b"<harmony" in sheet) == (1, True)
    # What comes after it is played as it is.
    settings = [
        json.loads(file_of(visitor, one, "run.json"))["settings"]
        for one in (other, visitor.run("results", "again", [plane, other])[RESULTS])
    ]
    assert settings[0]["render"] == settings[1]["render"] != told["render"]
    assert [one["seed"] for one in settings] == [0, 1]
    said = visitor.run("results", "anew", [plane, {**first, "instrument": "kazoo"}])[STATUS]
    assert "Who plays the tune, kazoo: expected" in said
    assert "gone" in visitor.run("results", "anew", [plane, {"run": "x"}])[STATUS]


def arrive(visitor: Visitor, token: object) -> dict[str, Any]:
    """Tell whose visit it is, as a page does when it is loaded."""
    (number,) = (
        told["id"]
        for told in visitor.config["dependencies"]
        if "load" in [event for _, event in told["targets"]] and told["backend_fn"]
    )
    asked = {"data": [token], "fn_index": number, "session_hash": visitor.session}
    with visitor.request("/gradio_api/run/predict", json.dumps(asked).encode()) as answer:
        return dict(json.loads(answer.read())["data"][0])


def test_a_page_that_is_loaded_anew_finds_its_mood_and_the_run_that_went_on(
    page: str, tmp_path: Path
) -> None:
    first, second, stranger = (Visitor(page) for _ in range(3))
    came = arrive(first, None)
    assert came["left"] is False
    plane, songs = mood_of(first, 0.1, 0.4)
    messages = first.begun("write", "click", [plane, songs, *BEGINS, *FIELDS])
    for message in messages:
        if message["msg"] == "process_generating":
            break
    messages.close()  # type: ignore[attr-defined]
    assert arrive(second, came["token"]) == {**came, "left": True}
    shown = list(second.events("results", "back", []))
    # The mood is put back once: it may be moved while the run goes on.
    first_shown = next(told for told in shown if told["msg"] == "process_generating")
    assert first_shown["output"]["data"][0] == plane
    _, _, status, results, *_ = answered(iter(shown))
    assert 'data-state="done"' in status
    # The piece is a piece of the visit, of which others may follow.
    other = second.run("results", "again", [plane, results])[RESULTS]
    write_midi(tune(5), tmp_path / "mine.mid")
    second.fire("own", "upload", [second.upload(tmp_path / "mine.mid")])
    third = Visitor(page)
    assert arrive(third, came["token"])["left"] is True
    *_, last, _, _, _ = third.fire("results", "back", [])
    assert last["run"] == other["run"]
    # An own file that its field no longer shows does not go before the song.
    assert "mine" not in write(third, plane, songs)[RESULTS]["title"]
    for wrong in ("x", 7, [came["token"]], {}):
        assert arrive(stranger, wrong)["left"] is False


def notes_of(visitor: Visitor, results: dict) -> list:  # type: ignore[type-arg]
    shown: list = results["variants"][0]["roll"]["notes"]  # type: ignore[type-arg]
    return [note[:3] for note in shown]


def test_bars_are_written_anew_and_all_others_kept(page: str) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    fields = ["lstm", 6, "bars", *FIELDS[3:]]
    first = write(visitor, plane, songs, *fields)[RESULTS]
    begins = first["variants"][0]["roll"]["bars"]
    assert len(begins) == 6
    rewrite = {**first, "like": 0, "bars": [3, 4]}
    second = visitor.run("results", "rewrite", [plane, rewrite])[RESULTS]
    old, new = notes_of(visitor, first), notes_of(visitor, second)
    kept = [n for n in old if n[0] + n[1] < begins[2] or n[0] >= begins[4]]
    # The file has its tempo in whole microseconds, the page its times in milliseconds.
    assert all(any(np.allclose(note, other, atol=0.002) for other in new) for note in kept)
    assert [n for n in old if begins[2] <= n[0] < begins[4]] != [
        n for n in new if begins[2] <= n[0] < begins[4]
    ]
    further = {**second, "like": 0, "bars": [7, 8]}
    third = visitor.run("results", "rewrite", [plane, further])[RESULTS]
    # Of the bars written anew alone is said how many stand in the piece before.
    for results, own in ((second, {3, 4}), (third, {7, 8})):
        (piece,) = json.loads(file_of(visitor, results, "run.json"))["pieces"]
        found = piece["of_song"]["bars"]
        assert {bar for bar, _, _ in found} <= own
        said = results["variants"][0]["facts"][-2]
        assert said.startswith(f"{len(found) or 'none'} of its new bars stand")
        assert "in the piece before" in said
    assert len(third["variants"][0]["roll"]["bars"]) == 8
    # Others like it are as long as was asked for first.
    alike = visitor.run("results", "more", [plane, {**third, "like": 0}])[RESULTS]
    told = json.loads(file_of(visitor, alike, "run.json"))["settings"]
    assert (told["bars"], told["rewrite"]) == (6, None)
    assert len(alike["variants"][0]["roll"]["bars"]) == 6
    for bars in ([1, 2], [4, 3], [2], "2 to 3", [2, 2000]):
        said = visitor.run("results", "rewrite", [plane, {**first, "like": 0, "bars": bars}])
        assert "Bars, " in said[STATUS]
        assert "expected" in said[STATUS]


def test_a_piece_is_taken_home_as_wav_card_or_link(page: str) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    results = write(visitor, plane, songs)[RESULTS]

    def take(want: object, **others: object) -> dict[str, Any]:
        asked = {"run": results["run"], "like": 0, "want": want, **others}
        (told,) = visitor.fire("results", "take", [asked])
        return dict(told)

    # A film is offered, and made, where the machine has ffmpeg alone.
    films = ["video"] if results["video"] else []
    assert results["video"] is (find_ffmpeg() is not None)
    found = {}
    for want in ("wav", "card", "link", *films):
        told = take(want)
        assert told["minutes"] == 60
        assert told["href"].endswith(told["name"])
        found[want] = told["href"]
    assert soundfile.info(io.BytesIO(visitor.get(found["wav"]))).format == "WAV"
    assert Image.open(io.BytesIO(visitor.get(found["card"]))).size == (1200, 630)
    if films:
        assert visitor.get(found["video"])[4:8] == b"ftyp"
    assert visitor.get(found["link"]) == file_of(visitor, results, "MP3")
    assert "What to take, film: expected wav, video, card, link" in take("film")["wrong"]
    assert "Variant, 7: expected" in take("wav", like=7)["wrong"]
    assert "gone" in take("wav", run="another")["wrong"]


def test_own_music_is_taken_until_it_is_cleared(page: str, tmp_path: Path) -> None:
    write_midi(tune(5), tmp_path / "my tune.mid")
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    file = visitor.upload(tmp_path / "my tune.mid")
    _, said = visitor.fire("own", "upload", [file])
    assert "own file" in said
    assert not Path(file["path"]).exists()
    for _ in range(2):  # a second run has it still
        results = write(visitor, plane, songs)[RESULTS]
        manifest = json.loads(file_of(visitor, results, "run.json"))
        assert manifest["midi"]["name"] == manifest["settings"]["midi"] == "my tune.mid"
        assert "song" not in manifest
    visitor.fire("own", "clear", [None])
    results = write(visitor, plane, songs)[RESULTS]
    assert "song" in json.loads(file_of(visitor, results, "run.json"))


def test_a_file_that_is_no_music_is_refused_when_it_is_given(page: str, tmp_path: Path) -> None:
    (tmp_path / "broken.mid").write_bytes(b"MThd and nothing more")
    (tmp_path / "broken.wav").write_bytes(b"RIFF and nothing more")
    visitor = Visitor(page)
    for name in ("broken.mid", "broken.wav"):
        file = visitor.upload(tmp_path / name)
        cleared, said = visitor.fire("own", "upload", [file])
        assert cleared is None
        assert "roken." in said
        assert 'role="alert"' in said
        assert not Path(file["path"]).exists()
    plane, songs = mood_of(visitor, 0.1, 0.4)
    results = write(visitor, plane, songs)[RESULTS]
    assert "song" in json.loads(file_of(visitor, results, "run.json"))


def test_who_is_faster_than_the_list_of_songs_gets_the_song_of_the_mood(page: str) -> None:
    visitor = Visitor(page)
    before, songs = mood_of(visitor, -0.6, -0.5)
    plane, nearest = mood_of(visitor, 0.6, 0.5)
    assert songs["chosen"] != nearest["chosen"]
    other = {**songs, "chosen": songs["songs"][3]["id"]}
    for asked, listed, expected in (
        ((plane, "any", "any"), other, nearest["chosen"]),
        ((before, "any", "any"), other, other["chosen"]),
        ((before, "jazz", "any"), other, None),
    ):
        given = [asked[0], listed, *asked[1:], None, *FIELDS]
        results = visitor.run("write", "click", given)[RESULTS]
        song = json.loads(file_of(visitor, results, "run.json"))["song"]
        assert song["id"] == expected or (expected is None and song["style"] == "jazz")


def test_own_music_that_is_no_longer_there_is_not_replaced_by_a_song(
    page: str, tmp_path: Path
) -> None:
    write_midi(tune(5), tmp_path / "mine.mid")
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    file = visitor.upload(tmp_path / "mine.mid")
    given = [plane, songs, "any", "any", file, *FIELDS]
    visitor.fire("own", "upload", [file])
    assert visitor.run("write", "click", given)[RESULTS]["title"].endswith("mine")
    visitor.fire("own", "clear", [None])
    said = visitor.run("write", "click", given)[STATUS]
    assert "Mine.mid is no longer here: send it again" in said
    fields = [*FIELDS]
    fields[-1] = 1.0
    assert "Your own style is no longer here" in write(visitor, plane, songs, *fields)[STATUS]


def test_the_sample_portrait_is_read_like_a_photo(page: str) -> None:
    _, portrait, plane, *_ = Visitor(page).fire("sample", "click", [])
    assert "Eileen Collins" in portrait["value"]
    assert plane["photo"] == plane["mood"]
    assert sample_portrait().is_file()


def test_a_piece_lasts_the_seconds_or_bars_that_were_asked_for(page: str) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.1, 0.4)
    for unit, count in (("seconds", 5), ("bars", 2)):
        results = write(visitor, plane, songs, "lstm", count, unit, *FIELDS[3:])[RESULTS]
        told = json.loads(file_of(visitor, results, "run.json"))["settings"]
        assert told[unit] == count


def test_what_the_page_cannot_do_is_said_in_one_line(page: str, tmp_path: Path) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.0, 0.0)
    for place, value, words in (
        (4, "A 7", "Sections: “7” is none. Write a letter"),
        (6, 9, "A tempo of 9 bpm cannot be played"),
    ):
        fields = [*FIELDS]
        fields[place] = value
        assert words in write(visitor, plane, songs, *fields)[STATUS]
    assert (
        "There is no song to begin with yet"
        in write(visitor, plane, {"songs": [], "chosen": None})[STATUS]
    )
    unknown = {"songs": [], "chosen": '<img src="x">'}
    said = write(visitor, plane, unknown)[STATUS]
    assert "No song" in said
    assert "<img" not in said


@pytest.mark.parametrize(("events", "until"), [(1000, "events</li>"), (60, "files  sound")])
def test_a_run_can_be_cancelled_and_another_started(page: str, events: int, until: str) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.3, 0.3)
    long = ("lstm", events, *FIELDS[2:7], 4, *FIELDS[8:])
    messages = visitor.begun("write", "click", [plane, songs, *BEGINS, *long])
    for message in messages:
        if message["msg"] == "process_generating" and until in json.dumps(message):
            break
    said, *_ = visitor.call("cancel", "click")
    assert "Cancelled" in said
    rest = list(messages)
    assert "variants" not in json.dumps(rest)
    written = write(visitor, plane, songs)[RESULTS]
    assert written["variants"]
    for wrong in ({**written, "like": 7}, {"like": 0}, None):
        assert "gone" in visitor.run("results", "more", [plane, wrong])[STATUS]


def test_two_visitors_who_send_the_same_photo_are_both_read(page: str) -> None:
    visitors = [Visitor(page), Visitor(page)]
    photos = [visitor.upload(sample_portrait()) for visitor in visitors]
    assert photos[0]["path"] == photos[1]["path"]
    for visitor, photo in zip(visitors, photos, strict=True):
        values = visitor.fire("photo", "input", [photo])
        assert values[2]["photo"] is not None
    assert not Path(photos[0]["path"]).exists()


def test_hearing_songs_takes_no_result_away_and_what_is_no_upload_is_refused(
    page: str, tmp_path: Path
) -> None:
    visitor = Visitor(page)
    plane, songs = mood_of(visitor, 0.2, 0.3)
    results = write(visitor, plane, songs)[RESULTS]
    visitor.fire("songs", "hear", [{**songs, "hear": songs["chosen"]}])
    assert file_of(visitor, results, "MIDI").startswith(b"MThd")
    missing = {"path": str(tmp_path / "my.mid"), "meta": {"_type": "gradio.FileData"}}
    with pytest.raises(urllib.error.HTTPError) as refused:
        visitor.fire("own", "upload", [missing])
    with refused.value:
        assert b"my.mid is no file sent to this page" in refused.value.read()


def test_what_ends_the_program_clears_its_files(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        visitor = Visitor(address)
        plane, songs = mood_of(visitor, 0.0, 0.0)
        write(visitor, plane, songs)
        assert list(tmp_path.glob("mood2music-*/runs/*/run.json"))
    assert list(tmp_path.glob("mood2music-*")) == []


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../../../../../../etc/passwd",
        str(Path(__file__).parents[2] / "pyproject.toml"),
        "pyproject.toml",
        "%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_files_of_the_server_are_out_of_reach(page: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        Visitor(page).get(f"/gradio_api/file={path}")
    refused.value.close()
    assert refused.value.code in (403, 404)


def test_a_visitors_music_has_no_address(page: str, tmp_path: Path) -> None:
    write_midi(tune(6), tmp_path / "secret.mid")
    visitor = Visitor(page)
    file = visitor.upload(tmp_path / "secret.mid")
    visitor.fire("own", "upload", [file])
    root = Path(file["path"]).parents[2]
    (kept,) = root.glob("private/*/secret.mid")
    with pytest.raises(urllib.error.HTTPError) as refused:
        visitor.get(f"/gradio_api/file={urllib.parse.quote(str(kept))}")
    refused.value.close()
    assert not Path(file["path"]).exists()


def test_nothing_may_come_from_another_host(page: str) -> None:
    with Visitor(page).request("/") as answer:
        told = answer.headers["content-security-policy"]
        text = answer.read().decode()
    (nonce,) = re.findall(r"'nonce-([\w-]{22,})'", told)
    assert told == policy(nonce)
    assert text.count("<script") == text.count(f'<script nonce="{nonce}"') > 2
    with Visitor(page).request("/") as again:
        assert nonce not in again.headers["content-security-policy"]
    assert "https://fonts" not in text
    assert "cdn" not in text.split("<body")[0]


def test_large_uploads_are_refused(page: str, tmp_path: Path) -> None:
    (tmp_path / "large.mid").write_bytes(b"x" * (3 << 20))
    with pytest.raises(urllib.error.HTTPError) as refused:
        Visitor(page).upload(tmp_path / "large.mid")
    refused.value.close()
    assert refused.value.code == 413


def test_a_password_keeps_visitors_out(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, "app.auth='ada:engine'") as address:
        for path in ("/config", "/gradio_api/file=/etc/passwd"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                _bare(address).get(path)
            refused.value.close()
            assert refused.value.code == 401
        visitor = _bare(address)
        body = urllib.parse.urlencode({"username": "ada", "password": "engine"}).encode()
        with visitor.request("/login", body, "application/x-www-form-urlencoded") as answer:
            cookies = [c.split(";")[0] for c in answer.headers.get_all("set-cookie")]
        assert Visitor(address, "; ".join(cookies)).ids["write"]


def _bare(address: str) -> Visitor:
    """A visitor who has not even asked for the page."""
    visitor = Visitor.__new__(Visitor)
    visitor.address, visitor.cookie = address.rstrip("/"), ""
    return visitor


def refused(page: str, part: str, event: str, data: list) -> str:  # type: ignore[type-arg]
    """What a visitor is told for values that no script of the page sends."""
    visitor = Visitor(page)
    told = list(visitor.joined(visitor.number(part, event), data))[-1]
    output = told["output"]
    return str(output.get("error") or output["data"])


WRONG = [None, 7, True, "x", [], {}, [[]], {"mood": "x"}, {"chosen": {}, "songs": 7}, "é" * 9999]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_values_sent_straight_to_a_function_are_answered_in_plain_words(
    page: str, wrong: object
) -> None:
    song = {"songs": [], "chosen": "nobody"}
    for part, event, data in (
        ("plane", "moved", [wrong, "any", "any"]),
        ("plane", "moved", [PLANE, wrong, "any"]),
        ("plane", "moved", [PLANE, "any", wrong]),
        ("valence", "input", [wrong, 0.0]),
        ("songs", "hear", [wrong]),
        ("songs", "hear", [{**song, "hear": wrong}]),
    ):
        said = refused(page, part, event, data)
        python = r"Traceback|NoneType|unhashable|object has no|'str'|<class|KeyError|not iterable"
        assert not re.search(python, said)
        assert len(said) < 1000 or "songs" in said


@pytest.mark.parametrize("place", range(len(FIELDS)))
def test_a_field_of_the_form_that_holds_anything_is_named(page: str, place: int) -> None:
    visitor = Visitor(page)
    for wrong in ({}, [1], "x" * 300, -7, 1e300):
        fields = [*FIELDS]
        fields[place] = wrong  # type: ignore[call-overload]
        said = write(visitor, PLANE, {"songs": [], "chosen": "nobody"}, *fields)[STATUS]
        assert re.search(
            "Network|Length|Unit|Temperature|Sections|Key|Tempo|Variants|Style|Open|Where|Keep|"
            "How much|Accompaniment|Who plays|Score|End",
            said,
        )
        assert "expected" in said


def post(page: str, path: str, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    try:
        with Visitor(page).request(path, body, kind) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("path", ["queue/join", "run/predict", "cancel", "reset", "upload"])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"data": NaN}', b"[" * 9999, b"x" * (5 << 20), b"\xff"]
)
def test_what_is_no_call_is_answered_in_one_plain_sentence(
    page: str, path: str, body: bytes
) -> None:
    status, text = post(page, f"/gradio_api/{path}", body)
    assert status in (400, 411, 413, 429)
    said = json.loads(text)["detail"]
    assert re.fullmatch(r"[a-z0-9][^\n]{10,100}", said)
    assert not re.search(r"Python|Traceback|json|dict|type|loc", said)


def test_an_unknown_session_or_event_is_said(page: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as told:
        Visitor(page).get("/gradio_api/queue/data?session_hash=nobody")
    with told.value:
        assert told.value.code == 404
        assert b"no call of that session" in told.value.read()
    unknown = {"fn_index": 9999, "data": [], "session_hash": "abc"}
    assert post(page, "/gradio_api/queue/join", json.dumps(unknown).encode()) == (
        400,
        json.dumps(
            dict.fromkeys(("detail", "error"), "the page has no function of that number: reload it")
        ),
    )


def test_one_machine_cannot_fill_the_upload_area(serving: Serving, tmp_path: Path) -> None:
    write_midi(tune(6), tmp_path / "tune.mid")
    with serving(tmp_path, "app.visitor_files=3") as address:
        visitor = Visitor(address)
        for _ in range(3):
            visitor.upload(tmp_path / "tune.mid")
        with pytest.raises(urllib.error.HTTPError) as told:
            visitor.upload(tmp_path / "tune.mid")
        with told.value:
            assert told.value.code == 429
            said = json.loads(told.value.read())["detail"]
        assert said == "3 files in ten minutes are enough: try again later"
