"""The notebook runs from top to bottom as a reader would run it."""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "photo_to_piece.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """The notebook with its outputs, and the folder it was run in."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    env = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "MOOD2MUSIC_CACHE": str(folder / "cache"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    client = NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(folder)}})
    client.execute(env=env)
    return notebook, folder


def outputs(notebook: Any, kind: str) -> list[Any]:
    """Whatever of one MIME type the cells showed, in order."""
    return [
        shown["data"][kind]
        for cell in notebook.cells
        for shown in cell.get("outputs", [])
        if kind in shown.get("data", {})
    ]


def test_the_committed_notebook_has_the_outputs_of_one_run_from_top_to_bottom() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert len(outputs(notebook, "image/png")) == 5
    assert not [o for cell in cells for o in cell.outputs if o.output_type == "error"]
    assert not [o for cell in cells for o in cell.outputs if o.get("name") == "stderr"]
    assert NOTEBOOK.stat().st_size < 1_500_000


def test_it_runs_and_shows_photo_plane_score_piano_roll_and_curve(ran: tuple[Any, Path]) -> None:
    notebook, folder = ran
    assert len(outputs(notebook, "image/png")) == 5
    assert not [
        text
        for cell in notebook.cells
        for text in cell.get("outputs", [])
        if text.get("name") == "stderr" and "Warning" in text["text"]
    ]
    written = {path.name for path in (folder / "my_piece").iterdir()}
    assert {"piece.mid", "piece.ogg", "pianoroll.png", "run.json", "score.png"} <= written


def test_its_sound_plays_in_the_browser(ran: tuple[Any, Path]) -> None:
    (sound,) = [html for html in outputs(ran[0], "text/html") if "<audio" in html]
    assert "data:audio/ogg;base64," in sound


def test_more_of_a_style_writes_more_notes(ran: tuple[Any, Path]) -> None:
    (table,) = [text for text in outputs(ran[0], "text/plain") if "the style's share" in text]
    shares = [float(line.split()[1]) for line in table.splitlines()[2:]]
    assert len(shares) == 5
    assert shares[0] == 0
    assert shares[-1] > 0.02
