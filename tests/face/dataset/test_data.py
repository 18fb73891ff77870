"""data.py: whole batches, each face once an epoch, what the header tells."""

import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.face.dataset.data import build_data

DRAWN = {"name": "drawn", "count": 50, "val_fraction": 0.2, "test_fraction": 0.2, "batch_size": 8}


def test_batches_hold_faces_moods_and_expressions() -> None:
    data, _ = build_data(DRAWN, seed=0)
    batch = next(iter(data.train_dataloader()))
    assert batch.faces.shape == (8, 1, 49, 49)
    assert 0 <= batch.faces.min() <= batch.faces.max() <= 1
    assert batch.moods.shape == (8, 2)
    assert batch.expressions.shape == (8,)


def test_an_epoch_shows_every_face_of_its_part_once() -> None:
    data, _ = build_data(DRAWN, seed=0)
    seen = torch.cat([batch.moods for batch in data.train_dataloader()])
    truth = torch.from_numpy(data.table.moods[data.parts.train])
    assert sorted(seen[:, 0].tolist()) == sorted(truth[:, 0].tolist())
    assert [len(b.moods) for b in data.val_dataloader()] == [8, 2]
    assert sum(len(b.moods) for b in data.test_dataloader()) == 10


@pytest.mark.parametrize(
    ("size", "batches"), [(29, [30]), (30, [30]), (28, [28, 2]), (1, [1] * 30)]
)
def test_no_face_is_left_alone_in_the_last_training_batch(size: int, batches: list[int]) -> None:
    data, _ = build_data({**DRAWN, "batch_size": size}, seed=0)
    loader = data.train_dataloader()
    assert [len(batch.moods) for batch in loader] == batches
    assert len(loader) == len(batches)


def test_the_order_is_the_seeds_and_changes_from_epoch_to_epoch() -> None:
    first, again = (build_data(DRAWN, seed=3)[0].train_dataloader() for _ in range(2))
    one, same = next(iter(first)), next(iter(again))
    assert torch.equal(one.moods, same.moods)
    assert not torch.equal(one.moods, next(iter(first)).moods)


def test_the_header_tells_data_split_and_fingerprint_but_no_path() -> None:
    _, header = build_data(DRAWN, seed=0)
    assert header["data"]["name"] == "drawn"
    assert header["split"] == {"train": 30, "val": 10, "test": 10, "duplicates": 0, "seed": 0}
    assert len(header["data_fingerprint"]) == 64
    assert "root" not in header["data"]


def test_another_data_set_has_another_fingerprint() -> None:
    assert build_data(DRAWN, 0)[1] != build_data({**DRAWN, "seed": 1}, 0)[1]


@pytest.mark.parametrize("config", [{"name": "midi"}, {}, {"name": "drawn", "coutn": 3}])
def test_an_unknown_name_or_key_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="data"):
        build_data(config, 0)
