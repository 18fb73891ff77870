"""Composes what a visitor asked for: one piece, or one at each strength of a dial."""

from collections.abc import Sequence
from dataclasses import replace

from mood2music.flow.composed import Composed
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.page.drafts import Drafts
from mood2music.page.work import Teller


def at_strength(settings: GenerateSettings, strength: float) -> GenerateSettings:
    """Give the same with its strongest style at `strength`, the others in proportion."""
    mix = settings.styled.strengths()
    most = max(mix.values(), default=0.0) or 1.0
    scaled = {style: round(own * strength / most, 3) for style, own in mix.items()}
    mixed = {style: own for style, own in scaled.items() if own}
    return replace(settings, style=replace(settings.styled, name="none", mix=mixed or None))


def composed_all(
    asked: Sequence[GenerateSettings], teller: Teller, drafts: Drafts, last: bool
) -> list[Composed]:
    """Compose all requests, the first one watched; last: whether of each the last variant stays."""
    composed: list[Composed] = []
    written = 0
    for number, own in enumerate(asked):
        rough = own.bars is not None or own.seconds is not None

        def counted(done: int, total: int, before: int = written, rough: bool = rough) -> None:
            nonlocal written
            written = before + done
            teller.count(written, len(asked) * total, rough)

        watched = not number and own.pick is None and not (last and own.n > 1)
        one = compose(own, teller.say, counted, watch=drafts.watch if watched else None)
        if last:
            told = replace(one.manifest, pieces=one.manifest.pieces[-1:])
            one = replace(one, pieces=one.pieces[-1:], manifest=told)
        if not number:
            drafts.composed(one.pieces[0])
        composed.append(one)
    return composed
