"""augment.py: faces vary within their range, reproducibly, and not at all when told so."""

import torch

from mood2music.face.augment import augment
from mood2music.face.settings import AugmentSettings

FACES = torch.rand(6, 1, 49, 49, generator=torch.Generator().manual_seed(0))
STILL = dict.fromkeys(vars(AugmentSettings()), 0.0)


def test_all_bounds_zero_give_the_faces_back() -> None:
    torch.testing.assert_close(augment(FACES, AugmentSettings(**STILL)), FACES)


def test_flip_one_mirrors_every_face() -> None:
    mirrored = augment(FACES, AugmentSettings(**{**STILL, "flip": 1.0}))
    torch.testing.assert_close(mirrored, FACES.flip(-1))


def test_shape_and_range_stay() -> None:
    varied = augment(FACES, AugmentSettings(brightness=0.9, contrast=0.9))
    assert varied.shape == FACES.shape
    assert varied.min() >= 0
    assert varied.max() <= 1


def test_a_shift_moves_what_is_seen_by_the_fraction_of_the_width() -> None:
    faces = torch.zeros(200, 1, 49, 49)
    faces[:, :, :, 24] = 1.0
    moved = augment(faces, AugmentSettings(**{**STILL, "shift": 0.2}))
    places = moved.mean(dim=(1, 2)).argmax(dim=1)
    assert 7 <= (places - 24).abs().max() <= 0.2 * 49 + 1


def test_the_same_generator_gives_the_same_faces() -> None:
    first, second = (
        augment(FACES, AugmentSettings(), generator=torch.Generator().manual_seed(3))
        for _ in range(2)
    )
    assert torch.equal(first, second)
    other = augment(FACES, AugmentSettings(), generator=torch.Generator().manual_seed(4))
    assert not torch.equal(first, other)


def test_each_face_is_varied_by_its_own_draw() -> None:
    same = FACES[:1].expand(4, -1, -1, -1)
    varied = augment(same, AugmentSettings())
    assert len({tuple(face.flatten().tolist()) for face in varied}) == 4
