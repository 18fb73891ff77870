"""Weights of a base and of style networks to one set of weights between them."""

from collections.abc import Mapping

import torch
from torch import Tensor

from mood2music.errors import CheckpointError
from mood2music.style.settings import StyleSettings, check_mix

Weights = dict[str, Tensor]


def blend(
    base: Weights,
    styles: Mapping[str, Weights],
    strengths: Mapping[str, float],
    method: str = "task_arithmetic",
    layers: Mapping[str, float] | None = None,
) -> Weights:
    """Mix networks that were fine-tuned from one base.

    task_arithmetic  base + sum of strength_i (style_i - base)       (Ilharco et al. 2023)
    linear           weighted mean of the styles, and of the base for what is left of 1
    spherical        along the great circle from base to one style, each weight as one vector

    With strengths of 0 the base comes back unchanged. Raises CheckpointError when the networks
    differ in shape, SettingsError for a method or number of styles that does not go together.

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
    StyleSettings(method=method).check()
    check_mix(method, dict(strengths))
    mixed: Weights = {}
    for key, origin in base.items():
        if not origin.is_floating_point():
            mixed[key] = origin
            continue
        factor = _factor(key, layers or {})
        parts = [(styles[name][key], s * factor) for name, s in strengths.items() if s * factor]
        if method == "spherical" and parts:
            mixed[key] = _slerp(origin, *parts[0])
        elif method == "linear":
            rest = 1 - sum(strength for _, strength in parts)
            mixed[key] = sum((s * w for w, s in parts), rest * origin)
        else:
            mixed[key] = sum((s * (w - origin) for w, s in parts), origin)
    return mixed


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
