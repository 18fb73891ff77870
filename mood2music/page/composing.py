"""Makes what a visitor asked for: one piece, or one at each strength of a dial, and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from mood2music.flow.composed import Composed
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.page.drafts import Drafts
from mood2music.page.runs import Part
from mood2music.page.work import Teller

# Files of a variant, about: MIDI, MusicXML, piano roll, sound, two pages of score in two formats.
FILES = 8


@dataclass(frozen=True)
class Asked:
    """What a run is to make.

    title: of the file that it starts from, "" for its name; dial: strengths of the style, at each
    of which the last variant is written by the same draw; shape: as of Run; there: what was
    composed by the same settings before, one for each strength, and is played and printed anew; ()
    where it is to be composed.
    """

    settings: GenerateSettings
    title: str = ""
    dial: Sequence[float] = ()
    shape: Mapping[str, Any] = field(default_factory=dict)
    there: Sequence[Composed] = ()

    @property
    def requests(self) -> list[GenerateSettings]:
        """What is asked of the command line's flow: once, or at each strength of the dial."""
        return [at_strength(self.settings, strength) for strength in self.dial] or [self.settings]


def at_strength(settings: GenerateSettings, strength: float) -> GenerateSettings:
    """Give the same with its strongest style at `strength`, the others in proportion."""
    mix = settings.styled.strengths()
    most = max(mix.values(), default=0.0) or 1.0
    scaled = {style: round(own * strength / most, 3) for style, own in mix.items()}
    mixed = {style: own for style, own in scaled.items() if own}
    return replace(settings, style=replace(settings.styled, name="none", mix=mixed or None))


def made(asked: Asked, folders: Sequence[Path], teller: Teller) -> list[Part]:
    """Compose and write what was asked for, each request into its folder.

    The teller is told how far it is. Raises what `compose` raises, Cancelled when it was stopped.
    """
    requests = asked.requests
    drafts = Drafts(folders[0], teller.show, requests[0])
    if asked.there:
        pairs = zip(asked.there, requests, strict=True)
        composed = [one.rendered_as(request) for one, request in pairs]
        drafts.composed(composed[0].pieces[0])
    else:
        composed = composed_all(requests, teller, drafts, bool(asked.dial))
    teller.say("files  sound, score and piano roll")
    names, of = count(1), FILES * sum(len(one.pieces) for one in composed)
    teller.wrote(0, of)

    def wrote(file: Path) -> None:
        teller.wrote(next(names), of)
        drafts.wrote(file)

    return [
        Part(request, one, one.write(folder, wrote))
        for request, one, folder in zip(requests, composed, folders, strict=True)
    ]


def composed_all(
    requests: Sequence[GenerateSettings], teller: Teller, drafts: Drafts, last: bool
) -> list[Composed]:
    """Compose all requests, the first one watched; last: whether of each the last variant stays."""
    composed: list[Composed] = []
    written = 0
    for number, own in enumerate(requests):
        rough = own.bars is not None or own.seconds is not None

        def counted(done: int, total: int, before: int = written, rough: bool = rough) -> None:
            nonlocal written
            written = before + done
            teller.count(written, len(requests) * total, rough)

        watched = not number and own.pick is None and not (last and own.n > 1)
        one = compose(own, teller.say, counted, watch=drafts.watch if watched else None)
        if last:
            told = replace(one.manifest, pieces=one.manifest.pieces[-1:])
            one = replace(one, pieces=one.pieces[-1:], manifest=told)
        if not number:
            drafts.composed(one.pieces[0])
        composed.append(one)
    return composed
