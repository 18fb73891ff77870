"""Names the colours of who wrote a note, in scores, piano rolls and on the page."""

from mood2music.music.authors import Author

Colour = tuple[int, int, int]

# Vermillion and blue stay apart for the colour-blind, and both from black (Okabe & Ito 2008); the
# blue is lighter than theirs, so that a single notehead is seen to be blue. What was laid under it
# all by rule is grey.
SEED: Colour = (213, 94, 0)
BASE: Colour = (38, 41, 48)
STYLE: Colour = (0, 122, 204)
ACCOMPANIMENT: Colour = (118, 124, 134)

COLOURS: dict[Author, Colour] = {
    Author.SEED: SEED,
    Author.BASE: BASE,
    Author.STYLE: STYLE,
    Author.ACCOMPANIMENT: ACCOMPANIMENT,
}


def as_hex(colour: Colour) -> str:
    """Write a colour as SVG and MusicXML do.

    >>> as_hex((213, 94, 0))
    '#D55E00'
    """
    return "#{:02X}{:02X}{:02X}".format(*colour)
