"""Mixes the weights of a base and of style networks into one set between them."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from mood2music.errors import CheckpointError
from mood2music.registry import find
from mood2music.style.settings import check_mix

Weights = dict[str, Tensor]
# A weight of the base and, for each style of any strength, its own and how strongly -> one weight.
Method = Callable[[Tensor, Sequence[tuple[Tensor, float]]], Tensor]


def blend(
    base: Weights,
    styles: Mapping[str, Weights],
    strengths: Mapping[str, float],
    method: str = "task_arithmetic",
    layers: Mapping[str, float] | None = None,
) -> Weights:
    """Mix networks that were fine-tuned from one base.

    method: a name that is registered as "blend"; layers: strength factors by the start of a
    weight's name. With strengths of 0 the base comes back unchanged. Raises CheckpointError when
    the networks differ in shape, SettingsError for a method or number of styles that does not go
    together.

    >>> blend({"w": tensor([1.0])}, {"jazz": {"w": tensor([3.0])}}, {"jazz": 0.5})["w"]
    tensor([2.])
    """
    for name, weights in styles.items():
        if {k: v.shape for k, v in weights.items()} != {k: v.shape for k, v in base.items()}:
            raise CheckpointError(
                f"the {name} network differs from the base in shape: fine-tune it from that base"
            )
        whole = (key for key, weight in weights.items() if not weight.is_floating_point())
        if not all(torch.equal(base[key], weights[key]) for key in whole):
            raise CheckpointError(
                f"the {name} network has another chord vocabulary: fine-tune it from that base"
            )
    check_mix(method, dict(strengths))
    mix: Method = find("blend", method, "style.method").build
    mixed: Weights = {}
    for key, origin in base.items():
        if not origin.is_floating_point():
            mixed[key] = origin
            continue
        factor = _factor(key, layers or {})
        parts = [(styles[name][key], s * factor) for name, s in strengths.items() if s * factor]
        mixed[key] = mix(origin, parts)
    return mixed


def task_arithmetic(base: Tensor, styles: Sequence[tuple[Tensor, float]]) -> Tensor:
    """The base + sum of strength (style - base) (Ilharco et al. 2023)."""
    return sum((strength * (style - base) for style, strength in styles), base)


def linear(base: Tensor, styles: Sequence[tuple[Tensor, float]]) -> Tensor:
    """The weighted mean of the styles, and of the base for what is left of 1.

    The strengths sum to 1 at most before the factors of `layers`: with such above 1 less than
    nothing may be left for the base, and the weight lies beyond the styles.
    """
    rest = 1 - sum(strength for _, strength in styles)
    return sum((strength * style for style, strength in styles), rest * base)


def spherical(base: Tensor, styles: Sequence[tuple[Tensor, float]]) -> Tensor:
    """Along the great circle from the base to one style, the weight taken as one vector."""
    return _slerp(base, *styles[0]) if styles else base


def _factor(key: str, layers: Mapping[str, float]) -> float:
    """The factor of the longest prefix that fits; 1 where none does."""
    fitting = [prefix for prefix in layers if key.startswith(prefix)]
    return layers[max(fitting, key=len)] if fitting else 1.0


def _slerp(start: Tensor, end: Tensor, along: float) -> Tensor:
    """Spherical interpolation (Shoemake 1985) of two tensors taken as vectors."""
    cosine = torch.nn.functional.cosine_similarity(start.flatten(), end.flatten(), dim=0)
    angle = torch.arccos(cosine.clamp(-1, 1))
    if angle < 1e-4:
        return start + along * (end - start)
    sine = torch.sin(angle)
    return torch.sin((1 - along) * angle) / sine * start + torch.sin(along * angle) / sine * end
