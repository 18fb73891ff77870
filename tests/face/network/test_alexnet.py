"""alexnet.py: torchvision's network layer by layer, and a light head that ships."""

import pytest
import torch
import torchvision

from mood2music.face.network.alexnet import AlexNet, fit_state, sum_colours


@pytest.fixture(scope="module")
def published() -> torchvision.models.AlexNet:
    torch.manual_seed(0)
    return torchvision.models.alexnet(num_classes=10).eval()


def test_a_torchvision_state_dict_gives_torchvisions_answers(
    published: torchvision.models.AlexNet,
) -> None:
    ours = AlexNet(10, 3, classifier="torchvision").eval()
    ours.load_state_dict(published.state_dict(), strict=True)
    pictures = torch.rand(2, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(ours(pictures), published(pictures))


def test_grey_through_summed_kernels_equals_grey_in_three_channels(
    published: torchvision.models.AlexNet,
) -> None:
    grey = AlexNet(2, 1).eval()
    grey.load_state_dict(fit_state(sum_colours(published.state_dict()), grey), strict=True)
    picture = torch.rand(1, 1, 80, 80)
    with torch.no_grad():
        one = grey.features[:6](picture)
        three = published.features[:6](picture.expand(-1, 3, -1, -1))
    torch.testing.assert_close(one, three, atol=1e-5, rtol=1e-4)


def test_a_head_of_another_shape_keeps_its_own_weights(
    published: torchvision.models.AlexNet,
) -> None:
    light = AlexNet(2, 3)
    fitted = fit_state(published.state_dict(), light)
    assert torch.equal(fitted["classifier.4.weight"], light.state_dict()["classifier.4.weight"])
    assert torch.equal(fitted["features.3.weight"], published.state_dict()["features.3.weight"])


@pytest.mark.parametrize("size", [63, 80, 96, 224])
def test_input_size_is_free(size: int) -> None:
    assert AlexNet(3, 1).eval()(torch.rand(2, 1, size, size)).shape == (2, 3)


def test_80_pixels_leave_a_map_of_2_by_2() -> None:
    assert AlexNet(1, 1).forward_features(torch.rand(1, 1, 80, 80)).shape == (1, 256, 2, 2)


def test_a_network_fits_6_mb_in_half_precision() -> None:
    assert sum(p.numel() for p in AlexNet(1, 1).parameters()) * 2 <= 6_000_000


def test_no_classes_leave_the_pooled_maps() -> None:
    assert AlexNet(0, 1)(torch.rand(1, 1, 80, 80)).shape == (1, 1024)
