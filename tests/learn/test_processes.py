"""processes.py: two processes that share a batch learn what one would."""

import multiprocessing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
import torch.distributed as dist

from mood2music.face.dataset.data import FaceBatch
from mood2music.learn.processes import gathered, processes, rank, share, to_learn


class Pair(NamedTuple):
    """A batch."""

    x: torch.Tensor
    y: torch.Tensor


def correlation_loss(predicted: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """No mean of rows: 1 - the concordance of all."""
    p, w = predicted - predicted.mean(), wanted - wanted.mean()
    shift = (predicted.mean() - wanted.mean()) ** 2
    return 1 - 2 * (p * w).mean() / ((p**2).mean() + (w**2).mean() + shift)


def learn(rows: int) -> tuple[float, torch.Tensor]:
    """The loss of a batch of `rows`, and the gradient as DDP would average it."""
    random = torch.Generator().manual_seed(0)
    batch = Pair(torch.rand(rows, 3, generator=random), torch.rand(rows, generator=random))
    weight = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
    own = share(batch)
    predicted = gathered(own.batch.x @ weight, own.counts)
    loss = correlation_loss(predicted, gathered(own.batch.y, own.counts))
    to_learn(loss).backward()
    assert weight.grad is not None
    if processes() > 1:
        dist.all_reduce(weight.grad)
    return loss.item(), weight.grad / processes()


def one_of_three(number: int, store: str, told: Any) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=number, world_size=3)
    assert (processes(), rank()) == (3, number)
    faces = share(
        FaceBatch(torch.zeros(7, 1, 2, 2), torch.zeros(7, 2), torch.arange(7), torch.zeros(7, 8))
    )
    found = [learn(rows) for rows in (12, 7, 2)]
    told.put((number, [(loss, grad.tolist()) for loss, grad in found],
              faces.batch.expressions.tolist()))  # fmt: skip
    dist.barrier()
    dist.destroy_process_group()


def test_one_process_takes_a_batch_as_it_is() -> None:
    batch = Pair(torch.rand(4, 3), torch.rand(4))
    assert share(batch).batch is batch
    assert gathered(batch.x) is batch.x
    assert to_learn(batch.x).equal(batch.x)


@pytest.mark.slow
def test_shares_of_three_processes_give_the_loss_and_gradient_of_one(tmp_path: Path) -> None:
    # Rows that three divide, that they do not, and fewer than processes.
    alone = [learn(rows) for rows in (12, 7, 2)]
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    workers = [
        context.Process(target=one_of_three, args=(number, str(tmp_path / "store"), told))
        for number in range(3)
    ]
    for worker in workers:
        worker.start()
    answers = sorted(told.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    for _, found, _ in answers:
        for (loss, grad), (whole_loss, whole_grad) in zip(found, alone, strict=True):
            assert loss == pytest.approx(whole_loss, abs=1e-6)
            torch.testing.assert_close(torch.tensor(grad), whole_grad, atol=1e-5, rtol=1e-4)
    assert [faces for *_, faces in answers] == [[0, 3, 6], [1, 4], [2, 5]]
