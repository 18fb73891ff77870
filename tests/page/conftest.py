"""The page, really served, once for all its tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest


@contextmanager
def serving(folder: Path, *overrides: str) -> Iterator[str]:
    """Run `python -m mood2music.app` in `folder` as a user would; give its address."""
    if find_spec("gradio") is None:
        pytest.skip("the page needs gradio")
    log = folder / "page.log"
    own = {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)}
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "mood2music.app", "app.port=0", "app.upload_mb=2", *overrides],
            cwd=folder,
            env={**os.environ, **own},
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
        )
        try:
            assert server.stdout is not None
            for line in server.stdout:
                if line.startswith("open"):
                    break
            else:
                raise AssertionError(log.read_text(encoding="utf-8"))
            yield line.split()[1]
        finally:
            server.terminate()
            server.communicate(timeout=120)


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page open to all, with the shipped catalog and networks."""
    with serving(tmp_path_factory.mktemp("page")) as address:
        yield address
