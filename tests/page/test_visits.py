import threading
from pathlib import Path

import pytest

from mood2music.errors import InputError, Mood2MusicError
from mood2music.flow.request import GenerateSettings
from mood2music.music.write import write_midi
from mood2music.page.run_folders import RunFolders
from mood2music.page.runs import Run
from mood2music.page.uploads import Limits, Uploads
from mood2music.page.visits import Visits
from mood2music.page.work import Cancelled, Done
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings
from tests.conftest import tune

pytestmark = pytest.mark.slow


@pytest.fixture
def visits(folders: RunFolders) -> Visits:
    return Visits(folders, Uploads(folders.uploads, Limits(1 << 20, 1 << 20, 1 << 20, 3)), 1)


def upload(folders: RunFolders, visits: Visits, name: str, content: bytes) -> Path:
    """What Gradio does: one folder a content, shared by all who send it."""
    file = folders.uploads / str(hash(content)) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    visits.uploads.came([file])
    return file


def request(tmp_path: Path, **settings: object) -> GenerateSettings:
    write_midi(tune(4), tmp_path / "tune.mid")
    return GenerateSettings(
        midi=str(tmp_path / "tune.mid"),
        length=8,
        render=RenderSettings(score=[], sound="none"),
        **settings,  # type: ignore[arg-type]
    )


def finish(visits: Visits, visitor: str, settings: GenerateSettings) -> Run:
    *_, done = visits.compose(visitor, settings, visits.begin(visitor))
    assert isinstance(done, Done)
    return done.result


def files(folders: RunFolders) -> list[str]:
    return [path.name for path in folders.root.rglob("*") if path.is_file()]


