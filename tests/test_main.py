"""`python -m mood2music`: what there is, and a command's name behind it."""

import os
import subprocess
import sys

import pytest

from mood2music.__main__ import COMMANDS, main, page


def test_it_tells_every_command_with_an_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mood2music"])
    main()
    said = capsys.readouterr().out
    assert said.strip() == page()
    assert all(f"python -m mood2music.{name} " in said for name in COMMANDS)


def test_a_commands_name_behind_it_runs_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mood2music", "prepare", "--help"])
    main()
    assert capsys.readouterr().out.startswith("python -m mood2music.prepare [name=value ...]")


def test_another_word_is_refused_with_the_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mood2music", "compose"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "expected one of generate, play, app, catalog" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)  # nobody listens
    with os.fdopen(write, "wb") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "mood2music"],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
