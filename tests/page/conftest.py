"""The page, really served, once for all its tests."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.face.picture.image import sample_portrait
from mood2music.page.run_folders import RunFolders
from tests.warm import Warm

Serving = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def folders() -> Iterator[RunFolders]:
    made = RunFolders(keep=60)
    yield made
    made.close()


@contextmanager
def _serving(warm: Warm, folder: Path, *overrides: str) -> Iterator[str]:
    if find_spec("gradio") is None:
        pytest.skip("the page needs gradio")
    out, log = folder / "page.out", folder / "page.log"
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)}
    words = ["app.port=0", "app.upload_mb=2", "app.warm=false", "app.away_minutes=.05"]
    words += overrides
    server = warm.start("mood2music.app", words, folder, env, out, log)
    try:
        yield _address(out, log)
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=120)


def _address(out: Path, log: Path, seconds: float = 120) -> str:
    """What the program says it is open at."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        lines = out.read_text(encoding="utf-8").splitlines(keepends=True) if out.exists() else []
        for line in lines:
            if line.startswith("open") and line.endswith("\n"):
                return line.split()[1]
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def serving(warm: Warm) -> Serving:
    """Run `python -m mood2music.app overrides...` in a folder as a user would; give its address."""

    def serve(folder: Path, *overrides: str) -> AbstractContextManager[str]:
        return _serving(warm, folder, *overrides)

    return serve


@pytest.fixture(scope="session")
def page(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page open to all, with the shipped catalog and networks."""
    with serving(tmp_path_factory.mktemp("page")) as address:
        yield address


@pytest.fixture(scope="session")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample portrait with a mask over the mouth."""
    with Image.open(sample_portrait()) as image:
        pixels = np.array(image.convert("RGB"))
    pixels[122:180, 168:280] = (190, 200, 215)
    file = tmp_path_factory.mktemp("masked") / "masked.png"
    Image.fromarray(pixels).save(file)
    return file
