from pathlib import Path

import pytest

from mood2music.page.form import Form
from mood2music.page.run_folders import RunFolders
from mood2music.page.settings import PageSettings
from mood2music.page.warming import warm


def test_a_piece_that_cannot_be_written_keeps_nobody_from_the_page(
    folders: RunFolders, caplog: pytest.LogCaptureFixture
) -> None:
    warm(PageSettings(), Form("no such song"), folders)
    assert "the first piece will take longer: " in caplog.text
    assert not [path for path in Path(folders.root).rglob("*") if path.is_file()]
