"""Logits to one choice: temperature, top-k and nucleus (top-p) sampling."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mood2music.errors import SettingsError


@dataclass
class SamplerSettings:
    """configs/generate/sampler/*.yaml.

    temperature: above 1 bolder, below 1 safer, 0 always the likeliest; top_k: keep the k
    likeliest (0: all); top_p: keep the smallest set with that probability (Holtzman et al. 2020).
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 0.95

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        if not self.temperature >= 0:
            raise SettingsError(f"sampler.temperature={self.temperature}: expected 0 or more")
        if self.top_k < 0:
            raise SettingsError(f"sampler.top_k={self.top_k}: expected 0 (all) or more")
        if not 0 < self.top_p <= 1:
            raise SettingsError(f"sampler.top_p={self.top_p}: expected above 0, at most 1")


def choose(logits: Tensor, settings: SamplerSettings, generator: torch.Generator) -> Tensor:
    """Draw one index a row. logits: (n, choices), -inf where not allowed -> (n,) int64."""
    if settings.temperature == 0:
        return logits.argmax(-1)
    logits = logits / settings.temperature
    if 0 < settings.top_k < logits.shape[-1]:
        smallest = logits.topk(settings.top_k, dim=-1).values[:, -1:]
        logits = logits.masked_fill(logits < smallest, -torch.inf)
    probabilities = logits.softmax(-1)
    if settings.top_p < 1:
        ordered, index = probabilities.sort(dim=-1, descending=True, stable=True)
        beyond = ordered.cumsum(-1) - ordered >= settings.top_p
        probabilities = torch.zeros_like(probabilities).scatter(
            -1, index, ordered.masked_fill(beyond, 0.0)
        )
    return torch.multinomial(probabilities, 1, generator=generator).squeeze(-1)
