"""Builds any timm network, by its name, for grey pictures."""

import difflib
import urllib.error
from typing import Any

import timm
import torch
from torch import nn

import mood2music.face.network.timm_alexnet  # noqa: F401  # registers alexnet
from mood2music.errors import CheckpointError, SettingsError, UnknownNameError
from mood2music.face.network.hub import check_host


def create(name: str, outputs: int, pretrained: bool, dropout: float, size: int) -> nn.Module:
    """Make timm's network `name` for grey pictures of `size` pixels, `outputs` numbers each.

    Raises UnknownNameError (with near names) when timm has no such network, CheckpointError when
    its weights are neither in the hub's cache nor to be downloaded, SettingsError when the
    network refuses the dropout or the size.
    """
    if not timm.is_model(name):
        near = difflib.get_close_matches(name, timm.list_models(), 3) or ["resnet18", "alexnet"]
        raise UnknownNameError(
            f"model.name={name}: timm has no such network, near names: {', '.join(near)}"
        )
    options: dict[str, Any] = {"drop_rate": dropout} if dropout else {}
    facts = timm.get_pretrained_cfg(name)
    if facts is not None and facts.fixed_input_size:
        options["img_size"] = size
    if pretrained:
        options |= _weights(name, facts)
    try:
        # Some of timm's networks read values of tensors while they are made: never a mere sketch.
        with torch.device("cpu"), torch.no_grad():
            made = timm.create_model(
                name, pretrained=pretrained, in_chans=1, num_classes=outputs, **options
            )
            made.eval()
            made(torch.zeros(1, 1, size, size))  # a size the network cannot take fails here
    except (OSError, urllib.error.URLError) as error:
        raise CheckpointError(f"weights of {name} could not be read: {_line(error)}") from error
    except (TypeError, RuntimeError, ValueError, AssertionError) as error:
        raise SettingsError(
            f"model.name={name} with model.input_size={size}, model.dropout={dropout:g}: timm "
            f"says: {_line(error)}"
        ) from error
    network: nn.Module = made.train()
    return network


def _weights(name: str, facts: Any) -> dict[str, Any]:
    """Where to load from: a file at hand, or nothing to add when the hub answers."""
    if facts is None or not facts.has_weights:
        raise CheckpointError(
            f"timm has no pretrained weights of {name}: set model.pretrained=false"
        )
    if facts.file:
        return {}
    address = facts.url
    if facts.hf_hub_id:
        from huggingface_hub import constants, try_to_load_from_cache

        files = [facts.hf_hub_filename, "model.safetensors", "pytorch_model.bin"]
        for file in filter(None, files):
            found = try_to_load_from_cache(facts.hf_hub_id, file)
            if isinstance(found, str):
                return {"pretrained_cfg_overlay": {"file": found}}
        address = constants.ENDPOINT
    check_host(name, address)
    return {}


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
