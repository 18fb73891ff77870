"""What goes wrong in any command ends in one line and a status, and the run's folder says so."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mood2music.command.entrypoint import UNFINISHED
from tests.warm import Warm

pytestmark = pytest.mark.slow

COMMAND = """
import errno, os, signal, sys, time
from pathlib import Path
from hydra.core.hydra_config import HydraConfig
from mood2music.command.entrypoint import entrypoint

@entrypoint("export")
def main(config):
    "Do what the test says."
    folder = Path(HydraConfig.get().runtime.output_dir)
{body}
main()
"""
Start = Callable[..., subprocess.Popen[str]]
Result = Callable[..., tuple[int, str, str]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a command whose task is `body`, in an empty folder."""

    def call(
        body: str, *words: str, shell: str = "", encoding: str = "utf-8", **env: str
    ) -> subprocess.Popen[str]:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        (tmp_path / "command.py").write_text(COMMAND.format(body=lines), encoding="utf-8")
        command = [sys.executable, "-W", "error", str(tmp_path / "command.py"), *words]
        if shell:
            command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
        (tmp_path / "here").mkdir()
        return subprocess.Popen(
            command,
            cwd=tmp_path / "here",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding=encoding,
        )

    return call


@pytest.fixture
def result(light: Warm, tmp_path: Path) -> Result:
    """What comes of such a command where nothing is asked of its interpreter and its streams."""

    def call(body: str, *words: str, **env: str) -> tuple[int, str, str]:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        here = tmp_path / "here"
        here.mkdir()
        (here / "command.py").write_text(COMMAND.format(body=lines), encoding="utf-8")
        given = {**os.environ, "PYTHONWARNINGS": "error", **env}
        done = light.run("command", words, here, given, timeout=60)
        return done.returncode, done.stdout, done.stderr

    return call


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = process.communicate(timeout=60)
    return process.returncode, out, error


def test_an_expected_failure_is_one_line_and_the_folder_says_what_there_is(
    result: Result, tmp_path: Path
) -> None:
    body = """
from mood2music.errors import ExportError
(folder / "first.onnx").touch()
raise ExportError("the second\\nis not there")"""
    code, out, error = result(body, "hydra.run.dir=Zoë (1)")
    assert (code, out, error) == (1, "", "error: the second is not there\n")
    text = (tmp_path / "here" / "Zoë (1)" / UNFINISHED).read_text(encoding="utf-8")
    assert text.startswith("This run is not whole: the second is not there\nWritten before:\n")
    assert "  first.onnx\n" in text


def test_an_unexpected_failure_says_where_its_traceback_is(result: Result, tmp_path: Path) -> None:
    code, _, error = result("[][config.out or 0]", "hydra.run.dir=out")
    place = tmp_path / "here" / "out" / "traceback.txt"
    assert code == 1
    assert error == (
        "error: not expected, a fault of this program: IndexError: list index out of range; "
        f"its traceback is in {place}\n"
    )
    assert "command.py" in place.read_text()


def test_a_run_that_is_repeated_forgets_that_it_failed(result: Result, tmp_path: Path) -> None:
    (tmp_path / "here" / "out").mkdir(parents=True)
    (tmp_path / "here" / "out" / UNFINISHED).touch()
    (tmp_path / "here").rename(tmp_path / "there")
    assert result("", f"hydra.run.dir={tmp_path / 'there' / 'out'}")[0] == 0
    assert not (tmp_path / "there" / "out" / UNFINISHED).exists()


