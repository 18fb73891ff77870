"""Spaces a score's bars so that its last line and its last page are no leftovers."""

import re
from typing import Any

# verovio's factor of the space that a duration takes, its own first: a leftover is drawn in by the
# tighter ones, or gets company by the wider one.
SPACINGS = (0.25, 0.235, 0.22, 0.205, 0.275)
# What a last page of less than half as many systems counts, where a last system of less than half
# as many bars counts 1; both are looked for in scores up to so many pages.
PAGE, MOST = 2, 3

_SYSTEM, _BAR = re.compile('class="system"'), re.compile('class="measure"')


def space(toolkit: Any) -> None:
    """Lay out what a verovio toolkit has loaded in the first spacing that leaves least over."""
    if toolkit.getPageCount() > MOST:
        return
    least = leftover(toolkit)
    best = now = SPACINGS[0]
    for spacing in SPACINGS[1:]:
        if not least:
            break
        _lay(toolkit, spacing)
        now, left = spacing, leftover(toolkit)
        if left < least:
            best, least = spacing, left
    if now != best:
        _lay(toolkit, best)


def leftover(toolkit: Any) -> int:
    """How much of a laid out score looks left over: 0 nothing, 1 a bar, 2 a system, 3 both."""
    pages = toolkit.getPageCount()
    first, *others = (_bars(toolkit.renderToSVG(page)) for page in sorted({1, pages}))
    last = others[0] if others else first
    return (2 * last[-1] < max(first + last)) + PAGE * (2 * len(last) < len(first))


def _bars(svg: str) -> list[int]:
    """Bars of each system of a page."""
    return [len(_BAR.findall(system)) for system in _SYSTEM.split(svg)[1:]]


def _lay(toolkit: Any, spacing: float) -> None:
    toolkit.setOptions({"spacingLinear": spacing})
    toolkit.redoLayout()
