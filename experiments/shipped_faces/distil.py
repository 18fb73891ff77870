"""Distils the shipped face network: two teachers, then the student, one after another on a GPU.

    python -m experiments.shipped_faces.distil faces=FOLDER mobile=package/models/faceres.json

Everything follows the wall clock: learning rates, mixup and augmentation anneal over the time that
each network gets. Writes `out`, a checkpoint for `ship`, and every 20 seconds what there is of it.
"""

import copy
import io
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from experiments.fer import REAL, SYNTHETIC, TEST
from experiments.measuring import composed, measuring
from experiments.shipped_faces import mobile
from mood2music.command.settings import parse
from mood2music.face import metrics
from mood2music.face.dataset.data import FaceData
from mood2music.face.dataset.source import open_source
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.backbone import FaceNetwork, FaceNetworks
from mood2music.face.network.residual import Residual
from mood2music.face.network.settings import AXES, AugmentSettings, FaceSettings
from mood2music.face.training.augment import augment, mix
from mood2music.face.training.task import build_face_task
from mood2music.learn import checkpoint
from mood2music.learn.optimizer_settings import OptimizerSettings

SIZE, WIDE = 48, 96  # pixels a side; channels of the wide teacher's stem
CLASSES = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")  # FER2013's
SHOWN, TOLD = len(AXES), len(AXES) + len(EXPRESSIONS)  # columns that axes and expressions end at
REPEATED = 3  # times a synthetic picture comes in an epoch
MOST_MIXED = 0.35
Guide = tuple[float, nn.Module]  # how much it has to say, and a teacher
# What of the augmentation is left at the end: light and turns stay, what hides the face goes.
MILD = {
    "shift": 0.05, "scale": 0.08, "rotation": 14.0, "contrast": 0.2, "blur": 0.2, "erase": 0.04,
    "wider": 0.25, "exposure": 1.3, "gamma": 0.35, "curve": 0.3, "shade": 0.3, "noise": 0.02,
    "coarse": 0.1, "jpeg": 0.1, "hide": 0.03,
}  # fmt: skip


@dataclass
class Settings:
    """faces, mobile, start, out: files; seconds: of all networks together; batch; device; seed."""

    faces: Path
    mobile: Path | None
    start: Path | None
    out: Path
    seconds: float
    batch: int
    device: str
    seed: int


@dataclass(frozen=True)
class Plan:
    """How a network learns: its first learning rate (batches of 512), and the data's draws."""

    name: str
    rate: float
    seed: int


class Batches:
    """The training part, on the device: faces and all that is told of them."""

    def __init__(self, data: FaceData, classes: np.ndarray[Any, Any], device: torch.device) -> None:
        """Take the table's training rows; classes: (N, 7), zeros where none is known."""
        table, rows = data.table, data.parts.train
        synthetic = [row for row in rows if table.groups[row].startswith(SYNTHETIC)]
        rows = np.concatenate([rows, *[np.array(synthetic, dtype=int)] * (REPEATED - 1)])
        self.images = torch.from_numpy(np.asarray(table.images[rows])).to(device).unsqueeze(1)
        targets = (table.moods[rows], table.shares()[rows], classes[rows])
        self.targets = tuple(torch.from_numpy(t.astype(np.float32)).to(device) for t in targets)

    def epoch(self, size: int, random: torch.Generator) -> Iterator[tuple[torch.Tensor, ...]]:
        """Deal faces (size, 1, 48, 48) in [0, 1], moods, shares and classes at random."""
        order = torch.randperm(len(self.images), generator=random, device=random.device)
        for rows in order.split(size):
            if len(rows) == size:
                yield (self.images[rows].float() / 255, *(t[rows] for t in self.targets))


