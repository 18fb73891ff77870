"""Checks what a config says about a face network, in dataclasses."""

from dataclasses import dataclass, field

from mood2music.command.ranges import at_least, one_of, shares, within
from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.face.labels import EXPRESSIONS
from mood2music.registry import find, get, register

AXES = ("valence", "arousal")


@dataclass
class AugmentSettings:
    """How a training picture is varied; every bound is the end of a uniform range, 0 turns it off.

    flip: probability of a mirror image; shift: fraction of the width; scale: relative zoom;
    rotation: degrees; brightness: added to grey in [0, 1]; contrast: relative; blur: share of a
    softened copy mixed in; erase: probability that a rectangle is painted over (Zhong et al. 2020);
    wider: how much wider than `scale` says a face may be framed; exposure: stops that the light may
    fall by (1.7: to 30 %); gamma: log2 of its exponent; curve: strength of a bend of the greys, as
    a cast of colour leaves (monotone below 1); shade: strength of a light from one side; noise:
    deviation of grain; coarse: probability that the face is shrunk, to 24 pixels at least; jpeg:
    probability of JPEG's rounding; hide: probability that eyes or mouth are covered.
    """

    flip: float = 0.5
    shift: float = 0.08
    scale: float = 0.12
    rotation: float = 12.0
    brightness: float = 0.15
    contrast: float = 0.25
    blur: float = 0.5
    erase: float = 0.0
    wider: float = 0.0
    exposure: float = 0.0
    gamma: float = 0.0
    curve: float = 0.0
    shade: float = 0.0
    noise: float = 0.0
    coarse: float = 0.0
    jpeg: float = 0.0
    hide: float = 0.0

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        within(self, "model.augment.", 0, 1, "flip", "contrast", "blur", "erase", "brightness")
        within(self, "model.augment.", 0, 1, "wider", "curve", "shade", "noise")
        within(self, "model.augment.", 0, 1, "coarse", "jpeg", "hide")
        within(self, "model.augment.", 0, 0.5, "shift", "scale")
        within(self, "model.augment.", 0, 4, "exposure", "gamma")
        within(self, "model.augment.", 0, 180, "rotation")


@dataclass(frozen=True)
class BackboneTraits:
    """What is known of a backbone before it is built.

    smallest: pixels a side that it takes at least; pretrained: it has weights to start from;
    weights: it starts from a file of torchvision's, too.
    """

    smallest: int = 16
    pretrained: bool = False
    weights: bool = False


# What any network of timm is, which are too many to register.
TIMM = BackboneTraits(pretrained=True)

register("backbone", "cnn10", BackboneTraits(), "mood2music.face.network.cnn10:from_settings")
register(
    "backbone",
    "alexnet",
    BackboneTraits(smallest=63, pretrained=True, weights=True),  # smaller maps shrink to nothing
    "mood2music.face.network.alexnet:from_settings",
)
register("backbone", "residual", BackboneTraits(), "mood2music.face.network.residual:from_settings")


@dataclass
class FaceSettings:
    """configs/model/{cnn10,alexnet,residual,timm}.yaml: a network from a grey face to its mood.

    name: cnn10, alexnet, residual, or any name timm.create_model knows;
    heads: separate (one network an axis, as the paper has it) or joint (one, an output an axis;
    where expressions are a target it is always one);
    target: valence_arousal, expression (AffectNet's eight classes, cross-entropy), or both at
    once (the sum of their losses);
    axes: which of valence and arousal to learn; input_size: pixels the face is resized to;
    normalise: fixed (by ImageNet's mean and deviation of grey) or picture (each face by its own, so
    that neither light nor contrast counts);
    loss: mse, ccc (1 - concordance), or both (their sum); label_smoothing: share of an
    expression's certainty spread over all classes (Szegedy et al. 2016);
    pretrained: start from the weights the package ships (alexnet) or timm's hub has;
    weights: a torchvision AlexNet file (.pth or .safetensors) to start from instead;
    init: a face checkpoint to fine-tune from, joint or separate, of the same backbone;
    freeze: learn the head alone; hidden: width of AlexNet's light head;
    classifier: light, or torchvision (two dense layers of 4096, 55 million weights);
    mixup: largest share of another face that is laid over a training face.
    """

    task: str = "face"
    name: str = "alexnet"
    heads: str = "separate"
    target: str = "valence_arousal"
    axes: list[str] = field(default_factory=lambda: list(AXES))
    input_size: int = 80
    normalise: str = "fixed"
    loss: str = "mse"
    label_smoothing: float = 0.0
    pretrained: bool = True
    weights: str | None = None
    init: str | None = None
    freeze: bool = False
    dropout: float = 0.3
    hidden: int = 128
    width: int = 32
    classifier: str = "light"
    mixup: float = 0.0
    augment: AugmentSettings = field(default_factory=AugmentSettings)

    def check(self) -> None:
        """Raise SettingsError for the first value outside its range, naming what was expected."""
        one_of(
            self,
            "model.",
            task=("face",),
            heads=("separate", "joint"),
            target=("valence_arousal", "expression", "both"),
            classifier=("light", "torchvision"),
            normalise=("fixed", "picture"),
        )
        find("axes_loss", self.loss, "model.loss")
        axes = self.axes
        if not axes or len(set(axes)) != len(axes) or not set(axes) <= set(AXES):
            raise SettingsError(f"model.axes={shown(axes)}: expected [valence], [arousal] or both")
        shares(self, "model.", "dropout", "label_smoothing", "mixup")
        if not 16 <= self.input_size <= 1024:
            raise SettingsError(f"model.input_size={self.input_size}: expected 16 to 1024 pixels")
        known = get("backbone", self.name)
        traits: BackboneTraits = TIMM if known is None else known.settings
        if self.input_size < traits.smallest:
            raise SettingsError(
                f"model.input_size={self.input_size}: the maps of {self.name} shrink to nothing, "
                f"expected {traits.smallest} or more"
            )
        at_least(self, "model.", hidden=1, width=1)
        if self.weights is not None and not traits.weights:
            raise SettingsError(f"model.weights is for AlexNet, found model.name={self.name}")
        if self.pretrained and not traits.pretrained:
            raise SettingsError(
                f"model.pretrained=true: {self.name} has no pretrained weights, use alexnet"
            )
        self.augment.check()


def outputs(settings: FaceSettings) -> list[str]:
    """Name what the network's columns stand for: the axes, the eight expressions, or first the axes
    and then the expressions.
    """
    axes = [] if settings.target == "expression" else list(settings.axes)
    return axes + ([] if settings.target == "valence_arousal" else list(EXPRESSIONS))


for _name in ("mse", "ccc", "both"):
    register("axes_loss", _name, FaceSettings, f"mood2music.face.training.losses:{_name}")
