"""Python that README and docs/ show runs as it stands."""

import re
import shutil
from pathlib import Path

import pytest

from mood2music.face.picture.image import sample_portrait

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/quick_start.md")


def test_the_five_lines_of_every_page_write_a_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = [re.findall(r"```python\n(.*?)```", (ROOT / p).read_text(), re.DOTALL) for p in PAGES]
    ((block,),) = {tuple(found) for found in blocks}  # one, and the same on each
    assert len(block.split()) < 40
    monkeypatch.chdir(tmp_path)
    shutil.copy(sample_portrait(), "me.jpg")
    exec(compile(block, PAGES[0], "exec"), {})
    assert (tmp_path / "my_piece" / "piece.mid").stat().st_size > 500
    assert "style  jazz 0.7" in capsys.readouterr().out
