"""Tab in bash, as README shows it: `eval "$(mood2music -sc install=bash)"`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPTS = Path(sys.executable).parent

COMPLETE = """
eval "$(mood2music -sc install=bash)"
COMP_LINE="$1"; COMP_POINT=${#1}; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
complete -p mood2music >&2
hydra_bash_completion
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.skipif(not (SCRIPTS / "mood2music").exists(), reason="mood2music is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("mood2music style=", {"style=classical", "style=jazz", "style=none", "style=pop"}),
        ("mood2music sampler.temp", {"sampler.temperature="}),
        ("mood2music sampler=s", {"sampler=safer"}),
    ],
)
def test_tab_completes_groups_choices_and_options(
    tmp_path: Path, typed: str, offered: set[str]
) -> None:
    done = subprocess.run(
        ["bash", "-c", COMPLETE, "bash", typed],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "hydra_bash_completion mood2music" in done.stderr
    assert set(done.stdout.split()) == offered
