"""Changes the light of faces as cameras, rooms and printers do, each face by its own draw.

Everything works on whole batches where the batch lies, so that a GPU does it in passing.
"""

import math

import torch

from mood2music.face.network.settings import AugmentSettings


def relight(
    faces: torch.Tensor, settings: AugmentSettings, *, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Vary side light, gamma, grey curve, contrast, brightness, noise and exposure, in this order.

    faces: (batch, 1, height, width) in [0, 1]; the same comes back.
    """
    count, _, height, width = faces.shape

    def draw() -> torch.Tensor:
        """Give numbers of [-1, 1), one a face."""
        return drawn(count, faces, generator).view(-1, 1, 1, 1) * 2 - 1

    lit = faces
    if settings.shade:
        lit = lit * (1 + settings.shade * draw() * _ramp(draw(), height, width))
    if settings.gamma:
        lit = lit.clamp_min(1e-4) ** torch.exp2(settings.gamma * draw())
    if settings.curve:
        # A cast of colour weighs the channels anew: some greys rise, some fall.
        lit = lit + settings.curve * draw() * torch.sin(2 * math.pi * lit) / (2 * math.pi)
    contrast, brightness = 1 + settings.contrast * draw(), settings.brightness * draw()
    mean = lit.mean(dim=(1, 2, 3), keepdim=True)
    lit = (lit - mean) * contrast + mean + brightness
    if settings.noise:
        grain = torch.randn(faces.shape, generator=generator, device=_at(faces, generator))
        lit = lit + settings.noise * draw() ** 2 * grain.to(faces)
    if settings.exposure:
        # Squared, so that most faces are lit well.
        lit = lit * torch.exp2(-settings.exposure * draw() ** 2)
    return lit.clamp(0.0, 1.0)


def drawn(
    count: int, like: torch.Tensor, generator: torch.Generator | None, rows: int = 1
) -> torch.Tensor:
    """Draw `rows` x `count` numbers of [0, 1), with the type and on the device of `like`."""
    return torch.rand(rows, count, generator=generator, device=_at(like, generator)).to(like)


def _at(like: torch.Tensor, generator: torch.Generator | None) -> torch.device:
    """Where numbers are drawn: a generator's own device."""
    return like.device if generator is None else generator.device


def _ramp(angle: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Slopes from -1 to 1 across a face, in the direction of `angle` times 180 degrees."""
    down = torch.linspace(-1, 1, height, device=angle.device).view(1, 1, -1, 1)
    across = torch.linspace(-1, 1, width, device=angle.device).view(1, 1, 1, -1)
    return (torch.cos(math.pi * angle) * across + torch.sin(math.pi * angle) * down) / math.sqrt(2)
