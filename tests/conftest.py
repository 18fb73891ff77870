"""Small real things that several tests start from."""

import fcntl
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from mood2music.errors import MusicFileError
from mood2music.music.notes import Notes, make_notes
from mood2music.music.write import write_midi
from mood2music.render.settings import RenderSettings
from mood2music.store.event_store import write_store
from mood2music.store.piece import to_piece
from tests.warm import Warm, shared

# Where an environment forbids bytecode, pytest would rewrite all tests' assertions anew for every
# worker, and every process compile this program: two thirds of the collection.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Importing what 200 test files import makes millions of objects and no garbage: looking for some
# while it goes on is a fifth of the time. Collecting is on again before the first test.
gc.disable()

# One thread for torch. To import it here would cost the process that only hands out tests seconds.
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

# Where the suite runs under nohup or behind "&", signals are ignored, and so they would be in the
# commands that tests start and end.
for _number, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
    (signal.SIGTERM, signal.SIG_DFL),
):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, _usual)

# Pieces without sound and score, for tests of what is written rather than of how it is drawn.
SILENT = RenderSettings(score=[], sound="none")

# `make test` draws the same examples on every machine, `make fuzz` others each time, as many as
# EXAMPLES says. Neither looks at the clock: a machine may be busy.
settings.register_profile(
    "repeatable",
    derandomize=True,
    max_examples=200,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("EXAMPLES", "1000")),
    print_blob=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

PROCESSES = pytest.StashKey[dict[str, Warm]]()
ENDING = pytest.StashKey[ExitStack]()