def test_a_folder_that_cannot_be_made_is_one_line(result: Result, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, error = result("", f"hydra.run.dir={tmp_path}/file/out")
    assert code == 1
    assert error == (
        f"error: {tmp_path}/file/out: Not a directory (a part of that path is a file, name "
        "another folder)\n"
    )


def test_a_read_only_folder_is_one_line(result: Result) -> None:
    code, _, error = result("", "hydra.run.dir=/proc/out")
    assert code == 1
    assert error.startswith("error: /proc/out: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("number", "said", "code"),
    [
        (signal.SIGINT, "ended by Ctrl-C", 130),
        (signal.SIGTERM, "ended by SIGTERM", 143),
        (signal.SIGHUP, "ended by SIGHUP", 129),
    ],
)
def test_a_signal_ends_in_one_line(
    start: Start, tmp_path: Path, number: signal.Signals, said: str, code: int
) -> None:
    process = start("print('go', flush=True)\ntime.sleep(60)", "hydra.run.dir=out")
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    process.send_signal(number)
    assert ended(process) == (code, "", f"error: {said}\n")
    text = (tmp_path / "here" / "out" / UNFINISHED).read_text()
    assert text.startswith(f"This run is not whole: {said}\n")


def test_a_reader_who_goes_away_does_not_end_the_work(start: Start, tmp_path: Path) -> None:
    body = """
for number in range(20000):
    print("line", number)
    sys.stderr.write("")
(folder / "whole").touch()"""
    code, out, error = ended(
        start(body, "hydra.run.dir=out", shell="| head -1; exit ${PIPESTATUS[0]}")
    )
    assert (code, out, error) == (0, "line 0\n", "")
    assert (tmp_path / "here" / "out" / "whole").exists()


@pytest.mark.parametrize("shell", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_closed_streams_do_not_end_the_work(start: Start, tmp_path: Path, shell: str) -> None:
    body = """
print("said")
print("told", file=sys.stderr)
with (folder / "whole").open("w") as file:
    os.write(1, b"by a library")
    file.write("music")"""
    code, out, error = ended(start(body, "hydra.run.dir=out", shell=shell))
    assert code == 0
    assert ("said\n" in out) == (shell == "2>&-")
    assert error == ("told\n" if shell == ">&-" else "")
    assert (tmp_path / "here" / "out" / "whole").read_text() == "music"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_an_output_on_a_full_disk_is_told_when_the_work_is_done(
    start: Start, tmp_path: Path
) -> None:
    body = 'print("said", flush=True)\n(folder / "whole").touch()'
    code, _, error = ended(start(body, "hydra.run.dir=out", shell="> /dev/full"))
    assert code == 1
    assert error == (
        "error: standard output: No space left on device: not all that was printed is there\n"
    )
    assert (tmp_path / "here" / "out" / "whole").exists()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_letters_that_the_terminal_lacks_are_written_in_numbers(
    start: Start, encoding: str
) -> None:
    body = "print('Zoë \\u2212 \\U0001f3b9 \\udceb')\nraise OSError('日本')"
    code, out, error = ended(start(body, encoding=encoding, PYTHONIOENCODING=encoding))
    assert code == 1
    assert out == ("Zo\\xeb" if encoding == "ascii" else "Zoë") + " \\u2212 \\U0001f3b9 \\udceb\n"
    assert error == "error: \\u65e5\\u672c\n"


SWEPT = """
(folder / "gpus").write_text(os.environ.get("CUDA_VISIBLE_DEVICES", ""))
from mood2music.errors import ExportError
if config.weights == "a":
    raise ExportError("a is broken")
if config.weights == "b":
    [][0]
if config.weights == "d (1)":
    open("/nowhere/x")"""


@pytest.mark.parametrize("launcher", [(), ("hydra/launcher=joblib", "hydra.launcher.n_jobs=2")])
def test_in_a_sweep_every_failed_job_says_its_reason_at_the_end(
    result: Result, tmp_path: Path, launcher: tuple[str, ...]
) -> None:
    words = "weights=c,a,b,d (1)", "out=1", "hydra.sweep.dir=all", *launcher
    code, _, error = result(SWEPT, "-m", *words, CUDA_VISIBLE_DEVICES="1,2")
    assert code == 1
    # Jobs that run at once see a GPU each; those of the sweep's own process see all.
    seen = {file.read_text() for file in (tmp_path / "here" / "all").rglob("gpus")}
    assert seen <= {"1", "2"} if launcher else seen == {"1,2"}
    lines = error.splitlines()
    at = lines.index("error: 3 of 4 jobs failed")
    assert lines[at + 1].startswith('  1  weights=a out="1"  a is broken')
    assert lines[at + 2].startswith(
        '  2  weights=b out="1"  not expected, a fault of this program:'
    )
    assert "IndexError: list index out of range" in lines[at + 2]
    assert lines[at + 3].endswith('out="1"  /nowhere/x: No such file or directory')
    assert len(lines) == at + 4
    assert not any(line.startswith("Traceback") for line in lines)
    assert sorted(p.parent.name for p in (tmp_path / "here" / "all").rglob(UNFINISHED)) == [
        "1", "2", "3",
    ]  # fmt: skip


def test_a_sweep_that_is_ended_tells_what_had_failed(start: Start) -> None:
    body = SWEPT + "\nprint('go', flush=True)\ntime.sleep(60)"
    process = start(body, "-m", "weights=a,c", "hydra.sweep.dir=all", "hydra/job_logging=none")
    assert process.stdout is not None
    while process.stdout.readline() != "go\n":
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    code, _, error = ended(process)
    assert code == 130
    assert error.splitlines() == [
        "2 of 2 jobs failed", "  0  weights=a  a is broken", "  1  weights=c  ended by Ctrl-C",
        "error: ended by Ctrl-C",
    ]  # fmt: skip


def test_a_sweep_that_goes_well_is_silent(result: Result) -> None:
    code, _, error = result("", "-m", "weights=a,b", "hydra.sweep.dir=all")
    assert (code, error) == (0, "")
