"""Trains the small network that says whether a face's mouth and eyes are hidden."""

import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

from experiments.face_cover.pool import Pool
from mood2music.face.network.settings import AugmentSettings
from mood2music.face.training.augment import augment
from mood2music.learn.precision import has_amx

CHANNELS = (12, 16, 24, 24)
BATCH, RATE, DECAY = 256, 4e-3, 0.02
VARIED = AugmentSettings(
    shift=0.07, scale=0.12, rotation=25, wider=0.3, brightness=0.1, contrast=0.3, exposure=1.7,
    gamma=0.5, curve=0.4, shade=0.4, noise=0.03, blur=0.4, coarse=0.3, jpeg=0.3,
)  # fmt: skip


class Hidden(nn.Module):
    """Four convolutions and a linear layer on a face that is brought to mean 0 and deviation 1."""

    def __init__(self) -> None:
        """Make the layers for faces of 48 x 48 pixels."""
        super().__init__()
        sizes = (5, 3, 3, 3)
        inputs = (1, *CHANNELS[:-1])
        self.convolutions = nn.ModuleList(
            nn.Conv2d(i, o, size, padding=size // 2, stride=2 if size == 5 else 1, bias=False)
            for i, o, size in zip(inputs, CHANNELS, sizes, strict=True)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for o in CHANNELS)
        self.pooled = (False, True, True, False)  # after which convolutions
        self.dropout = nn.Dropout(0.1)
        self.last = nn.Linear(CHANNELS[-1] * 36, 2)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map (batch, 1, 48, 48) in [0, 1] to (batch, 2) log odds of a hidden mouth and eyes."""
        mean = faces.mean((1, 2, 3), keepdim=True)
        maps = (faces - mean) / (faces.std((1, 2, 3), keepdim=True, unbiased=False) + 0.02)
        for layer, norm, pooled in zip(self.convolutions, self.norms, self.pooled, strict=True):
            maps = F.relu(norm(layer(maps)))
            maps = F.max_pool2d(maps, 2) if pooled else maps
        told: torch.Tensor = self.last(self.dropout(maps.flatten(1)))
        return told


def train(pool: Pool, epochs: int, seed: int) -> Hidden:
    """Train on a pool: cross-entropy of both answers, AdamW, one cosine."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    network = Hidden().to(memory_format=torch.channels_last)
    steps = epochs * (len(pool.images) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
    images, hidden = torch.from_numpy(pool.images), torch.from_numpy(pool.hidden)
    for _ in tqdm(range(epochs), unit=" epochs"):
        order = torch.randperm(len(images), generator=random)
        for rows in order[: len(order) // BATCH * BATCH].split(BATCH):
            faces = augment(images[rows].unsqueeze(1).float() / 255, VARIED, generator=random)
            with torch.autocast("cpu", torch.bfloat16, enabled=has_amx()):
                told = network(faces.contiguous(memory_format=torch.channels_last))
            loss = F.binary_cross_entropy_with_logits(told.float(), hidden[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()
