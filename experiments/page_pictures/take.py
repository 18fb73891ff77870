"""Walks through the page in a browser, and makes a picture and a small film (GIF) of it.

python -m experiments.page_pictures.take [out=FOLDER]
"""

import io
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from experiments.measuring import measuring
from mood2music.errors import SettingsError
from mood2music.files import atomically

# Of the picture, pixels; colours of it and of the film, chosen so that small patches keep theirs.
PICTURE, COLOURS, KEEPING = 1120, 256, Image.Quantize.MAXCOVERAGE
# Milliseconds that a browser is waited for, and that a transition takes.
PATIENCE, SETTLED = 300_000, 900
# Views of a piece that is being written, and milliseconds between them.
GROWING, BETWEEN = 4, 700


@dataclass
class Settings:
    """out: where both go; seconds: of the piece; wide, tall: of the window; shown: of the film."""

    out: Path
    seconds: int
    wide: int
    tall: int
    shown: int


@measuring
def main(asked: Settings) -> None:
    """Serve the page, walk, and write page.png and page.gif."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SettingsError("no Chromium on this machine: apt install chromium")
    words = [sys.executable, "-m", "mood2music.app", "app.port=0", "app.warm=false"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = next(line.split()[1] for line in server.stdout if line.startswith("open"))
        views = walk(browser, address, asked)
    finally:
        server.terminate()
        server.wait()
    picture = narrower(views[1][0], PICTURE).quantize(COLOURS, KEEPING)
    with atomically(asked.out / "page.png") as unfinished:
        picture.save(unfinished, optimize=True)
    film = [narrower(view, asked.shown) for view, _ in views]
    # One palette of all: what stays the same is then stored once.
    all_of_it = Image.new("RGB", (asked.shown, sum(view.height for view in film)))
    top = 0
    for view in film:
        all_of_it.paste(view, (0, top))
        top += view.height
    palette = all_of_it.quantize(COLOURS, KEEPING)
    drawn = [view.quantize(palette=palette, dither=Image.Dither.NONE) for view in film]
    with atomically(asked.out / "page.gif") as unfinished:
        drawn[0].save(
            unfinished,
            save_all=True,
            append_images=drawn[1:],
            duration=[lasting for _, lasting in views],
            loop=0,
            optimize=False,
        )
    print(asked.out / "page.png", asked.out / "page.gif")


def walk(browser: str, address: str, asked: Settings) -> list[tuple[Image.Image, int]]:
    """From the portrait to a piece whose dial is turned: views, and milliseconds for each."""
    views = []
    with sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=browser,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        tab = opened.new_page(
            viewport={"width": asked.wide, "height": asked.tall}, color_scheme="light"
        )
        tab.set_default_timeout(PATIENCE)

        def see(lasting: int) -> None:
            shot = Image.open(io.BytesIO(tab.screenshot()))
            views.append((shot.convert("RGB"), lasting))

        tab.goto(address)
        tab.wait_for_selector("#songs .row", state="attached")
        tab.wait_for_timeout(SETTLED)
        see(1200)
        tab.click("#sample")
        tab.wait_for_selector("#portrait img")
        tab.wait_for_timeout(SETTLED)
        see(2200)
        short(tab, asked.seconds)
        tab.click("#write")
        tab.wait_for_selector("#draft .roll")
        for _ in range(GROWING):
            see(600)
            tab.wait_for_timeout(BETWEEN)
        tab.wait_for_selector("#results article")
        tab.wait_for_timeout(SETTLED)
        see(2500)
        tab.click("#results button.turn")
        tab.wait_for_selector("#results .dial")
        tab.evaluate("document.querySelector('#results article audio').play()")
        for stop in range(4):
            tab.click(f"#results .dial label >> nth={stop}")
            tab.wait_for_timeout(SETTLED)
            see(1100)
        opened.close()
    return views


def short(tab: Any, seconds: int) -> None:
    """Ask for one variant of so many seconds."""
    tab.click("#from button.shape")
    for field, value in (("length", seconds), ("variants", 1)):
        tab.fill(f"#{field} input[type=number]", str(value))
        tab.press(f"#{field} input[type=number]", "Tab")
    tab.uncheck("#keep-seed input")
    tab.click("#from button.shape")


def narrower(view: Image.Image, width: int) -> Image.Image:
    """The same, so many pixels wide."""
    height = round(view.height * width / view.width)
    return view.resize((width, height), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
