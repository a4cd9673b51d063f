"""The numbers of the README. Run `pytest` in this folder; `dlgrade check exercise07` checks far more."""

import pytest
import torch
from cnn import DigitCNN, accuracy, conv2d, conv_output_size, max_pool2d, pick_device, train_cnn

X = torch.tensor([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
WEIGHT = torch.tensor([[[[1.0, 2], [3, 4]]]])
CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "expected"), [(3, 1, 0, 26), (3, 1, 1, 28), (3, 2, 1, 14), (3, 2, 0, 13)]
)
def test_output_size_of_28_pixels(kernel, stride, padding, expected):
    """The worked sizes; with stride 2 and no padding the last step does not fit."""
    assert conv_output_size(28, kernel, stride=stride, padding=padding) == expected


def test_conv2d_does_not_flip_the_filter():
    """1·1 + 2·2 + 4·3 + 5·4 = 37 at the first place."""
    assert conv2d(X, WEIGHT, None).tolist() == [[[[37.0, 47.0], [67.0, 77.0]]]]
    assert conv2d(X, WEIGHT, torch.tensor([0.5])).tolist() == [[[[37.5, 47.5], [67.5, 77.5]]]]


def test_conv2d_with_stride_and_padding():
    """With a ring of zeros and steps of 2 the window meets 1, then 2 and 3, then 4 and 7, then the rest."""
    assert conv2d(X, WEIGHT, None, stride=2, padding=1).tolist() == [[[[4.0, 18.0], [36.0, 77.0]]]]


def test_conv2d_adds_over_channels():
    """Two input channels with a filter of 1x1 each: 10·x + 1·(−x) = 9·x."""
    both = torch.cat([X, -X], dim=1)
    assert torch.equal(conv2d(both, torch.tensor([[[[10.0]], [[1.0]]]]), None), 9 * X)


IMAGE = torch.tensor([[[[1.0, 5, 2, 0], [3, 4, 8, 7], [-1, -2, 9, 6]]]])


def test_max_pool2d_keeps_the_largest():
    """The third row is left over; windows that overlap see it; negative numbers have a largest too."""
    assert max_pool2d(IMAGE, 2).tolist() == [[[[5.0, 8.0]]]]
    assert max_pool2d(IMAGE, 2, stride=1).tolist() == [[[[5.0, 8.0, 8.0], [4.0, 9.0, 9.0]]]]
    assert max_pool2d(-IMAGE - 1, 2).tolist() == [[[[-2.0, -1.0]]]]


def test_pick_device_gives_a_device():
    """Whatever this machine has."""
    device = pick_device()
    assert isinstance(device, torch.device)
    assert device.type in ("cuda", "mps", "cpu")


def test_network_turns_images_into_logits():
    """A row for each image, and no more than 100,000 parameters."""
    model = DigitCNN(n_classes=7).eval()
    assert model(torch.zeros(5, 1, 8, 8)).shape == (5, 7)
    assert 0 < sum(parameter.numel() for parameter in model.parameters()) <= 100_000


class FirstPixels(torch.nn.Module):
    """The first ten pixels of an image are its logits."""

    def forward(self, x):
        return x.flatten(1)[:, :10]


def test_accuracy_is_the_share_of_right_answers():
    """Three of four are right, whatever the batch size, and the model is still in training mode."""
    model, X, y = FirstPixels(), torch.eye(4, 64).view(4, 1, 8, 8), torch.tensor([0, 1, 2, 9])
    assert accuracy(model, X, y, device=CPU) == pytest.approx(0.75)
    assert accuracy(model, X, y, device=CPU, batch_size=3) == pytest.approx(0.75)
    assert model.training


def test_training_learns_light_from_dark():
    """Ten dark and ten bright images, fewer than a batch, are told apart after a few epochs."""
    X = torch.cat([torch.full((10, 1, 8, 8), 0.1), torch.full((10, 1, 8, 8), 0.9)])
    y = torch.tensor([0] * 10 + [1] * 10)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 2))
    history = train_cnn(model, X, y, X, y, device=CPU, epochs=30, lr=0.05)
    assert len(history["train_loss"]) == len(history["val_accuracy"]) == 30
    assert history["train_loss"][-1] < history["train_loss"][0]
    assert history["val_accuracy"][-1] == pytest.approx(1.0)
