"""Makes of a foreign text, a title or a file's name, one line that can be printed."""

import re
import unicodedata

# Marks of direction, behind which a name reads as another (Unicode 15, UAX #9: "gpj.exe").
_DIRECTION = {*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
# A terminal's escape sequences: ECMA-48, 5.4 (control sequences) and 5.6 (control strings).
_ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\^_])")

LONGEST_WORD = 300


def visible(text: str) -> str:
    r"""Take out what controls a terminal, turns the direction or breaks the line, and no more.

    Escape sequences go whole, white space becomes blanks. What is left can be encoded, and stands
    in XML.

    >>> visible("seed  \x1b[31mWaltz\x1b[0m\nNo. 2\u202e")
    'seed  Waltz No. 2'
    """
    if text.isascii() and text.isprintable():  # as most are; a catalog has thousands
        return text
    return "".join(map(_shown, _ESCAPE.sub("", text)))


def one_line(text: str) -> str:
    """The same, for a title or a sentence: no blank at the ends, one between words."""
    return " ".join(visible(text).split())


def shortened(text: str, longest: int = LONGEST_WORD) -> str:
    """Cut the middle out of words that no line has room for, as a name of 5,000 letters.

    >>> shortened("no file at aaaaaaaaaaaaaaaaaaaa.mid", 12)
    'no file at aaaaaa…a.mid'
    """
    head = longest // 2
    tail = longest - head - 1
    return re.sub(rf"\S{{{longest + 1},}}", lambda w: f"{w[0][:head]}…{w[0][-tail:]}", text)


def _shown(letter: str) -> str:
    """What is shown for a letter: itself, a blank, nothing, or a sign for half of a pair."""
    if letter.isspace():
        return " "
    if letter in _DIRECTION or letter == "\ufeff" or ord(letter) & 0xFFFE == 0xFFFE:
        return ""
    category = unicodedata.category(letter)
    return "\ufffd" if category == "Cs" else "" if category == "Cc" else letter
