"""Puts AlexNet into timm's registry when imported: timm.create_model("alexnet", in_chans=1, ...).

timm 1.0 has no AlexNet of its own. pretrained=True loads the shipped ImageNet convolutions; the
keywords of timm's other networks (num_classes, in_chans, features_only, out_indices,
pretrained_cfg_overlay=dict(file=...)) and AlexNet's own (classifier, hidden) pass.
"""

from typing import Any

from timm.models import build_model_with_cfg, generate_default_cfgs, register_model

from mood2music.face.network.alexnet import AlexNet, fit_state
from mood2music.face.network.imagenet import SHIPPED

default_cfgs = generate_default_cfgs(
    {
        "alexnet.tv_in1k": {
            "file": str(SHIPPED),
            "num_classes": 1000,
            "input_size": (3, 224, 224),
            "pool_size": (6, 6),
            "crop_pct": 0.875,
            "interpolation": "bilinear",
            "mean": (0.485, 0.456, 0.406),
            "std": (0.229, 0.224, 0.225),
            "first_conv": "features.0",
            "classifier": None,  # fit_state deals with heads of any shape
            "license": "bsd-3-clause",
        }
    }
)


@register_model
def alexnet(pretrained: bool = False, **kwargs: Any) -> Any:
    """AlexNet, or with features_only=True a network that gives its five stages' maps."""
    return build_model_with_cfg(
        AlexNet,
        "alexnet",
        pretrained,
        feature_cfg={"flatten_sequential": True, "out_indices": (0, 1, 2, 3, 4)},
        pretrained_filter_fn=fit_state,
        **kwargs,
    )
