import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from mood2music.errors import DataError, InputError
from mood2music.generator import network as networks
from mood2music.generator.network import NetworkSettings
from mood2music.music.write import write_midi
from mood2music.page.learning import Learner
from mood2music.page.run_folders import RunFolders
from mood2music.page.teaching import Teaching, going_on, learnt_words
from mood2music.page.uploads import Limits, Uploads
from mood2music.page.work import Cancelled, Done, Step
from mood2music.style.learning import Learning
from tests.conftest import tune

TINY = Learning("none", epochs=1, batches=2, size=2, window=16)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("base") / "base.safetensors"
    small = {"hidden": 16, "embedding": 16}
    made = networks.build_network(NetworkSettings("lstm", "pitchwise", small, bars=True))
    networks.save(path, made, {"data": {"settings": {"grid": 24, "quantize": [4, 3]}}})
    return path


@pytest.fixture
def learner(folders: RunFolders, base: Path) -> Learner:
    uploads = Uploads(folders.uploads, Limits(1 << 20, 1 << 20, 1 << 20, 99))
    return Learner(folders, uploads, base, TINY)


def sent(folders: RunFolders, learner: Learner, pieces: int, packed: bool = False) -> list[Path]:
    """Upload pieces of one name, or a zip of them."""
    files = []
    for number in range(pieces):
        folder = folders.uploads / f"{number}"
        folder.mkdir(exist_ok=True)
        write_midi(tune(number, 40), folder / "mine.mid")
        files.append(folder / "mine.mid")
    if packed:
        with zipfile.ZipFile(folders.uploads / "0" / "mine.zip", "w") as archive:
            for number, file in enumerate(files):
                archive.write(file, f"{number}.mid")
        files = [folders.uploads / "0" / "mine.zip"]
    learner._uploads.came(files)
    return files


@pytest.mark.parametrize("packed", [False, True])
def test_a_style_is_learnt_and_goes_with_its_visitor(
    folders: RunFolders, learner: Learner, packed: bool
) -> None:
    *_, done = learner.learn("me", sent(folders, learner, 5, packed))
    assert isinstance(done, Done)
    assert done.result.pieces + done.result.held_out == 5
    assert "Learnt from 5 pieces" in learnt_words(done.result)
    style = learner.style("me")
    assert style is not None
    assert style.is_file()
    assert learner.style("another") is None
    learner.leave("me")
    assert learner.style("me") is None
    assert not style.exists()


def test_what_cannot_be_learnt_from_leaves_nothing(folders: RunFolders, learner: Learner) -> None:
    with pytest.raises(DataError, match="too few"):
        list(learner.learn("me", sent(folders, learner, 1)))
    ticket = learner.learn("me", sent(folders, learner, 2))
    learner._pool.submit(threading.Event().wait, 0.4)
    assert isinstance(next(ticket), Step)
    learner.stop("me")
    with pytest.raises(Cancelled):
        list(ticket)
    assert learner.style("me") is None
    assert not list((folders.root / "private").iterdir())


def test_one_is_learnt_at_a_time_and_the_line_is_told_and_short(
    folders: RunFolders, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mood2music.page.learning.LINE", 2)
    free = threading.Event()
    learner._pool.submit(free.wait, 60)
    waiting = [learner.learn(who, sent(folders, learner, 1)) for who in ("a", "b")]
    steps = [next(one) for one in waiting]
    assert [learner.ahead(who) for who in ("a", "b", "c")] == [0, 1, 0]
    assert isinstance(steps[1], Step)
    assert "1 before you" in going_on(steps[1], learner.ahead("b"), 3)
    for who in ("a", "c"):
        with pytest.raises(InputError, match=r"already|many styles wait"):
            next(learner.learn(who, []))
    free.set()
    for one in waiting:
        one.close()  # type: ignore[attr-defined]
    assert learner.ahead("b") == 0


def test_a_learnt_style_comes_in_place_of_all_others(learner: Learner) -> None:
    gr = pytest.importorskip("gradio", reason="the page needs gradio")
    from gradio.blocks import postprocess_update_dict

    *_, own, first, second = Teaching(learner, 2)._shown("learnt", learnt=True)
    slider = gr.Slider(0, 1.5)
    sent = [postprocess_update_dict(slider, one)["value"] for one in (own, first, second)]
    assert sent == [1, 0, 0]


def test_how_far_it_is_is_said() -> None:
    assert "Reading your files" in going_on(Step(()), 0, 3)
    step = Step(("style  learning",), 30, 120)
    assert "at most 3 minutes" in going_on(step, 0, 3)
    assert 'value="25"' in going_on(replace(step), 0, 3)


def test_files_that_were_taken_are_shown_no_more_and_later_ones_stay(
    folders: RunFolders, learner: Learner
) -> None:
    files = [str(file) for file in sent(folders, learner, 5)]
    request: Any = SimpleNamespace(session_hash="me")
    fields = [values[3] for values in Teaching(learner, 2).learn(files, request)]
    assert fields[0] is None
    assert None not in fields[1:]
