"""States how styles are mixed into the base network: which, how strongly, by which method."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import is_zipfile

from mood2music.command.given_files import check_address
from mood2music.command.ranges import above, one_of
from mood2music.command.settings import shown
from mood2music.errors import DataError, SettingsError
from mood2music.music.idiom import IDIOMS, strongest
from mood2music.registry import find, register
from mood2music.style.shipped import bases, find_style, locate, styles_of

# Music of the base that is learnt in between, see `style.rehearsal`.
REHEARSALS = ("written", "catalog", "none")
REHEARSAL = REHEARSALS[0]


@dataclass(frozen=True)
class BlendTraits:
    """What a method can mix. styles: most at once; total: most that their strengths sum to.

    `total` is of the strengths as they are asked for, before the factors of `layers`.
    """

    styles: int | None = None
    total: float | None = None


register("blend", "task_arithmetic", BlendTraits(), "mood2music.style.blend:task_arithmetic")
register("blend", "linear", BlendTraits(total=1.0), "mood2music.style.blend:linear")
register("blend", "spherical", BlendTraits(styles=1), "mood2music.style.blend:spherical")


@dataclass
class StyleSettings:
    """configs/generate/style/*.yaml.

    name: none or a style; strength: how far from the base (0) to the style's network (1) and, with
    care, beyond; mix: several styles at once, {jazz: 0.5, classical: 0.3}, instead of name;
    method: task_arithmetic, linear or spherical; layers: strength factors by the start of a
    weight's name, {encoder: 1.0, representation: 0.5}; checkpoints: networks of your own by style.

    from: a folder or a zip of music whose style is learnt first, once (`style.own`); it is named
    after the folder, and is the style unless mix names it among others. minutes: that this may
    take; rehearsal: music of the base that is learnt in between, of REHEARSALS; save: where
    the learnt style is written to as well. A name that is the path of such a file is that style.

    idiom: the style whose accompaniment, band, swing and pedal a piece gets (`music.idiom`); None:
    the strongest style's, of which one of your own has none.
    """

    name: str = "none"
    strength: float = 1.0
    mix: dict[str, float] | None = None
    method: str = "task_arithmetic"
    layers: dict[str, float] | None = None
    checkpoints: dict[str, str] | None = None
    from_: str | None = None
    minutes: float = 10.0
    rehearsal: str = REHEARSAL
    save: str | None = None
    idiom: str | None = None

    @property
    def source(self) -> Path | None:
        """The folder or zip of music that a style is learnt from."""
        return None if self.from_ is None else Path(self.from_).expanduser()

    @property
    def own_name(self) -> str | None:
        """What the style is called that is learnt; None where none is."""
        return None if self.source is None else called(self.source)

    def strengths(self) -> dict[str, float]:
        """Return the styles asked for and their strengths; none for the base alone."""
        if self.mix:
            return dict(self.mix)
        name = self.own_name or self.name
        return {} if name.casefold() == "none" else {name: self.strength}

    def players(self, strengths: Mapping[str, float]) -> str:
        """Name the style whose idiom a piece is played in, "" for the base alone.

        strengths: of the styles, a file's by the name that it has once it is found.
        """
        return self.idiom or strongest(strengths).casefold()

    def check(self) -> None:
        """Raise SettingsError for a method that there is not, or that cannot mix these styles.

        Two styles of one name cannot be mixed by any.
        """
        above(self, "style.", minutes=0)
        one_of(self, "style.", rehearsal=REHEARSALS)
        if self.idiom is not None:
            one_of(self, "style.", idiom=tuple(IDIOMS))
        check_mix(self.method, self.strengths())
        check_called({asked: _called(asked) for asked in self.strengths()})
        known = {name.casefold() for name in self.mix or {}} | {"none"}
        if self.mix and self.name.casefold() not in known:
            both = shown({self.name: self.strength, **self.mix})
            raise SettingsError(
                f"style={shown(self.name)} with style.mix={shown(self.mix)}: expected one; both "
                f"are style.mix={both}"
            )
        own = self.own_name
        if own is None:
            if self.save is not None:
                raise SettingsError(
                    f"style.save={shown(self.save)}: nothing is learnt, expected style.from=folder"
                )
            return
        if not self.mix and self.name.casefold() not in ("none", own.casefold()):
            raise SettingsError(
                f"style.from={shown(self.from_)} with style={shown(self.name)}: expected one; both "
                f"are style.mix={{{own}:0.5,{self.name}:0.5}}"
            )
        if self.mix and own not in self.mix:
            raise SettingsError(
                f"style.from={shown(self.from_)}: style.mix={shown(self.mix)} leaves it out, "
                f"expected its name there, {own}"
            )
        if self.save is not None and Path(self.save).suffix != ".safetensors":
            raise SettingsError(f"style.save={shown(self.save)}: expected a name in .safetensors")

    def with_own(self, path: Path) -> "StyleSettings":
        """The same when its style is learnt, into the file `path`."""
        own = {**(self.checkpoints or {}), str(self.own_name): str(path)}
        return replace(self, mix=self.strengths(), checkpoints=own, from_=None, save=None)

    def check_names(self, model: str) -> None:
        """Raise UnknownNameError or CheckpointError for a network or style that is not there.

        model: a shipped network, whose styles are then known, or a checkpoint's path; what kind of
        network that holds is seen when it is read.
        """
        locate(model)
        if self.source is not None:
            check_address("style.from", self.from_, DataError)
            if not self.source.exists():
                raise DataError(
                    f"style.from={shown(self.from_)}: no such folder, expected one of MIDI, "
                    "MusicXML, kern, ABC or MEI, or a zip"
                )
            if self.source.is_file() and not is_zipfile(self.source):
                raise DataError(
                    f"style.from={shown(self.from_)}: that is one file, expected a folder or a zip "
                    "of some pieces"
                )
        name = model.casefold()
        for style in self.strengths():
            if style == self.own_name:
                continue
            if name in bases():
                find_style(style, name, self.checkpoints or {})
            elif style not in (self.checkpoints or {}):
                known = {other: base for base in bases() for other in styles_of(base)}
                find_style(style, known.get(style.casefold(), bases()[0]), self.checkpoints or {})


def called(source: Path) -> str:
    """Name a style after its folder, of a zip without the ending: "Vol. 2" and not "Vol"."""
    whole = source.absolute()
    return whole.stem if whole.is_file() else whole.name


def check_mix(method: str, strengths: dict[str, float]) -> None:
    """Raise SettingsError for no method, or one that cannot mix so many styles, or so strongly."""
    traits: BlendTraits = find("blend", method, "style.method").settings
    if traits.styles is not None and len(strengths) > traits.styles:
        most = "one style" if traits.styles == 1 else f"{traits.styles} styles"
        raise SettingsError(f"style.method={method} mixes {most} with the base, not several")
    total = sum(strengths.values())
    if traits.total is not None and total > traits.total + 1e-9:
        raise SettingsError(
            f"style.method={method}: strengths sum to {shown(total)}, at most {traits.total:g}"
        )


def check_called(names: Mapping[str, str]) -> None:
    """Raise SettingsError where two styles have one name; names: of each style as it is asked for.

    Only one of them would be heard.
    """
    first: dict[str, str] = {}
    for asked, name in names.items():
        other = first.setdefault(name, asked)
        if other != asked:
            raise SettingsError(
                f"style.mix: {other} and {asked} are both called {name}, expected one of them, or "
                "a file of another name"
            )


def _called(asked: str) -> str:
    """What a style will be called, as far as that is known before it is looked for."""
    path = Path(asked)
    return path.stem if path.suffix == ".safetensors" else asked.casefold()
