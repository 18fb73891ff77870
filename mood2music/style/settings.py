"""States how styles are mixed into the base network: which, how strongly, by which method."""

from dataclasses import dataclass

from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.registry import find, register
from mood2music.style.shipped import bases, find_style, locate, styles_of


@dataclass(frozen=True)
class BlendTraits:
    """What a method can mix. styles: most at once; total: most that their strengths sum to."""

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
    """

    name: str = "none"
    strength: float = 1.0
    mix: dict[str, float] | None = None
    method: str = "task_arithmetic"
    layers: dict[str, float] | None = None
    checkpoints: dict[str, str] | None = None

    def strengths(self) -> dict[str, float]:
        """Return the styles asked for and their strengths; none for the base alone."""
        if self.mix:
            return dict(self.mix)
        return {} if self.name.casefold() == "none" else {self.name: self.strength}

    def check(self) -> None:
        """Raise SettingsError for a method that there is not, or that cannot mix these styles."""
        check_mix(self.method, self.strengths())

    def check_names(self, model: str) -> None:
        """Raise UnknownNameError or CheckpointError for a network or style that is not there.

        model: a shipped network, whose styles are then known, or a checkpoint's path; what kind of
        network that holds is seen when it is read.
        """
        locate(model)
        name = model.casefold()
        for style in self.strengths():
            if name in bases():
                find_style(style, name, self.checkpoints or {})
            elif style not in (self.checkpoints or {}):
                known = {other: base for base in bases() for other in styles_of(base)}
                find_style(style, known.get(style.casefold(), bases()[0]), self.checkpoints or {})


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
