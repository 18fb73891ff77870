"""constraints.txt: what `make` installs, each file by its hash."""

import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def paragraphs() -> list[tuple[set[str], str, str]]:
    """Targets, name and lines of every pin."""
    found = re.findall(r"^# for (.*)\n(([\w.-]+).*\n(?: .*\n)+)", LOCK, re.M)
    return [(set(targets.split(", ")), plain(name), lines) for targets, lines, name in found]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_pin_is_one_version_with_hashes() -> None:
    assert len(paragraphs()) == len(re.findall(r"^[\w.-]+.*==", LOCK, re.M)) > 200
    for _, name, lines in paragraphs():
        assert re.fullmatch(
            r"[\w.-]+(\[[\w,-]+\])?==[\w.]+( ; .+?)? \\\n"
            r"(    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=sha256:[0-9a-f]{64}\n",
            lines,
        ), name


def test_only_what_has_no_wheel_is_built() -> None:
    assert "\n--only-binary :all:\n" in LOCK
    assert re.findall("^--no-binary (.*)", LOCK, re.M) == ["antlr4-python3-runtime"]
    assert "--no-binary antlr4-python3-runtime" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("target", "extras"),
    [
        ("run", []),
        ("app", ["app"]),
        ("docs", ["docs"]),
        ("test", ["test"]),
        ("benchmark", ["test", "benchmark"]),
        ("all", [name for name in PROJECT["optional-dependencies"] if name != "ray"]),
    ],
)
def test_what_the_project_asks_for_is_pinned(target: str, extras: list[str]) -> None:
    asked = [*PROJECT["dependencies"]]
    for extra in extras:
        asked += PROJECT["optional-dependencies"][extra]
    pinned = {name for targets, name, _ in paragraphs() if target in targets}
    missing = {plain(re.split(r"[\[><=; ]", line)[0]) for line in asked} - pinned
    assert missing == set(), "make lock"


class Advisories(http.server.BaseHTTPRequestHandler):
    """Answers as osv.dev does; every second pin asked for has an advisory."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [{"vulns": [{"id": f"PYSEC-{n}"}]} if n % 2 else {} for n in range(len(asked))]
        body = json.dumps({"results": results}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def audit() -> functools.partial[subprocess.CompletedProcess[str]]:
    command = [sys.executable, str(ROOT / ".ci" / "audit.py")]
    return functools.partial(
        lambda address: subprocess.run([*command, address], capture_output=True, text=True)
    )


def test_a_pin_with_an_advisory_is_named(audit: functools.partial) -> None:  # type: ignore[type-arg]
    with http.server.HTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        done = audit(f"http://127.0.0.1:{server.server_port}/")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"[\w.-]+==[\w.]+: https://osv.dev/PYSEC-1", lines[0])
    assert lines[-1] == f"{len(lines) - 1} of {len(paragraphs())} pins have known vulnerabilities"


def test_without_an_answer_that_is_said(audit: functools.partial) -> None:  # type: ignore[type-arg]
    done = audit("http://127.0.0.1:9/")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("skipped: osv.dev gave no answer about the ")


@pytest.mark.parametrize("torch", ["", "cpu"])
def test_make_installs_no_cuda_where_torch_is_asked_for_without(torch: str, tmp_path: Path) -> None:
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    make = ["make", "-n", f"TORCH={torch}", "install"]
    asked = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    (taken,) = re.findall(r"^(awk .* > \.venv/run\.txt)", asked, re.M)
    subprocess.run(taken, shell=True, cwd=tmp_path, check=True)
    names = set(re.findall(r"^([\w.-]+)==", (tmp_path / ".venv/run.txt").read_text(), re.M))
    cuda = {name for name in names if name.startswith(("nvidia", "cuda", "triton", "torch"))}
    assert {"numpy", "lightning", "torchmetrics"} <= names
    if torch:
        assert cuda == {"torchmetrics"}
        assert "--index-url https://download.pytorch.org/whl/cpu" in asked
    else:
        assert {"torch", "torchvision", "nvidia-cudnn-cu13", "triton"} <= cuda
        assert "--index-url" not in asked
