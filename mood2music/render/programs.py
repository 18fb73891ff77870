"""Finds the General MIDI program of an instrument's name, and the name of a program."""

import difflib
import re

from mood2music.errors import UnknownNameError

PIANO = "piano"

# Short names that are part of several, or of none: the commonest meaning.
SHORT = {"piano": 0, "guitar": 24, "bass": 32, "strings": 48, "choir": 52, "horn": 60, "sax": 65}


def program_number(name: str) -> int:
    """Find a program, 0 to 127: by number, by General MIDI name, or the first with it as a part.

    Raises UnknownNameError, naming near ones.

    >>> program_number("vibraphone"), program_number("acoustic_grand_piano"), program_number("73")
    (11, 0, 73)
    """
    asked = _plain(str(name))
    if asked in SHORT:
        return SHORT[asked]
    if asked.isdecimal() and int(asked) < 128:
        return int(asked)
    known = [_plain(full) for full in _names()]
    if asked in known:
        return known.index(asked)
    within = [number for number, full in enumerate(known) if asked and f" {asked} " in f" {full} "]
    if within:
        return within[0]
    words = {word for full in known for word in full.split() if len(word) > 3}
    # A word may be a name as well, and is offered once.
    offered = list(dict.fromkeys((*SHORT, *known, *sorted(words))))
    close = difflib.get_close_matches(asked, offered, 3, 0.6)
    near = f"did you mean {' or '.join(close)}?" if close else "for example piano or vibraphone;"
    raise UnknownNameError(
        f"render.program={name}: {near} expected a General MIDI name or a number from 0 to 127"
    )


def program_name(number: int) -> str:
    """Name a program as a score does; "Piano" for the acoustic grand."""
    return "Piano" if number == 0 else str(_names()[number])


def _names() -> list[str]:
    from pretty_midi.constants import INSTRUMENT_MAP

    return list(INSTRUMENT_MAP)


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))
