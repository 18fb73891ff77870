"""augment.py: faces vary within their range, reproducibly, and not at all when told so."""

import torch

from mood2music.face.network.settings import AugmentSettings
from mood2music.face.training.augment import augment, mix

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


def test_blur_softens_and_keeps_the_mean() -> None:
    soft = augment(FACES, AugmentSettings(**{**STILL, "blur": 1.0}))
    steps, softer = (faces.diff(dim=-1).abs().mean((1, 2, 3)) for faces in (FACES, soft))
    assert (softer < steps).all()
    torch.testing.assert_close(soft.mean(), FACES.mean(), atol=0.01, rtol=0)


def test_erase_paints_one_rectangle_of_one_grey() -> None:
    erased = augment(FACES, AugmentSettings(**{**STILL, "erase": 1.0}))
    still = augment(FACES, AugmentSettings(**STILL))
    for face, before in zip(erased[:, 0], still[:, 0], strict=True):
        changed = face != before
        rows, columns = changed.any(1).nonzero(), changed.any(0).nonzero()
        sides = [int(places.max() - places.min()) + 1 for places in (rows, columns)]
        assert all(0.2 * 49 - 1 <= side <= 0.5 * 49 + 1 for side in sides)
        assert changed.sum() == sides[0] * sides[1]
        assert face[changed].unique().numel() == 1


def test_erase_leaves_the_share_that_is_asked() -> None:
    faces = FACES[:1].expand(400, -1, -1, -1)
    erased = augment(faces, AugmentSettings(**{**STILL, "erase": 0.3}))
    still = augment(faces, AugmentSettings(**STILL))
    share = (erased != still).flatten(1).any(1).float().mean()
    assert 0.22 < share < 0.38


def test_hide_covers_eyes_or_mouth_with_one_grey() -> None:
    hidden = augment(FACES, AugmentSettings(**{**STILL, "hide": 1.0}))
    for face, before in zip(hidden[:, 0], FACES[:, 0], strict=True):
        rows = ((face - before).abs() > 1e-4).any(1).nonzero().flatten()
        middle = float(rows.float().mean() + 0.5) / 49
        assert 0.3 < middle < 0.4 or 0.7 < middle < 0.85


def test_wider_frames_a_face_up_to_so_much_smaller() -> None:
    faces = torch.zeros(300, 1, 49, 49)
    faces[:, :, 14:35, 14:35] = 1.0
    small = augment(faces, AugmentSettings(**{**STILL, "wider": 0.45}))
    kept = small.mean((1, 2, 3)) / faces.mean((1, 2, 3))
    assert 1 / 1.45**2 - 0.02 < kept.min() < 0.56
    assert kept.max() <= 1.001


def test_mixed_faces_are_the_shares_that_are_told() -> None:
    mixed, others, share = mix(FACES, 0.4, generator=torch.Generator().manual_seed(0))
    part = share.view(-1, 1, 1, 1)
    torch.testing.assert_close(mixed, (1 - part) * FACES + part * FACES[others])
    assert share.max() <= 0.4
    assert sorted(others.tolist()) == list(range(6))
