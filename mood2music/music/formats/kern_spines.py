"""Follows the columns (spines) of **kern as they split, join, cross, begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(slots=True)
class Spine:
    """One column. track: the spine that it came from; end: where its last token ends."""

    track: int
    kern: bool
    end: Fraction = Fraction(0)
    drums: bool = False


@dataclass
class Spines:
    """The columns of a row. tracks: how many **kern spines have begun; now: the row's time."""

    columns: list[Spine] = field(default_factory=list)
    tracks: int = 0
    now: Fraction = Fraction(0)

    def begin(self, token: str) -> Spine:
        """Begin a column by its first token, **kern or another representation's."""
        kern = token == "**kern"
        self.tracks += kern
        return Spine(self.tracks if kern else -1, kern, self.now)

    def meet(self) -> None:
        """Let all parts meet at the end of the longest: that is the time now."""
        self.now = max([self.now, *(spine.end for spine in self.columns if spine.kern)])
        for spine in self.columns:
            spine.end = self.now

    def follow(self, tokens: Sequence[str]) -> None:
        """Follow spine paths, a token a column: split, join, cross, begin and end."""
        spines = self.columns
        after: list[Spine] = []
        joined = joins(spines, tokens)
        crossed: int | None = None
        for i, (spine, token) in enumerate(zip(spines, tokens, strict=True)):
            if token == "*v":
                if joined[i] == i:
                    after.append(spine)
                else:
                    spines[joined[i]].end = max(spines[joined[i]].end, spine.end)
                continue
            if token == "*-":
                self.now = max(self.now, spine.end) if spine.kern else self.now
                continue
            if token.startswith("**"):
                after.append(self.begin(token))
                continue
            after.append(spine)
            if token == "*^":
                after.append(Spine(spine.track, spine.kern, spine.end, spine.drums))
            elif token == "*+":
                after.append(Spine(-1, False, self.now))
            elif token == "*x":
                if crossed is None:
                    crossed = len(after) - 1
                else:
                    after[crossed], after[-1] = after[-1], after[crossed]
                    crossed = None
        self.columns = after


def joins(spines: Sequence[Spine], tokens: Sequence[str]) -> list[int]:
    """Give for each column the first of those that it joins.

    Neighbours marked *v join. Some files end the splits of two neighbouring parts in one row:
    those join within their parts, where each has two columns or more.
    """
    into = list(range(len(tokens)))
    i = 0
    while i < len(tokens):
        last = i
        while last < len(tokens) and tokens[last] == "*v":
            last += 1
        tracks = [spine.track for spine in spines[i:last]]
        apart = all(tracks.count(track) > 1 for track in tracks)
        for j in range(i + 1, last):
            if not apart or spines[j].track == spines[j - 1].track:
                into[j] = into[j - 1]
        i = max(last, i + 1)
    return into
