"""`make docs`: the site builds without a warning, has every module, and asks no other host."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mood2music"


class Loaded(HTMLParser):
    """Collects what a page has the browser load: scripts, styles, pictures, fonts, frames."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") not in ("canonical", "next", "prev"):
            self.addresses.append(given.get("href") or "")
        if tag in ("script", "img", "iframe", "source", "audio", "video"):
            self.addresses.append(given.get("src") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        # Gathering what can be searched for takes as long as a third of all the rest.
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "SEARCH": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    loaded = {}
    for page in pages:
        parser = Loaded()
        parser.feed(page.read_text(encoding="utf-8"))
        loaded[page.name] = parser.addresses
        assert [a for a in parser.addresses if re.match(r"(https?:)?//", a)] == [], page
    assert any(any(a.endswith(".js") for a in found) for found in loaded.values())
    styles = "".join(css.read_text(encoding="utf-8") for css in site.rglob("*.css"))
    assert re.findall(r"url\([\"']?(?:https?:)?//[^)]*", styles) == []


def test_every_module_with_something_public_is_in_the_reference(site: Path) -> None:
    reference = "".join(p.read_text(encoding="utf-8") for p in (site / "api").rglob("*.html"))
    missing = [
        name
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := ".".join(path.relative_to(ROOT).with_suffix("").parts)).count("__") == 0
        and f'id="{name}"' not in reference
    ]
    assert missing == []


def test_doctests_and_drawn_trees_stay_as_they_are(site: Path) -> None:
    ground = (site / "api" / "ground" / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", ground)
    line = "├── InputError                  what the user handed in cannot be used\n"
    assert line in text.replace("&#39;", "'")
    assert "<blockquote>" not in ground


def test_fields_of_a_docstring_are_a_list(site: Path) -> None:
    music = (site / "api" / "music" / "index.html").read_text(encoding="utf-8")
    assert "<li><code>pitch</code>: (n,) int16, MIDI number 0 to 127" in music


def test_the_flow_is_drawn_in_the_page(site: Path) -> None:
    page = (site / "how_it_works" / "index.html").read_text(encoding="utf-8")
    drawing = page[page.index("<svg xmlns") :]
    assert all(f">{word}<" in drawing for word in ("photo", "mood", "song", "seed", "network"))
