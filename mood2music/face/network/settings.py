"""What a config says about a face network goes in, checked dataclasses come out."""

from dataclasses import dataclass, field

from mood2music.errors import SettingsError
from mood2music.face.labels import EXPRESSIONS

AXES = ("valence", "arousal")


@dataclass
class AugmentSettings:
    """How a training picture is varied; every bound is the end of a uniform range, 0 turns it off.

    flip: probability of a mirror image; shift: fraction of the width; scale: relative zoom;
    rotation: degrees; brightness: added to grey in [0, 1]; contrast: relative; blur: share of a
    softened copy mixed in; erase: probability that a rectangle is painted over (Zhong et al. 2020).
    """

    flip: float = 0.5
    shift: float = 0.08
    scale: float = 0.12
    rotation: float = 12.0
    brightness: float = 0.15
    contrast: float = 0.25
    blur: float = 0.5
    erase: float = 0.0


@dataclass
class FaceSettings:
    """configs/model/{cnn10,alexnet,timm}.yaml: a network from a 49 x 49 grey face to its mood.

    name: cnn10, alexnet, or any name timm.create_model knows;
    heads: separate (one network an axis, as the paper has it) or joint (one, an output an axis;
    where expressions are a target it is always one);
    target: valence_arousal, expression (AffectNet's eight classes, cross-entropy), or both at
    once (the sum of their losses);
    axes: which of valence and arousal to learn; input_size: pixels the face is resized to;
    loss: mse, ccc (1 - concordance), or both (their sum); label_smoothing: share of an
    expression's certainty spread over all classes (Szegedy et al. 2016);
    pretrained: start from the weights the package ships (alexnet) or timm's hub has;
    weights: a torchvision AlexNet file (.pth or .safetensors) to start from instead;
    init: a face checkpoint to fine-tune from, joint or separate, of the same backbone;
    freeze: learn the head alone; hidden: width of AlexNet's light head;
    classifier: light, or torchvision (two dense layers of 4096, 55 million weights).
    """

    task: str = "face"
    name: str = "alexnet"
    heads: str = "separate"
    target: str = "valence_arousal"
    axes: list[str] = field(default_factory=lambda: list(AXES))
    input_size: int = 80
    loss: str = "mse"
    label_smoothing: float = 0.0
    pretrained: bool = False
    weights: str | None = None
    init: str | None = None
    freeze: bool = False
    dropout: float = 0.3
    hidden: int = 128
    width: int = 32
    classifier: str = "light"
    augment: AugmentSettings = field(default_factory=AugmentSettings)


def check(settings: FaceSettings) -> None:
    """Raise SettingsError for the first value outside its range, naming what was expected."""
    choices = {
        "task": (settings.task, ("face",)),
        "heads": (settings.heads, ("separate", "joint")),
        "target": (settings.target, ("valence_arousal", "expression", "both")),
        "loss": (settings.loss, ("mse", "ccc", "both")),
        "classifier": (settings.classifier, ("light", "torchvision")),
    }
    for key, (found, known) in choices.items():
        if found not in known:
            raise SettingsError(f"model.{key}={found}: expected one of {', '.join(known)}")
    axes = settings.axes
    if not axes or len(set(axes)) != len(axes) or not set(axes) <= set(AXES):
        raise SettingsError(f"model.axes={axes}: expected [valence], [arousal] or both")
    for key in ("dropout", "label_smoothing"):
        if not 0.0 <= getattr(settings, key) < 1.0:
            raise SettingsError(
                f"model.{key}={getattr(settings, key):g}: expected 0 or more, below 1"
            )
    if not 16 <= settings.input_size <= 1024:
        raise SettingsError(f"model.input_size={settings.input_size}: expected 16 to 1024 pixels")
    if min(settings.hidden, settings.width) < 1:
        raise SettingsError("model.hidden and model.width: expected 1 or more")


def outputs(settings: FaceSettings) -> list[str]:
    """Name what the network's columns stand for: the axes, the eight expressions, or first the axes
    and then the expressions.
    """
    axes = [] if settings.target == "expression" else list(settings.axes)
    return axes + ([] if settings.target == "valence_arousal" else list(EXPRESSIONS))
