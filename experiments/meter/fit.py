"""Fits the network that finds a meter, on pieces that state theirs, without those held out.

python -m experiments.meter.fit music=FOLDER
Writes mood2music/music/meter_finder.safetensors.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from tqdm import tqdm

from experiments.measuring import measuring
from experiments.meter.pieces import stated, tunes
from mood2music.files import atomically
from mood2music.music.meter_candidates import CANDIDATES, WHICH
from mood2music.music.meter_features import edges, fits
from mood2music.music.meter_finder import FARTHEST, WEIGHTS
from mood2music.music.meter_signals import hear
from mood2music.music.notes import Notes

# Of each piece, how many forms with a cut beginning; how often the whole, a part, and one of these
# is taken in fitting.
CUTS = 2
TAKEN = (0.4, 0.25, 0.35)


@dataclass
class Settings:
    """music: folder with jazz/, classical/, classical_kern/; held_out: share of it kept away;
    tunes: of each tune book.
    """

    music: Path
    held_out: float
    tunes: int
    hidden: int
    epochs: int
    batch_size: int
    lr: float
    weight_decay: float
    dropout: float
    seed: int


@measuring
def main(asked: Settings) -> None:
    """Measure the candidates, fit and write the weights."""
    every = stated(asked.music, asked.held_out) + tunes(asked.tunes, asked.held_out)
    pieces = [p for p in every if not p.held_out]
    right = [(p, p.candidate) for p in pieces]
    known = [(p, y) for p, y in right if y is not None]
    print(f"{len(known)} pieces to fit on, {len(pieces) - len(known)} in meters not thought of")
    rng = np.random.default_rng(asked.seed)
    measured = torch.from_numpy(
        np.stack([spans(p.notes, rng) for p, _ in tqdm(known, desc="measuring")])
    )
    styles = [p.style for p, _ in known]
    # Styles count by the roots of their sizes, so that no one of them is drowned.
    weight = torch.tensor([styles.count(style) ** -0.5 for style in styles])
    network = fit(measured, torch.tensor([y for _, y in known]), weight / weight.mean(), asked)
    with atomically(WEIGHTS) as unfinished:
        save_file(network.arrays(), unfinished)
    print(WEIGHTS)


def spans(notes: Notes, rng: np.random.Generator) -> np.ndarray:
    """Candidates over the whole piece, its halves and its middle, and of the piece cut off.

    (4 + CUTS, candidates, features), float16. It is cut at a random eighth note of its first bars,
    so that not all that is learnt is that files begin with a bar.
    """
    heard = hear(notes)
    end = heard.end
    parts = [(0, end), (0, end // 2), (end // 2, end), (end // 4, 3 * end // 4)]
    # Of short pieces the parts are too short to tell.
    found = fits(heard, parts if end >= 160 else parts[:1] * 4)
    begins = [0] * 4 + [2 * int(b) for b in rng.integers(0, 24, CUTS)]
    found = np.concatenate([found, np.repeat(found[:1], CUTS, 0)])
    ends = np.stack([edges(heard, min(begin, end - 1)) for begin in begins])
    return np.concatenate([found, ends], 2).astype(np.float16)


class Scorer(torch.nn.Module):
    """The network of `meter_finder.score`."""

    def __init__(self, mean: torch.Tensor, scale: torch.Tensor, hidden: int) -> None:
        """mean, scale: (features,), of what is measured."""
        super().__init__()
        self.mean, self.scale = mean, scale
        size, kinds = len(mean), len(CANDIDATES)
        self.hidden = torch.nn.Linear(size, hidden, bias=False)
        self.shift = torch.nn.Parameter(torch.zeros(kinds, hidden))
        self.out = torch.nn.Parameter(torch.randn(kinds, hidden) * 0.1)
        self.linear = torch.nn.Parameter(torch.zeros(kinds, size))
        self.bias = torch.nn.Parameter(torch.zeros(kinds))
        self.which = torch.from_numpy(WHICH)

    def forward(self, measured: torch.Tensor, dropout: float = 0.0) -> torch.Tensor:
        """Score (n, candidates, features) to (n, candidates); of a piece all lose one feature."""
        x = ((measured - self.mean) / self.scale).clamp(-FARTHEST, FARTHEST)
        x = x * torch.nn.functional.dropout(torch.ones_like(x[:, :1]), dropout, dropout > 0)
        # One product with all signatures' linear parts is faster than a gather of the own ones.
        units = len(self.hidden.weight)
        product = x @ torch.cat([self.hidden.weight, self.linear]).T
        own = self.which[None, :, None].expand(len(x), -1, 1)
        linear = product[..., units:].gather(-1, own)[..., 0] + self.bias[self.which]
        hidden = torch.tanh(product[..., :units] + self.shift[self.which])
        return linear + (hidden * self.out[self.which]).sum(-1)

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights as `meter_finder.score` takes them."""
        named = {
            "mean": self.mean, "scale": self.scale, "hidden": self.hidden.weight.T,
            "shift": self.shift, "out": self.out, "linear": self.linear, "bias": self.bias,
        }  # fmt: skip
        return {
            name: np.ascontiguousarray(value.detach().numpy().astype(np.float32))
            for name, value in named.items()
        }


def fit(
    measured: torch.Tensor, right: torch.Tensor, weight: torch.Tensor, asked: Settings
) -> Scorer:
    """Fit a conditional logit over the candidates of each piece.

    measured: (pieces, spans, candidates, features), as `spans` gives them; right: (pieces,) numbers
    of candidates; weight: (pieces,).
    """
    torch.manual_seed(asked.seed)
    rng = np.random.default_rng(asked.seed)
    whole = measured[:, 0].flatten(0, 1).float()
    chances = np.array([TAKEN[0], *[TAKEN[1] / 3] * 3, *[TAKEN[2] / CUTS] * CUTS])
    network = Scorer(whole.mean(0), whole.std(0) + 1e-6, asked.hidden)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=asked.lr, weight_decay=asked.weight_decay
    )
    batches = max(len(measured) // asked.batch_size, 1)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, asked.epochs * batches)
    for _ in tqdm(range(asked.epochs), desc="epochs"):
        for ids in np.array_split(rng.permutation(len(measured)), batches):
            span = rng.choice(len(chances), len(ids), p=chances)
            scores = network(measured[ids, span].float(), asked.dropout)
            losses = torch.nn.functional.cross_entropy(scores, right[ids], reduction="none")
            optimizer.zero_grad()
            (losses * weight[ids]).mean().backward()
            optimizer.step()
            schedule.step()
    return network


if __name__ == "__main__":
    main()
