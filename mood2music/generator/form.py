"""Reads the form that a user asks for, A B A2 C A3, as sections, and says how long each is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mood2music.brief import brief
from mood2music.errors import SettingsError

# Share of the phrases that are written anew for each step of the number: A2 a quarter, A3 half.
VARIED = 0.25
MOST_VARIED = 0.75


@dataclass(frozen=True)
class Section:
    """A letter and a number: A and A1 are the section itself, A2 and up its variations."""

    letter: str
    number: int

    def __str__(self) -> str:
        """As it is asked for."""
        return self.letter + (str(self.number) if self.number > 1 else "")

    @property
    def varied(self) -> float:
        """Share of the phrases that are written anew when this section returns."""
        return min(VARIED * (self.number - 1), MOST_VARIED)


# In place of sections: they are drawn from the model of form (`sections`) for each piece.
LEARNED = "learned"


def is_learned(names: Sequence[str]) -> bool:
    """Whether the form is to be drawn: structure=learned."""
    return [str(name).casefold() for name in names] == [LEARNED]


def parse_structure(names: Sequence[str]) -> list[Section]:
    """Read ["A", "B", "A2"], ["learned"] as no section that is known yet.

    Raises SettingsError for anything but a letter and a number.
    """
    sections: list[Section] = []
    if is_learned(names):
        return sections
    for name in names:
        match = re.fullmatch(r"([A-Za-z])([1-9]\d?)?", str(name))
        if match is None:
            raise SettingsError(
                f"structure has {name}: expected a letter, with a number where it varies, for "
                "example [A,B,A2,C,A3], or structure=learned"
            )
        sections.append(Section(match[1].upper(), int(match[2] or 1)))
    return sections


def check_length(length: int, sections: Sequence[Section], of: str = "length") -> None:
    """Raise SettingsError when `length` events, or bars, leave a section without one."""
    if length < len(sections):
        one = "bar" if of == "bars" else "event"
        raise SettingsError(
            f"{of}={length} is too short for {len(sections)} sections: one {one} each at least"
        )


def sizes(sections: Sequence[Section], whole: int, at_most: bool = False) -> list[int]:
    """Deal out `whole` events or bars: a letter that returns is as long as it was.

    Together the sections have as many, or as near as they come, rather fewer than more, and are
    about equally long. at_most: never more. `whole` is one of each section at least.

    >>> sizes(parse_structure(["A", "B", "A"]), 8)
    [3, 2, 3]
    """
    even = whole / len(sections)
    letters = Counter(section.letter for section in sections)
    # By the sum of the letters so far: how unequal they are, and their sizes.
    reached: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for times in letters.values():
        further: dict[int, tuple[float, list[int]]] = {}
        for total, (unequal, chosen) in reached.items():
            for size in range(int(even) + 2, max(int(even) - 2, 0), -1):
                at, cost = total + times * size, unequal + times * (size - even) ** 2
                if at not in further or cost < further[at][0]:
                    further[at] = (cost, [*chosen, size])
        reached = further
    fitting = [total for total in reached if total <= whole or not at_most]
    best = min(fitting, key=lambda total: (abs(whole - total), total))
    own = dict(zip(letters, reached[best][1], strict=True))
    return [own[section.letter] for section in sections]


@brief
@dataclass(frozen=True)
class Plan:
    """What is to be written: variants in sections, about equally long.

    length: events at most, of all sections together; bars: how many instead, None for as many as
    `length` events make; sections: none is one. Raises SettingsError when `length` leaves a section
    without an event.
    """

    length: int
    sections: Sequence[Section] = ()
    variants: int = 1
    bars: int | None = None

    def __post_init__(self) -> None:
        """Check it once."""
        if self.bars is None:
            check_length(self.length, self.named)
        else:
            check_length(self.bars, self.named, "bars")

    @property
    def named(self) -> Sequence[Section]:
        """The sections, A alone where none are asked for."""
        return self.sections or [Section("A", 1)]

    def sizes(self) -> list[int]:
        """Events of each section, or its bars."""
        return sizes(self.named, self.bars or self.length, at_most=self.bars is None)
