from pathlib import Path

import pytest

from mood2music.page.run_folders import TAKEN
from mood2music.page.uploads import AROUND, FILES, Limits, Uploads

LIMITS = Limits(file=2 << 20, waiting=40 << 20, machine=5 << 20, files=4)


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path, LIMITS)


def test_a_machine_sends_so_much_in_ten_minutes_and_no_more(uploads: Uploads) -> None:
    assert [uploads.begin("a", 2 << 20, 0.0) for _ in range(2)] == ["", ""]
    why = "5 MB in ten minutes are enough: try again later"
    assert uploads.begin("a", 2 << 20, 1.0) == why
    assert uploads.begin("a", 1 << 20, 1.0) == ""
    assert uploads.begin("b", 2 << 20, 1.0) == ""
    assert uploads.begin("a", 2 << 20, TAKEN + 0.5) == ""


def test_a_machine_sends_so_many_files_and_no_more(uploads: Uploads) -> None:
    assert uploads.begin("a", 10, 0.0) == ""
    uploads.more("a", 3, 0.0)
    assert uploads.begin("a", 10, 0.0) == "4 files in ten minutes are enough: try again later"
    assert uploads.begin("a", 10, TAKEN + 1) == ""


def test_one_file_is_no_larger_than_it_may_be(uploads: Uploads) -> None:
    assert uploads.begin("a", LIMITS.file + AROUND, 0.0) == ""
    assert uploads.begin("b", LIMITS.file + AROUND + 1, 0.0) == "a file may have 2 MB here"


def test_all_together_leave_no_more_than_so_many_files(uploads: Uploads, tmp_path: Path) -> None:
    for number in range(FILES):
        (tmp_path / str(number)).write_bytes(b"x")
    why = "too many files wait here: try again in a few minutes"
    assert uploads.begin("a", 10, 0.0) == why


def test_who_went_long_ago_is_forgotten(uploads: Uploads) -> None:
    for number in range(100):
        uploads.begin(str(number), 10, 0.0)
    uploads.begin("late", 10, TAKEN + 1)
    assert list(uploads._sent) == ["late"]