def test_a_visitor_keeps_the_last_runs_and_leaves_nothing(
    folders: RunFolders, visits: Visits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mood2music.page.visits.RUNS", 2)
    runs = [finish(visits, "me", request(tmp_path)) for _ in range(3)]
    other = finish(visits, "other", request(tmp_path))
    assert [run.folders[0].exists() for run in runs] == [False, True, True]
    visits.take_music("me", upload(folders, visits, "my.mid", b"mine"))
    visits.hearing("me")
    visits.leave("me")
    assert not any(run.folders[0].exists() for run in runs)
    assert visits.music("me") is None
    assert other.piece(0).is_file()
    visits.leave("other")
    assert files(folders) == []


def test_what_has_a_link_outlives_the_visit_and_one_visit_makes_few(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mood2music.page.visits.SHARED", 2)
    shared = [visits.share("me") for _ in range(2)]
    with pytest.raises(InputError, match="2 links of one visit are enough"):
        visits.share("me")
    visits.leave("me")
    assert all(folder.is_dir() for folder in shared)


def test_hearing_songs_takes_no_run_away(visits: Visits, tmp_path: Path) -> None:
    run = finish(visits, "me", request(tmp_path))
    heard = [visits.hearing("me") for _ in range(3)]
    assert run.piece(0).is_file()
    assert [folder.exists() for folder in heard] == [False, False, True]


def test_a_run_has_its_own_copy_of_the_file_it_began_with(visits: Visits, tmp_path: Path) -> None:
    settings = request(tmp_path)
    run = finish(visits, "me", settings)
    (tmp_path / "tune.mid").unlink()
    assert run.settings.midi != settings.midi
    assert finish(visits, "me", run.settings).piece(0).is_file()


def test_a_run_that_fails_or_is_stopped_leaves_no_files(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    broken = GenerateSettings(midi=str(tmp_path / "broken.mid"), length=8)
    with pytest.raises(Mood2MusicError):
        list(visits.compose("me", broken, visits.begin("me")))
    ticket = visits.begin("me")
    visits.stop("me")
    with pytest.raises(Cancelled):
        list(visits.compose("me", request(tmp_path), ticket))
    assert files(folders) == []
    assert visits.run("me", "any") is None


def test_a_waiting_run_gives_way_to_the_next(visits: Visits, tmp_path: Path) -> None:
    waiting, newer = visits.begin("me"), visits.begin("me")
    assert [visits.current("me", ticket) for ticket in (waiting, newer)] == [False, True]
    with pytest.raises(Cancelled):
        list(visits.compose("me", request(tmp_path), waiting))
    *_, done = visits.compose("me", request(tmp_path), newer)
    assert isinstance(done, Done)
    assert not visits.stop("me")  # it is over
    left = visits.begin("me")
    visits.leave("me")
    with pytest.raises(Cancelled):
        list(visits.compose("me", request(tmp_path), left))


def test_who_leaves_during_a_run_leaves_no_files(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    left = threading.Event()

    def leave_soon() -> None:
        while not list(folders.served.iterdir()):
            left.wait(0.005)
        visits.leave("me")
        left.set()

    leaver = threading.Thread(target=leave_soon)
    leaver.start()
    with pytest.raises(Cancelled):
        list(visits.compose("me", request(tmp_path, n=20), visits.begin("me")))
    leaver.join()
    assert files(folders) == []


def test_two_visitors_who_send_the_same_file_both_have_it(
    folders: RunFolders, visits: Visits
) -> None:
    first = upload(folders, visits, "same.mid", b"same")
    second = upload(folders, visits, "same.mid", b"same")
    assert first == second
    visits.take_music("a", first)
    visits.take_music("b", second)
    assert not first.exists()
    for visitor in "ab":
        kept = visits.music(visitor)
        assert kept is not None
        assert kept.read_bytes() == b"same"
    with pytest.raises(InputError, match="send it again"):
        visits.take_music("c", first)


def test_of_own_files_the_one_that_was_brought_last_counts(
    folders: RunFolders, visits: Visits
) -> None:
    slow, quick = (upload(folders, visits, f"{name}.mid", name.encode()) for name in "ab")

    def meanwhile(_: Path) -> None:
        with pytest.raises(InputError, match="still being read"):
            visits.music("me")
        visits.take_music("me", quick)

    with pytest.raises(Cancelled):
        visits.take_music("me", slow, meanwhile)
    assert visits.music("me") is not None
    assert files(folders) == ["b.mid"]
    slow = upload(folders, visits, "a.mid", b"a")
    with pytest.raises(Cancelled):
        visits.take_music("me", slow, lambda _: visits.take_music("me", None) and None)
    assert visits.music("me") is None
    slow = upload(folders, visits, "a.mid", b"a")
    with pytest.raises(Cancelled):
        visits.take_music("me", slow, lambda _: visits.leave("me"))
    assert files(folders) == []


def test_only_uploads_are_taken(visits: Visits, tmp_path: Path) -> None:
    (tmp_path / "mine.mid").write_bytes(b"x")
    with pytest.raises(InputError, match=r"mine\.mid is no longer there"):
        visits.take_music("me", tmp_path / "mine.mid")
    assert (tmp_path / "mine.mid").exists()


def test_uploads_that_nobody_takes_are_bounded(folders: RunFolders, visits: Visits) -> None:
    assert not visits.uploads.full()
    upload(folders, visits, "large.wav", b"x" * (1 << 20) + b"x")
    assert visits.uploads.full()


def test_the_dial_writes_the_last_variant_at_each_strength_by_the_same_draw(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    asked = request(tmp_path, n=2, style=StyleSettings(mix={"jazz": 0.8}))
    plain = finish(visits, "me", asked)
    ticket = visits.begin("me")
    *_, done = visits.compose("me", asked, ticket, dial=(0.0, 0.8))
    assert isinstance(done, Done)
    run = done.result
    assert [part.composed.manifest.network.styles for part in run.parts] == [{}, {"jazz": 0.8}]
    assert [len(part.composed.pieces) for part in run.parts] == [1, 1]
    # How a player strays goes by the variant's number; what is written does not.
    one, two = (part.composed.pieces[-1].notes for part in (run.parts[1], plain.parts[0]))
    assert one.pitch.tolist() == two.pitch.tolist()
    assert one.onset.tolist() == two.onset.tolist()
    assert run.piece(1).is_file()
    with pytest.raises(IndexError):
        run.piece(2)
    assert visits.run("me", run.name) is run
    assert run.there
    folders.remove(run.folders[1])
    assert not run.there
    visits.leave("me")
    assert files(folders) == []


def test_a_run_goes_on_without_a_listener_and_is_found_and_all_are_ended_at_the_end(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    plane = {"mood": [0.1, 0.4], "photo": None}
    assert visits.left("me") is None
    visits.remember("me", plane)
    steps = visits.compose("me", request(tmp_path), visits.begin("me"))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    found = visits.left("me")
    assert found is not None
    shown, ticket, rest = found
    *_, done = rest
    assert (shown, visits.current("me", ticket)) == (plane, True)
    assert isinstance(done, Done)
    assert done.result.there
    again = visits.left("me")
    assert again is not None
    assert list(again[2]) == [Done(done.result, ())]
    long = visits.compose("me", request(tmp_path, n=20), visits.begin("me"))
    next(long)
    visits.stop_all()
    with pytest.raises(Cancelled):
        list(long)
