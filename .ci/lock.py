"""Remakes constraints.txt: every package that any extra needs, on every platform, by its hashes.

    python .ci/lock.py [--upgrade]

pyproject.toml comes in; out goes a file whose paragraphs say which of the Makefile's targets need
them. Pins stay as they are unless `--upgrade` is given. Needs uv, and the package index.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).parents[1] / "constraints.txt"
# A target of the Makefile and the extras that it installs. `build` makes the package itself and
# what comes as source; `all` adds the extras that no target installs.
TARGETS = {
    "run": (),
    "app": ("app",),
    "test": ("test",),
    "benchmark": ("test", "benchmark"),
    "docs": ("docs",),
    "all": (
        *("app", "audio", "benchmark", "dask", "docs", "explain", "onnx", "play", "sweep"),
        *("test", "webcam"),
    ),
}
BUILD = "hatchling>=1.24\neditables>=0.5\nsetuptools>=77\n"
# The oldest Python that all pins run on.
PYTHON = "3.11.5"
# Published as source only.
SOURCE = ("antlr4-python3-runtime",)
HEAD = f"""\
# Made by `make lock`: every package of every extra, for Linux, macOS and Windows, by its hashes.
#     pip install --require-hashes -r constraints.txt     # all; `make` takes what a target needs
#     pip install --no-deps -e .
# ("for all" alone: an extra that no target of the Makefile installs.)
# Wheels only: nothing of a package runs while it is installed. The exceptions have no wheel.
--only-binary :all:
{chr(10).join(f"--no-binary {name}" for name in SOURCE)}
"""


def resolve(extras: tuple[str, ...], pins: Path, upgrade: bool, build: bool = False) -> str:
    """Give the requirements with hashes, as uv writes them, keeping the versions in `pins`."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.txt")
        out.write_text("" if upgrade else pins.read_text(encoding="utf-8"), encoding="utf-8")
        wanted = Path(folder, "build.in")
        wanted.write_text(BUILD, encoding="utf-8")
        source = str(wanted) if build else "pyproject.toml"
        options = [part for extra in extras for part in ("--extra", extra)]
        only = [part for name in SOURCE for part in ("--no-binary", name)]
        subprocess.run(
            ["uv", "pip", "compile", source, *options, "--universal", "--generate-hashes",
             "--python-version", PYTHON, "--only-binary", ":all:", *only, "--no-annotate",
             "--no-header", "--quiet", "--output-file", str(out)],
            cwd=LOCK.parent, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return out.read_text(encoding="utf-8")


def requirements(text: str) -> dict[str, str]:
    """Split a requirements file: `name==version ; marker` to the lines of its hashes."""
    blocks = re.findall(
        r"^([\w.-]+(?:\[[^\]]*\])?==[^\\\n]*?) *\\\n((?: +--hash.*\n)+)", text, re.M
    )
    return dict(blocks)


def main() -> None:
    """Resolve all, then ask for each target which of it are its own, and write the file."""
    upgrade = "--upgrade" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder, "pins.txt")
        first = resolve(TARGETS["all"], LOCK, upgrade)
        pins.write_text(first + resolve((), LOCK, upgrade, build=True), encoding="utf-8")
        found = {name: resolve(extras, pins, False) for name, extras in TARGETS.items()}
        found["build"] = resolve((), pins, False, build=True)
    whole: dict[str, str] = {}
    needed: dict[str, list[str]] = {}
    # All first: its markers hold for each target as well, though a target's own may be narrower.
    for target in ("all", *(name for name in found if name != "all")):
        for requirement, lines in requirements(found[target]).items():
            pin = requirement.split(" ;")[0]
            whole.setdefault(pin, f"{requirement} \\\n{lines}")
            needed.setdefault(pin, []).append(target)
    parts = [f"# for {', '.join(needed[pin])}\n{whole[pin]}" for pin in sorted(whole)]
    LOCK.write_text("\n".join([HEAD, *parts]), encoding="utf-8")
    print(f"{len(parts)} packages in {LOCK.name}")


if __name__ == "__main__":
    main()