@measuring
def main(asked: Settings) -> None:
    """Train the teachers and the student, and write the student."""
    device = torch.device(asked.device)
    roots = ",".join(str(asked.faces / name) for name in (REAL, SYNTHETIC, TEST))
    config = composed("experiment=shipped/face", f"data.root=[{roots}]")
    student = Plan("student", 1.2e-3, asked.seed + 7)
    settings = OptimizerSettings("adamw", lr=student.rate)
    task, data, save = build_face_task(config.model, config.data, settings, asked.seed)
    wild = parse(FaceSettings, config.model, "model").augment
    batches = Batches(data, original_classes(asked.faces, data), device)
    end = time.monotonic() + asked.seconds
    outputs = TOLD + len(CLASSES)

    def learnt(
        net: FaceNetworks, plan: Plan, share: float, guides: Sequence[Guide] = ()
    ) -> Iterator[tuple[float, nn.Module, int, float]]:
        """Teach for a share of the time that is left: nats on val first, then as `run` gives."""
        until = time.monotonic() + share * (end - time.monotonic())
        learning = Learning(net.to(device, memory_format=torch.channels_last), plan, wild, asked)
        for shown, epoch, seconds in learning.run(batches, until, guides):
            score = cross_entropy(shown, data, device)
            print(f"{plan.name}: {epoch} epochs, {seconds:.0f} s, {score:.4f} nats", flush=True)
            yield score, shown, epoch, seconds

    teachers = []
    if asked.mobile is not None:
        first = batches.images[:: max(1, len(batches.images) // 192)].float().cpu() / 255
        backbone = mobile.MobileNet(outputs)
        mobile.begin(backbone, asked.mobile, FaceNetwork(nn.Identity(), mobile.SIDE)(first))
        net = FaceNetworks({"joint": FaceNetwork(backbone, mobile.SIDE)})
        teachers += [list(learnt(net, Plan("mobile", 8e-4, asked.seed), 0.25))[-1]]
    plan = Plan("wide", 2.5e-3, asked.seed + 1)
    teachers += [list(learnt(_residual(outputs, WIDE), plan, 0.38))[-1]]
    # A teacher that is .05 nats worse on the val part has a third of the say.
    says = torch.tensor([-score / 0.045 for score, *_ in teachers]).softmax(0).tolist()
    guides = [(say, net) for say, (_, net, *_) in zip(says, teachers, strict=True)]
    net = _residual(outputs, 64)
    if asked.start is not None:
        _begin(net, asked.start)
    for _, shown, epoch, seconds in learnt(net, student, 1.0, guides):
        _keep(shown, task.network)
        save(asked.out, {"epoch": epoch - 1})
        _tell(asked, wild, [told[2] for told in teachers], epoch, seconds)
    print(asked.out)


def original_classes(folder: Path, data: FaceData) -> np.ndarray[Any, Any]:
    """FER2013's own class of each picture of the table, (N, 7) of 0 and 1; zeros where unknown."""
    told: dict[str, str] = {}
    for name in (REAL, TEST):
        with open_source(folder / name, "") as source:
            labels = pd.read_csv(io.BytesIO(source.read("labels.csv")))
        known = labels.dropna(subset="fer2013")
        told |= {f"{name}/{path}": c for path, c in zip(known.path, known.fer2013, strict=True)}
    table = data.table
    roots = [group.split("/", 1)[0] for group in table.groups]
    names = [told.get(f"{root}/{path}") for root, path in zip(roots, table.paths, strict=True)]
    return np.array([[name == c for c in CLASSES] for name in names], dtype=np.float32)


class Learning:
    """A network, its optimizer, and the mean of its weights over steps."""

    def __init__(self, net: nn.Module, plan: Plan, wild: AugmentSettings, asked: Settings) -> None:
        """Teach `net` by `plan`."""
        torch.manual_seed(plan.seed)
        self.net, self.plan, self.wild, self.size = net.train(), plan, wild, asked.batch
        self.shown = copy.deepcopy(net).eval().requires_grad_(False)
        self.device = torch.device(asked.device)
        decayed = [p for p in net.parameters() if p.ndim > 1]
        others = [p for p in net.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": 0.05},
            {"params": others, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=plan.rate, fused=self.device.type == "cuda")
        self.random = torch.Generator(self.device).manual_seed(plan.seed + 17)
        self.steps = 0

    def run(
        self, batches: Batches, until: float, guides: Sequence[Guide]
    ) -> Iterator[tuple[nn.Module, int, float]]:
        """Learn until then; every 20 seconds and at the end the mean network, epochs, seconds."""
        began = told = time.monotonic()
        epoch = 0
        events: list[Any] = []
        while True:
            for batch in batches.epoch(self.size, self.random):
                now = time.monotonic()
                progress = (now - began) / max(until - began, 1e-9)
                if progress >= 1:
                    yield self.shown, epoch, now - began
                    return
                if now - told > 20:
                    told = now
                    yield self.shown, epoch, now - began
                self.step(batch, progress, guides)
                if self.device.type == "cuda":  # the clock is four steps late at most
                    events.append(torch.cuda.Event())
                    events[-1].record()
                    if len(events) > 4:
                        events.pop(0).synchronize()
            epoch += 1

    def step(
        self,
        batch: tuple[torch.Tensor, ...],
        progress: float,
        guides: Sequence[Guide],
    ) -> None:
        """Learn from one batch of faces, moods, shares and classes; progress: of the time, 0 to 1.

        guides: what each teacher says of the altered faces is half of the targets.
        """
        warm = min(1.0, progress / 0.06 + 0.02)
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * warm * 0.5 * (1 + math.cos(math.pi * progress))
        faces, *targets = batch
        faces = augment(faces, annealed(self.wild, progress), generator=self.random)
        if self.steps % 2 and progress < 0.5:
            faces, others, share = mix(faces, MOST_MIXED, generator=self.random)
            targets = [torch.lerp(target, target[others], share) for target in targets]
        faces = faces.contiguous(memory_format=torch.channels_last)
        kind = self.device.type
        if guides:
            with torch.no_grad(), torch.autocast(kind, dtype=torch.bfloat16):
                said = [(say, guide(faces).float()) for say, guide in guides]
            heard = (
                torch.stack([say * out[:, :SHOWN].clamp(-1, 1) for say, out in said]).sum(0),
                torch.stack([say * out[:, SHOWN:TOLD].softmax(1) for say, out in said]).sum(0),
                torch.stack([say * out[:, TOLD:].softmax(1) for say, out in said]).sum(0),
            )
            targets = [(target + other) / 2 for target, other in zip(targets, heard, strict=True)]
        with torch.autocast(kind, dtype=torch.bfloat16):
            out = self.net(faces)
        found = loss(out.float(), *targets)
        self.optimizer.zero_grad(set_to_none=True)
        found.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimizer.step()
        self.steps += 1
        with torch.no_grad():
            by = 1 - min(0.997, (1 + self.steps) / (10 + self.steps))
            mean, now = _floats(self.shown), _floats(self.net)
            torch._foreach_lerp_(mean, [tensor.detach() for tensor in now], by)


def loss(
    out: torch.Tensor, moods: torch.Tensor, shares: torch.Tensor, classes: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of expressions, half that of FER2013's classes, MSE and 1 - CCC of the axes."""
    axes = out[:, :SHOWN]
    apart = F.mse_loss(axes, moods) + (1 - metrics.concordance(moods, axes, 1e-6)).mean()
    total: torch.Tensor = (
        apart + _nats(out[:, SHOWN:TOLD], shares) + 0.5 * _nats(out[:, TOLD:], classes)
    )
    return total


def _nats(scores: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    return -(shares * scores.log_softmax(1)).sum() / shares.sum().clamp_min(1)


def annealed(wild: AugmentSettings, progress: float) -> AugmentSettings:
    """All of the augmentation in the first half, what MILD leaves of it from 85 % on."""
    share = min(1.0, max(0.0, (progress - 0.5) / 0.35))
    bounds = asdict(wild)
    return replace(wild, **{n: bounds[n] + share * (MILD[n] - bounds[n]) for n in MILD})


@torch.no_grad()
def cross_entropy(net: nn.Module, data: FaceData, device: torch.device) -> float:
    """Nats of the val part's photos with votes; each read with its mirror image."""
    table, rows = data.table, data.parts.val
    rows = np.array([row for row in rows if not table.groups[row].startswith(SYNTHETIC)])
    faces = torch.from_numpy(np.asarray(table.images[rows])).unsqueeze(1).to(device)
    told = []
    for part in (faces.float() / 255).split(512):
        views = [net(view)[:, SHOWN:TOLD].softmax(1) for view in (part, part.flip(-1))]
        told.append((views[0] + views[1]).cpu() / 2)
    return metrics.cross_entropy(table.shares()[rows], torch.cat(told).numpy())


def _residual(outputs: int, width: int) -> FaceNetworks:
    return FaceNetworks({"joint": FaceNetwork(Residual(outputs, width), SIZE, own=True)})


def _begin(net: FaceNetworks, start: Path) -> None:
    """Take a checkpoint's weights; the rows that tell FER2013's classes stay as they are."""
    state, own = checkpoint.load(start, "face")[0], net.state_dict()
    for name, value in state.items():
        if value.ndim:
            own[name][: len(value)] = value
    net.load_state_dict(own)


def _keep(shown: nn.Module, ten: nn.Module) -> None:
    """Copy the mean network without the rows that tell FER2013's classes."""
    own = ten.state_dict()
    for name, value in shown.state_dict().items():
        own[name].copy_(value[: len(own[name])] if value.ndim else value)


def _tell(
    asked: Settings, wild: AugmentSettings, epochs: list[int], epoch: int, seconds: float
) -> None:
    """Note in the file's header how it came about, for its card."""
    shapes = [f"this shape at width {WIDE} from scratch in {epochs[-1]} epochs"]
    if asked.mobile is not None:
        shapes.insert(0, f"a MobileNet that began on faces ({mobile.FROM}) in {epochs[0]}")
    state, header = checkpoint.load(asked.out, "face")
    header = {k: v for k, v in header.items() if k not in ("format", "kind", "version")}
    on_gpu = asked.device.startswith("cuda")
    header["distilled"] = {
        "teachers": " and ".join(shapes),
        "start": "scratch" if asked.start is None else "an earlier one",
        "epochs": epoch,
        "seconds": seconds,
        "device": f"an {torch.cuda.get_device_name()}" if on_gpu else "a CPU",
        "annealed": {n: v for n, v in MILD.items() if v != asdict(wild)[n]},
    }
    checkpoint.save(asked.out, state, "face", header, dtype=torch.float16)


def _floats(net: nn.Module) -> list[torch.Tensor]:
    return [t for t in (*net.parameters(), *net.buffers()) if t.is_floating_point()]


if __name__ == "__main__":
    main()
