"""Imports point one way; this reads them with ast, those inside functions as well."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mood2music"

# From the top down. A room imports from lower levels only, never from its own level or above.
LEVELS = (
    {"__main__", "generate", "train", "results", "evaluate", "prepare", "export", "app", "play"},
    {"page"},
    {"flow", "evaluation"},
    {"train_request"},
    {"style"},
    {"catalog", "generator", "judge", "render"},
    {"audio"},
    {"store"},
    {"music", "face"},
    {"study"},
    {"learn"},
    {"command"},
)
# The ground that all stand on; these few may use one another, but not in a circle.
GROUND = {"arrays", "mood", "errors", "registry", "files", "version", "brief", "isolate"}
DEPTH = {room: depth for depth, level in enumerate((*LEVELS, GROUND)) for room in level}


@cache
def rooms_of(package: Path) -> set[str]:
    """The rooms (folders) and single modules right below the package."""
    modules = {p.stem for p in package.glob("*.py")} - {"__init__"}
    return modules | {p.parent.name for p in package.glob("*/*.py")}


def imported_rooms(path: Path, package: Path) -> Iterator[tuple[str, int]]:
    """Each room of the package that a file imports, with the line."""
    rooms = rooms_of(package)
    place = (package.name, *path.relative_to(package).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(place[: -node.level]) if node.level else []
            base += node.module.split(".") if node.module else []
            names = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            if name[0] == package.name and len(name) > 1 and name[1] in rooms:
                yield name[1], node.lineno


def turned_back(package: Path) -> list[str]:
    """Every import that goes against the arrow, as 'file:line: why'; files without a level too."""
    faults = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        room = parts[0]
        if parts == ("__init__",):
            continue
        # `python -m mood2music.catalog`: a room's command is an entrypoint, whatever the room.
        if parts[1:] == ("__main__",):
            room = "generate"
        where = path.relative_to(package.parent).as_posix()
        if room not in DEPTH:
            faults.append(f"{where}: {room} has no level in tests/test_imports.py")
            continue
        for other, line in imported_rooms(path, package):
            allowed = DEPTH.get(other, -1) > DEPTH[room] or {room, other} <= GROUND
            if other != room and not allowed:
                faults.append(f"{where}:{line}: {room} imports {other}")
    return faults


def circles(package: Path) -> list[str]:
    """Modules of the ground that reach themselves through one another."""
    reach = {
        room: {other for other, _ in imported_rooms(package / f"{room}.py", package)}
        for room in GROUND
        if (package / f"{room}.py").exists()
    }
    for _ in reach:
        reach = {
            room: others.union(*(reach.get(other, set()) for other in others))
            for room, others in reach.items()
        }
    return sorted(room for room, others in reach.items() if room in others)


def test_every_import_follows_the_arrow() -> None:
    assert turned_back(PACKAGE) == []


def test_the_ground_has_no_circle() -> None:
    assert circles(PACKAGE) == []


def test_the_package_was_really_read() -> None:
    rooms = rooms_of(PACKAGE)
    assert {"face", "music", "render", "errors"} <= rooms
    found = {
        (path.relative_to(PACKAGE).parts[0], other)
        for path in PACKAGE.rglob("*.py")
        for other, _ in imported_rooms(path, PACKAGE)
    }
    assert ("render", "music") in found


@pytest.mark.parametrize(
    ("where", "line", "fault"),
    [
        ("render/score.py", "from mood2music.judge.mood import f", "render imports judge"),
        ("music/read.py", "from mood2music.catalog import song", "music imports catalog"),
        ("face/image.py", "import mood2music.music.notes", "face imports music"),
        ("errors.py", "from mood2music import flow", "errors imports flow"),
        ("style/blend.py", "def f():\n    import mood2music.train", "style imports train"),
        ("judge/mood.py", "from ..render.score import g", "judge imports render"),
        ("judge/mood.py", "from .. import generator", "judge imports generator"),
        ("train.py", "from mood2music.generate import main", "train imports generate"),
        ("catalog/list.py", "from mood2music.judge import mood", "catalog imports judge"),
        ("attic/old.py", "x = 1", "attic has no level in tests/test_imports.py"),
    ],
)
def test_an_import_against_the_arrow_is_caught(
    tmp_path: Path, where: str, line: str, fault: str
) -> None:
    package = made_tree(tmp_path)
    assert turned_back(package) == []
    (package / where).parent.mkdir(exist_ok=True)
    (package / where).write_text(f"{line}\n")
    (found,) = turned_back(package)
    assert found.endswith(fault)
    assert found.startswith(f"mood2music/{where}:")


def test_a_circle_in_the_ground_is_caught(tmp_path: Path) -> None:
    package = made_tree(tmp_path)
    assert circles(package) == []
    (package / "errors.py").write_text("from mood2music.mood import Mood\n")
    assert circles(package) == ["errors", "mood"]


def made_tree(folder: Path) -> Path:
    package = folder / "mood2music"
    good = {
        "__init__.py": "__version__ = '0'",
        "train.py": "from mood2music.generator import lstm\nimport mood2music.learn.fit",
        "generate.py": "from mood2music.flow.pipeline import run",
        "flow/pipeline.py": "from mood2music import catalog, style\nimport mood2music.face.image",
        "style/blend.py": "from mood2music.generator.lstm import LSTM\nimport torch",
        "generator/lstm.py": "from mood2music.music.notes import Notes\nfrom . import windows",
        "generator/windows.py": "from mood2music.version import __version__",
        "catalog/song.py": "from mood2music.music import notes",
        "catalog/__main__.py": "from mood2music.judge import mood\nfrom . import song",
        "judge/mood.py": "from ..music.notes import Notes",
        "render/score.py": "import mood2music",
        "music/notes.py": "from mood2music.errors import MusicFileError",
        "face/image.py": "from mood2music.mood import Mood",
        "errors.py": "",
        "mood.py": "from mood2music.errors import MoodError",
        "learn/fit.py": "from mood2music.errors import SettingsError",
    }
    for name, text in good.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return package
