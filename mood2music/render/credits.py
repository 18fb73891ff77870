"""Makes a long title of a MusicXML file fit the page of the program that opens it."""

import re
from xml.sax.saxutils import unescape

# Characters of a title that fit across a page at the size that notation programs give titles, in
# points; a longer one is set so much smaller, the composer below it as small as programs set it.
FITTING, POINTS, COMPOSER = 52, 22.0, 10.0
# Where they stand on a page of A4, in the tenths of `defaults` from its lower left corner; programs
# that pass over credits without a place lay them out themselves.
TITLE_AT, COMPOSER_AT = (600, 1600), (1110, 1540)

_TITLE = re.compile(rb"<movement-title>([^<]*)</movement-title>")
_COMPOSER = re.compile(rb'<creator type="composer">([^<]*)</creator>')
_PARTS = re.compile(rb"\n *<part-list>")


def with_fitting_title(musicxml: bytes) -> bytes:
    """Write a title of more than FITTING characters as credits, in smaller letters; else nothing.

    A program that finds credits takes them for what stands above the music, and all of it: the
    composer is among them. MuseScore lays the composer beside the title's last line, so that ends
    in a line of its own.
    """
    title, composer = _TITLE.search(musicxml), _COMPOSER.search(musicxml)
    letters = len(unescape(title[1].decode())) if title is not None else 0
    if title is None or letters <= FITTING:
        return musicxml
    size = POINTS * FITTING / letters
    words = _credit("title", "center", TITLE_AT, size, title[1] + b"\n ")
    if composer is not None:
        words += _credit("composer", "right", COMPOSER_AT, COMPOSER, composer[1])
    at = _PARTS.search(musicxml)
    return musicxml if at is None else musicxml[: at.start()] + words + musicxml[at.start() :]


def _credit(kind: str, justify: str, at: tuple[int, int], size: float, words: bytes) -> bytes:
    return f"""
  <credit page="1">
    <credit-type>{kind}</credit-type>
    <credit-words default-x="{at[0]}" default-y="{at[1]}" font-size="{size:.1f}" \
justify="{justify}" valign="top" xml:space="preserve">{words.decode()}</credit-words>
  </credit>""".encode()
