import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mood2music.errors import InputError, Mood2MusicError, MusicFileError
from mood2music.flow.request import GenerateSettings
from mood2music.music.write import write_midi
from mood2music.page.composing import Asked
from mood2music.page.run_folders import RunFolders
from mood2music.page.runs import Run
from mood2music.page.uploads import Limits, Uploads
from mood2music.page.visits import Visits
from mood2music.page.work import Cancelled, Done
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings
from tests.conftest import tune
from tests.page.test_own_music import files, upload

pytestmark = pytest.mark.slow


@pytest.fixture
def visits(folders: RunFolders) -> Visits:
    return Visits(folders, Uploads(folders.uploads, Limits(1 << 20, 1 << 20, 1 << 20, 3)), 1)


def request(tmp_path: Path, **settings: object) -> GenerateSettings:
    write_midi(tune(4), tmp_path / "tune.mid")
    return GenerateSettings(
        midi=str(tmp_path / "tune.mid"),
        length=8,
        render=RenderSettings(score=[], sound="none"),
        **settings,  # type: ignore[arg-type]
    )


def finish(visits: Visits, visitor: str, settings: GenerateSettings) -> Run:
    *_, done = visits.compose(visitor, Asked(settings), visits.begin(visitor))
    assert isinstance(done, Done)
    return done.result


def test_a_visitor_keeps_the_last_runs_and_leaves_nothing(
    folders: RunFolders, visits: Visits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mood2music.page.visits.RUNS", 2)
    runs = [finish(visits, "me", request(tmp_path)) for _ in range(3)]
    other = finish(visits, "other", request(tmp_path))
    assert [run.folders[0].exists() for run in runs] == [False, True, True]
    visits.music.take("me", upload(folders, visits.uploads, "my.mid", b"mine"))
    visits.hearing("me")
    visits.leave("me")
    assert not any(run.folders[0].exists() for run in runs)
    assert visits.music.file("me") is None
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
        list(visits.compose("me", Asked(broken), visits.begin("me")))
    ticket = visits.begin("me")
    visits.stop("me")
    with pytest.raises(Cancelled):
        list(visits.compose("me", Asked(request(tmp_path)), ticket))
    assert files(folders) == []
    assert visits.run("me", "any") is None


def test_a_waiting_run_gives_way_to_the_next(visits: Visits, tmp_path: Path) -> None:
    waiting, newer = visits.begin("me"), visits.begin("me")
    assert [visits.current("me", ticket) for ticket in (waiting, newer)] == [False, True]
    with pytest.raises(Cancelled):
        list(visits.compose("me", Asked(request(tmp_path)), waiting))
    *_, done = visits.compose("me", Asked(request(tmp_path)), newer)
    assert isinstance(done, Done)
    assert not visits.stop("me")  # it is over
    left = visits.begin("me")
    visits.leave("me")
    with pytest.raises(Cancelled):
        list(visits.compose("me", Asked(request(tmp_path)), left))


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
        list(visits.compose("me", Asked(request(tmp_path, n=20)), visits.begin("me")))
    leaver.join()
    assert files(folders) == []


def test_uploads_that_nobody_takes_are_bounded(folders: RunFolders, visits: Visits) -> None:
    assert not visits.uploads.full()
    upload(folders, visits.uploads, "large.wav", b"x" * (1 << 20) + b"x")
    assert visits.uploads.full()


def test_the_dial_writes_the_last_variant_at_each_strength_by_the_same_draw(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    asked = request(tmp_path, n=2, style=StyleSettings(mix={"jazz": 0.8}))
    plain = finish(visits, "me", asked)
    ticket = visits.begin("me")
    *_, done = visits.compose("me", Asked(asked, dial=(0.0, 0.8)), ticket)
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
    steps = visits.compose("me", Asked(request(tmp_path)), visits.begin("me"))
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
    long = visits.compose("me", Asked(request(tmp_path, n=20)), visits.begin("me"))
    next(long)
    visits.close()
    with pytest.raises(Cancelled):
        list(long)


def test_a_run_that_waits_has_the_file_that_was_cleared_since(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    free = threading.Event()
    visits._pool.submit(free.wait, 60)  # as a run that nobody listens to keeps the thread
    file = Path(str(request(tmp_path).midi))
    visits.uploads.came([Path(shutil.copy(file, folders.uploads / "mine.mid"))])
    own = visits.music.take("me", folders.uploads / "mine.mid")
    asked = Asked(replace(request(tmp_path), midi=str(own)))
    steps = visits.compose("me", asked, visits.begin("me"))
    next(steps)
    visits.music.take("me", None)
    free.set()
    *_, done = steps
    assert isinstance(done, Done)
    assert done.result.piece(0).is_file()
    with pytest.raises(InputError, match=r"mine\.mid is no longer here"):
        next(visits.compose("me", asked, visits.begin("me")))


def test_a_run_that_is_stopped_while_it_waits_ends_at_once_and_leaves_no_files(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    free = threading.Event()
    visits._pool.submit(free.wait, 60)
    steps = visits.compose("me", Asked(request(tmp_path)), visits.begin("me"))
    next(steps)
    visits.stop("me")
    with pytest.raises(Cancelled):
        list(steps)
    assert files(folders) == []
    free.set()


def test_who_comes_back_is_told_once_that_a_run_has_failed(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    visits.remember("me", {"mood": [0.1, 0.4], "photo": None})
    before = finish(visits, "me", request(tmp_path))
    free = threading.Event()
    visits._pool.submit(free.wait, 60)
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    broken = Asked(GenerateSettings(midi=str(tmp_path / "broken.mid"), length=8))
    steps = visits.compose("me", broken, visits.begin("me"))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    free.set()
    found = visits.left("me")
    assert found is not None
    with pytest.raises(MusicFileError):
        list(found[2])
    found = visits.left("me")
    assert found is not None
    assert list(found[2]) == [Done(before, ())]


def test_closing_waits_until_nothing_is_written_any_more(
    folders: RunFolders, visits: Visits, tmp_path: Path
) -> None:
    steps = visits.compose("me", Asked(request(tmp_path, n=20)), visits.begin("me"))
    next(steps)
    visits.close()
    folders.close()
    with pytest.raises(Cancelled):
        list(steps)
    assert not folders.root.exists()