# What starts a program, a server, a browser or an installation.
STARTING = {"warm", "light", "fresh", "exported_face", "page", "browser"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what starts something; other slow tests say it themselves."""
    for item in items:
        if STARTING & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    if items and hasattr(items[0].config, "workerinput"):
        items[:] = for_two(items)


def for_two(items: Sequence[pytest.Item], begin: int = 250) -> list[pytest.Item]:
    """Order tests so that two workers, who begin with a half each and steal, end together.

    Slow files are dealt to both halves and stand before quick ones, of which a worker can steal as
    many as it has time for. At first come some quick ones: the process that makes the imports
    needs the other core meanwhile. A file stays in one piece, for the fixtures of its module.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    long = {item.path for item in items if item.get_closest_marker("slow")}
    slow = [tests for path, tests in files.items() if path in long]
    quick = [tests for path, tests in files.items() if path not in long]
    dealt = [slow[0::2], slow[1::2]]
    others: list[list[list[pytest.Item]]] = [[], []]
    for tests in quick:
        sizes = [sum(map(len, dealt[half] + others[half])) for half in (0, 1)]
        others[sizes[1] < sizes[0]].append(tests)
    ordered: list[list[pytest.Item]] = []
    for half in (0, 1):
        first = 0
        while first < len(others[half]) and sum(map(len, others[half][:first])) < begin:
            first += 1
        ordered += [*others[half][:first], *dealt[half], *others[half][first:]]
    return [item for tests in ordered for item in tests]


def common_folder(config: pytest.Config) -> Path:
    """A folder that the workers of one run of pytest share."""
    own = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return own.parent if hasattr(config, "workerinput") else own


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Draw the same numbers from torch's own generator in every test, whatever ran before it."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the processes that make the imports while the first tests run, if a test needs them."""
    gc.freeze()
    gc.enable()
    if session.config.option.collectonly:
        return
    ending = session.config.stash.setdefault(ENDING, ExitStack())
    started = session.config.stash.setdefault(PROCESSES, {})
    for kind in ("light", "warm"):
        if any(kind in getattr(item, "fixturenames", ()) for item in session.items):
            held = ending.enter_context(shared(common_folder(session.config), kind))
            started[kind] = held


def pytest_sessionfinish(session: pytest.Session) -> None:
    if ENDING in session.config.stash:
        session.config.stash[ENDING].close()


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep event stores and catalogs of tests out of the user's cache, shared by all tests."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(folder))
    return folder


def tune(seed: int, notes: int = 80) -> Notes:
    """Make a C major tune over held basses, different for each seed."""
    rng = np.random.default_rng(seed)
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72])
    melody = scale[np.clip(np.cumsum(rng.integers(-2, 3, notes)) % 8, 0, 7)]
    onset = np.cumsum(np.r_[0, rng.choice([6, 12, 24], notes - 1)])
    bass_at = np.arange(0, int(onset[-1]), 48)
    bass = rng.choice([48, 43, 45, 41], len(bass_at))
    return make_notes(
        np.r_[onset, bass_at],
        np.r_[np.diff(np.r_[onset, onset[-1] + 12]), np.full(len(bass_at), 48)],
        np.r_[melody, bass],
        np.full(notes + len(bass_at), 80),
        tempo=100.0,
        title=f"tune {seed}",
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twelve small MIDI files in two styles, and one that is none."""
    root = tmp_path_factory.mktemp("library")
    for style, seeds in (("slow", range(6)), ("fast", range(6, 12))):
        (root / style).mkdir()
        for seed in seeds:
            write_midi(tune(seed), root / style / f"tune{seed}.mid")
    (root / "slow" / "broken.mid").write_bytes(b"MThd nothing more")
    return root


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A tune in D major as a MIDI file."""
    write_midi(tune(3).transposed(2), tmp_path / "song.mid")
    return tmp_path / "song.mid"


def write_notes(
    folder: Path,
    pieces: Iterable[tuple[str, str, Notes | MusicFileError]],
    grid: int,
    divisors: Sequence[int],
) -> None:
    """Write a store from (file, sha256, notes or what is wrong)."""
    cut = (
        (file, sha256, to_piece(notes, divisors) if isinstance(notes, Notes) else notes)
        for file, sha256, notes in pieces
    )
    write_store(folder, cut, grid, divisors)


@dataclass(frozen=True)
class ExportedFace:
    """A face checkpoint with random weights, its ONNX file, and what the program said."""

    weights: Path
    onnx: Path
    said: str


@pytest.fixture(scope="session")
def exported_face(request: pytest.FixtureRequest, warm: Warm) -> ExportedFace:
    """Valence, arousal and expressions of one small network, exported as a user would.

    The first worker that needs it makes it for all.
    """
    folder = common_folder(request.config) / "exported"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = folder.with_suffix(".said")
        if not said.exists():
            folder.mkdir()
            told = _export(folder, warm)
            said.write_text(told)
    return ExportedFace(folder / "best.safetensors", folder / "best.onnx", said.read_text())


def _export(folder: Path, warm: Warm) -> str:
    """Write best.safetensors with random weights and export it; what the program said."""
    import torch

    from mood2music.face.network.backbone import build_networks
    from mood2music.face.network.settings import FaceSettings
    from mood2music.learn import checkpoint

    weights = folder / "best.safetensors"
    settings = FaceSettings(
        name="cnn10",
        heads="joint",
        target="both",
        input_size=49,
        pretrained=False,
        width=4,
        hidden=8,
    )
    torch.manual_seed(3)
    header = {"settings": asdict(settings)}
    checkpoint.save(weights, build_networks(settings).state_dict(), "face", header)
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "error"}
    done = warm.run("mood2music.export", [f"weights={weights}"], folder, env, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def warm(request: pytest.FixtureRequest) -> Warm:
    """A process that has made the imports, shared by all tests of all workers."""
    return request.config.stash[PROCESSES]["warm"]


@pytest.fixture(scope="session")
def light(request: pytest.FixtureRequest) -> Warm:
    """A process that has imported what settings need, nothing heavy, shared by all workers."""
    return request.config.stash[PROCESSES]["light"]


@pytest.fixture
def user(cache: Path) -> dict[str, str]:
    """The environment in which a user calls the program."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "WANDB_SILENT": "true"}


@pytest.fixture
def run(warm: Warm, user: dict[str, str], tmp_path: Path) -> Run:
    """Run `python -m mood2music.<name> overrides...` in an empty folder; imports are made."""

    def call(name: str, *overrides: str) -> subprocess.CompletedProcess[str]:
        return warm.run(f"mood2music.{name}", overrides, tmp_path, user, timeout=600)

    return call


@pytest.fixture
def settle(light: Warm, user: dict[str, str], tmp_path: Path) -> Run:
    """Run `python -m mood2music.<name> overrides...` as `run` does, for what ends at its settings.

    Nothing heavy is imported in it before the command does so: see tests/warm.py.
    """

    def call(name: str, *overrides: str) -> subprocess.CompletedProcess[str]:
        return light.run(f"mood2music.{name}", overrides, tmp_path, user, timeout=600)

    return call


@pytest.fixture
def fresh(user: dict[str, str], tmp_path: Path) -> Run:
    """Run `python -m mood2music.<name> overrides...` in an empty folder, as a user would."""

    def call(name: str, *overrides: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", f"mood2music.{name}", *overrides],
            cwd=tmp_path,
            env=user,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return call
