"""Makes a Lightning task that teaches face networks, and what saves them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from omegaconf import DictConfig

from mood2music.command.settings import parse
from mood2music.errors import DataError
from mood2music.face import metrics
from mood2music.face.dataset.data import FaceBatch, FaceData, build_data
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network import stored
from mood2music.face.network.backbone import FaceNetworks, build_networks
from mood2music.face.network.settings import AXES, FaceSettings, outputs
from mood2music.face.training.augment import augment, mix
from mood2music.files import checksum
from mood2music.learn import checkpoint, optimizer
from mood2music.learn.optimizer_settings import OptimizerSettings
from mood2music.learn.processes import Share, gathered, rank, share, to_learn
from mood2music.learn.task import Task
from mood2music.registry import find

Save = Callable[[Path, dict[str, float]], None]


# Channels of cnn10's first layer from which bf16 is faster where the processor has AMX
# (experiments/training_precision).
WIDE = 32


class _Told(NamedTuple):
    """What the network says of all faces of a batch, and what is true of them."""

    predicted: torch.Tensor
    moods: torch.Tensor
    expressions: torch.Tensor
    shares: torch.Tensor


def _told(predicted: torch.Tensor, own: Share[FaceBatch]) -> _Told:
    """Put together what each process predicts of its share."""
    parts = predicted, own.batch.moods, own.batch.expressions, own.batch.shares
    return _Told(*(gathered(part, own.counts) for part in parts))


class FaceTask(Task):
    """Fit faces to moods (or expressions); logs train/loss, and of val and test figures by axis."""

    def __init__(
        self,
        networks: FaceNetworks,
        settings: FaceSettings,
        optimizer: OptimizerSettings,
        seed: int,
    ) -> None:
        """Teach `networks`, called `network` here; seed: of the augmentation's draws."""
        super().__init__()
        # Channels last: a fifth more pictures a second on a CPU for AlexNet at 80 pixels.
        self.network: FaceNetworks = networks.to(memory_format=torch.channels_last)
        self.settings, self.optimizer_settings = settings, optimizer
        self._seed, self._random = seed, torch.Generator().manual_seed(seed)
        self._seen: list[_Told] = []

    @property
    def fast_in_bf16(self) -> bool:
        """Whether layers are wide enough: not those of the tiny network."""
        return self.settings.name != "cnn10" or self.settings.width >= WIDE

    def on_train_batch_start(self, batch: FaceBatch, batch_idx: int) -> None:
        """Draw each epoch's augmentation from the seed and the epoch, so that a resumed run can.

        At its first batch: Lightning calls no on_train_epoch_start when a run is resumed.
        """
        if batch_idx == 0:
            # Primes keep the seeds apart; each process varies its own faces.
            self._random.manual_seed(self._seed + 7919 * self.current_epoch + 104729 * rank())

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map faces (batch, 1, size, size) in [0, 1] to outputs (batch, axes or expressions)."""
        out: torch.Tensor = self.network(faces)
        # Losses are of float32: squares and correlations of 16 bits are too coarse.
        return out.float() if out.dtype in (torch.bfloat16, torch.float16) else out

    def training_step(self, batch: FaceBatch, batch_idx: int) -> torch.Tensor:
        """Loss on augmented faces."""
        if self.settings.freeze:
            self.network.eval()
        own = share(batch)
        with torch.autocast(self.device.type, enabled=False):
            varied = augment(own.batch.faces, self.settings.augment, generator=self._random)
            if self.settings.mixup:
                varied, own = self._mixed(varied, own)
        told = _told(self(varied), own)
        found = loss(told.predicted, told.moods, told.shares, self.settings)
        self.log("train/loss", found, on_step=True, on_epoch=False, prog_bar=True)
        shown = {"loss": found.detach(), **self._accuracy(told.predicted, told.expressions)}
        figures = {f"train/epoch_{name}": value for name, value in shown.items()}
        self.log_dict(figures, on_step=False, on_epoch=True, batch_size=len(told.moods))
        return to_learn(found)

    def _mixed(
        self, faces: torch.Tensor, own: Share[FaceBatch]
    ) -> tuple[torch.Tensor, Share[FaceBatch]]:
        """Lay faces over one another, and mix what is true of them alike."""
        batch = own.batch
        mixed, others, share = mix(faces, self.settings.mixup, generator=self._random)
        targets = {
            "moods": torch.lerp(batch.moods, batch.moods[others], share),
            "shares": torch.lerp(batch.shares, batch.shares[others], share),
        }
        return mixed, replace(own, batch=replace(batch, **targets))

    def examples(self, batch: FaceBatch) -> npt.NDArray[np.uint8]:
        """Draw up to 8 x 8 varied training faces, in whole rows, as one grey picture."""
        random = torch.Generator().manual_seed(self._seed)
        varied = augment(batch.faces[:64], self.settings.augment, generator=random)
        across, side = min(8, len(varied)), varied.shape[-1]
        rows = varied[: len(varied) // across * across].view(-1, across, side, side)
        grid = rows.transpose(1, 2).reshape(-1, across * side)  # faces side by side
        return (grid * 255).round().byte().cpu().numpy()

    def validation_step(self, batch: FaceBatch, batch_idx: int) -> None:
        """Keep predictions; the figures need all of them."""
        own = share(batch)
        self._seen.append(_told(self(own.batch.faces), own))

    def test_step(self, batch: FaceBatch, batch_idx: int) -> None:
        """Keep predictions of the test part."""
        self.validation_step(batch, batch_idx)

    def on_validation_epoch_end(self) -> None:
        """Log loss and figures over the whole val part: CCC is no mean of batches."""
        self._log_figures("val")

    def on_test_epoch_end(self) -> None:
        """Log the same figures of the whole test part."""
        self._log_figures("test")

    def _log_figures(self, part: str) -> None:
        predicted, moods, expressions, shares = (
            torch.cat([getattr(seen, name) for seen in self._seen]) for name in _Told._fields
        )
        self._seen.clear()
        shown = part == "val"
        self.log(f"{part}/loss", loss(predicted, moods, shares, self.settings), prog_bar=shown)
        for name, value in self._accuracy(predicted, expressions).items():
            self.log(f"{part}/{name}", value, prog_bar=shown)
        if self.settings.target == "expression":
            return
        for column, axis in enumerate(self.settings.axes):
            truth = moods[:, AXES.index(axis)].cpu().numpy()
            pair = truth, predicted[:, column].float().cpu().numpy()
            for name, figure in metrics.measure(*pair).items():
                self.log(f"{part}/{axis}_{name}", figure, prog_bar=shown and name == "ccc")

    def configure_optimizers(self) -> Any:
        """Make the optimizer and, when one is set, its schedule over all planned steps."""
        steps = int(self.trainer.estimated_stepping_batches)
        return optimizer.configure(self.network.parameters(), self.optimizer_settings, steps)

    def _accuracy(
        self, predicted: torch.Tensor, expressions: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Share of the known expressions that are told right; {} when the network tells none."""
        known = expressions >= 0
        if self.settings.target == "valence_arousal" or not known.any():
            return {}
        told = predicted[:, -len(EXPRESSIONS) :].argmax(1)
        return {"accuracy": (told == expressions)[known].float().mean()}


