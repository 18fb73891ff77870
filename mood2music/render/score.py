"""Writes the score's files from engraved pages: an SVG and a PNG a page, one PDF of all."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.errors import SettingsError
from mood2music.files import atomically
from mood2music.registry import find, names, register
from mood2music.render.engraving import Heading, engrave, on_sheet

# A4 at 150 dots an inch.
PNG_WIDTH = 1240


def nothing() -> None:
    """Need nothing of the machine."""


@dataclass(frozen=True)
class ScoreTraits:
    """How a format of the score is written.

    whole: whether one file holds all pages, drawn by a function of all SVG pages; else there is a
    file a page, by a function of one; check: raises SettingsError where the machine cannot.
    """

    whole: bool = False
    check: Callable[[], None] = nothing


def write_score(
    musicxml: bytes,
    folder: Path,
    heading: Heading,
    formats: Sequence[str],
    mark: str = "",
    most: int | None = None,
    wrote: Callable[[str], object] = lambda _: None,
) -> list[str]:
    """Write score<mark>.svg and .png, score<mark>_page2.svg and so on, score<mark>.pdf.

    formats: registered ones; most: files of formats that have one a page, None for all. Gives the
    names of the files, each written whole or not at all, and tells them to `wrote`. Raises as
    `engrave`.
    """
    pages = list(engrave(musicxml, heading)) if formats else []
    asked = [find("score", kind, "render.score") for kind in names("score") if kind in formats]
    written = []

    def write(name: str, content: bytes) -> None:
        with atomically(folder / name) as unfinished:
            unfinished.write_bytes(content)
        written.append(name)
        wrote(name)

    for number, page in enumerate(pages[:most], start=1):
        name = f"score{mark}" + (f"_page{number}" if number > 1 else "")
        for one in asked:
            if not one.settings.whole:
                write(f"{name}.{one.name}", one.build(page))
    for one in asked:
        if one.settings.whole:
            write(f"score{mark}.{one.name}", one.build(pages))
    return written


@register("score", "svg", ScoreTraits())
def as_svg(page: bytes) -> bytes:
    """Leave the page as it is engraved."""
    return page


@register("score", "png", ScoreTraits())
def as_png(page: bytes, width: int = PNG_WIDTH) -> bytes:
    """Draw an SVG page on white, `width` pixels wide.

    By resvg, whose wheel needs no library of the machine, as CairoSVG does, and takes two thirds of
    its time.
    """
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=page.decode(), width=width, background="white", dpi=96, skip_system_fonts=True
    )
    return bytes(drawn)


def check_pdf() -> None:
    """Raise SettingsError where CairoSVG lacks the cairo library, which pip cannot bring."""
    try:
        import cairosvg  # noqa: F401
    except OSError as error:
        raise SettingsError(
            "render.score has pdf, which needs the cairo library: apt install libcairo2, brew "
            "install cairo, or take svg and png"
        ) from error


@register("score", "pdf", ScoreTraits(whole=True, check=check_pdf))
def as_pdf(pages: Sequence[bytes]) -> bytes:
    """Draw SVG pages on A4 into one PDF; same pages, same bytes. Raises as `check_pdf`."""
    check_pdf()
    from cairocffi import PDF_METADATA_CREATE_DATE
    from cairosvg.helpers import node_format
    from cairosvg.parser import Tree
    from cairosvg.surface import PDFSurface

    output = io.BytesIO()
    trees = [Tree(bytestring=on_sheet(page)) for page in pages]
    surface: Any = PDFSurface(trees[0], output, 96)
    surface.cairo.set_metadata(PDF_METADATA_CREATE_DATE, "")
    for tree in trees[1:]:
        surface.context.show_page()
        surface.context.identity_matrix()
        surface.context.reset_clip()
        unit = surface.device_units_per_user_units
        surface.context.scale(unit, unit)
        surface.context.move_to(0, 0)
        surface.tree_cache = {(tree.url, tree.get("id")): tree}
        surface.set_context_size(*node_format(surface, tree), tree)
        surface.draw(tree)
    surface.finish()
    return output.getvalue()