def loss(
    predicted: torch.Tensor,
    moods: torch.Tensor,
    shares: torch.Tensor,
    settings: FaceSettings,
) -> torch.Tensor:
    """The loss that `settings` names: of the axes, of the expressions, or the sum of both.

    predicted: (batch, outputs); moods: (batch, 2); shares: (batch, 8) of the votes for each
    expression; rows of zeros, where none is known, count for nothing.
    """
    parts = []
    if settings.target != "expression":
        columns = [AXES.index(axis) for axis in settings.axes]
        of_axes = find("axes_loss", settings.loss, "model.loss").build
        parts.append(of_axes(predicted[:, : len(columns)], moods[:, columns]))
    if settings.target != "valence_arousal":
        logits, known = predicted[:, -len(EXPRESSIONS) :], shares.sum(1) > 0
        told = F.cross_entropy(
            logits[known],
            shares[known],
            label_smoothing=settings.label_smoothing,
            reduction="sum",
        )
        parts.append(told / known.sum().clamp_min(1))
    return torch.stack(parts).sum()


def _check_expressions(settings: FaceSettings, data: FaceData) -> None:
    """Raise DataError where expressions are learnt, or are all that is, and no picture tells any.

    The loss would be 0 from the beginning.
    """
    learnt = {"valence_arousal": (), "expression": ("train", "val"), "both": ("train",)}
    shares = data.table.shares()
    for part in learnt[settings.target]:
        if not shares[getattr(data.parts, part)].any():
            raise DataError(
                f"model.target={settings.target}: no picture of {part} tells an expression, give "
                "labels.csv a column expression, or set model.target=valence_arousal"
            )


def build_face_task(
    model: Mapping[str, Any] | DictConfig,
    data: Mapping[str, Any] | DictConfig,
    optimizer: OptimizerSettings,
    seed: int,
) -> tuple[FaceTask, FaceData, Save]:
    """Make all that training.fit needs: the task, its data, and save(path, metrics).

    model, data: the groups of a composed config. Raises SettingsError, DataError or
    CheckpointError as the parts do.
    """
    settings = parse(FaceSettings, model, "model")
    named = {"init": settings.init, "weights": settings.weights}
    files = {option: Path(f).expanduser() for option, f in named.items() if f is not None}
    there: dict[str, Any] = {option: str(path) for option, path in files.items()}
    settings = replace(settings, **there)
    torch.manual_seed(seed)  # first weights
    networks = build_networks(settings)
    if settings.init is not None:
        stored.start_from(networks, settings, Path(settings.init))
    faces, told = build_data(data, seed)
    _check_expressions(settings, faces)
    moods = faces.table.moods[faces.parts.train]
    means = {axis: float(np.mean(moods[:, AXES.index(axis)])) for axis in settings.axes}
    # Files are told by checksum: their paths mean nothing on another machine.
    started_from = {option: checksum(path) for option, path in files.items()}
    bare = replace(settings, init=None, weights=None)
    header = {
        "settings": asdict(bare),
        "started_from": started_from,
        "outputs": outputs(settings),
        "means": means,
        **told,
    }
    header["optimizer"] = asdict(optimizer)
    task = FaceTask(networks, settings, optimizer, seed)

    def save(path: Path, figures: dict[str, float]) -> None:
        full = {**header, "metrics": figures}
        checkpoint.save(path, networks.state_dict(), stored.KIND, full, dtype=torch.float16)

    return task, faces, save
