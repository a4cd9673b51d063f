"""A convolutional network: convolution and pooling by hand, then real digits on whatever device there is."""

import torch
from torch import nn


def conv_output_size(size, kernel, stride=1, padding=0):
    """Count the places where a window can stand along one side of an image.

    Parameters
    ----------
    size : int
        Pixels along the side.
    kernel : int
        The side of the window.
    stride : int
        How far the window moves from one place to the next.
    padding : int
        Zeros that are put before the first pixel, and as many behind the last one.

    Returns
    -------
    int
        The size of the output along this side.
    """
    raise NotImplementedError("TODO: count the places of the window")


def conv2d(x, weight, bias, stride=1, padding=0):
    """Convolve images with filters as PyTorch does, that is without flipping them.

    No argument is changed, gradients flow back to all three, and the work is done on x's device.

    Parameters
    ----------
    x : tensor of shape (n, c_in, H, W)
        The images.
    weight : tensor of shape (c_out, c_in, k, k)
        The filters.
    bias : tensor of shape (c_out,) or None
        What is added to each output channel.
    stride : int
        How far the window moves, down and to the right.
    padding : int
        Zeros that are put around each image, on all four sides.

    Returns
    -------
    tensor of shape (n, c_out, H', W')
        H' and W' are what `conv_output_size` says.
    """
    raise NotImplementedError("TODO: without PyTorch's own convolutions")


def max_pool2d(x, kernel, stride=None):
    """Keep the largest value under a window, channel by channel.

    No argument is changed, gradients flow back to x, and the work is done on x's device.

    Parameters
    ----------
    x : tensor of shape (n, c, H, W)
        The images.
    kernel : int
        The side of the window.
    stride : int or None
        How far the window moves; as far as it is wide if None.

    Returns
    -------
    tensor of shape (n, c, H', W')
        H' and W' are what `conv_output_size` says, without padding.
    """
    raise NotImplementedError("TODO: without PyTorch's own pooling")


def pick_device():
    """Choose the best device of this machine: CUDA, else Apple's MPS, else the CPU.

    Returns
    -------
    torch.device
        The device.
    """
    raise NotImplementedError("TODO: ask what there is")


class DigitCNN(nn.Module):
    """A small convolutional network for 8x8 images of digits.

    At least two convolutions and one pooling, at most 100,000 parameters, and it runs wherever it is moved.

    Parameters
    ----------
    n_classes : int
        How many logits there are for each image.
    """

    def __init__(self, n_classes=10):
        super().__init__()
        raise NotImplementedError("TODO: make the layers")

    def forward(self, x):
        """Give the logits of a batch of images.

        Parameters
        ----------
        x : tensor of shape (n, 1, 8, 8), float32
            The images, pixels in 0..1.

        Returns
        -------
        tensor of shape (n, n_classes)
            Logits, not probabilities.
        """
        raise NotImplementedError("TODO: from images to logits")


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    """Train a model on batches of images with the cross-entropy loss, and keep a record.

    The model is trained in place and ends on `device`; the same seed gives the same run on the CPU.

    Parameters
    ----------
    model : torch.nn.Module
        From images to logits.
    X_train, X_val : tensor of shape (n, 1, 8, 8), float32
        The images, on the CPU; batches of them are moved to `device`.
    y_train, y_val : tensor of shape (n,), int64
        The labels, on the CPU too.
    device : torch.device
        Where to train.
    epochs : int
        How often all training images are gone through.
    batch_size : int
        Images in a batch. There may be fewer images than that.
    lr : float
        The learning rate.
    seed : int
        Decides all that is random in the run.

    Returns
    -------
    dict of str to list of float
        With the keys "train_loss" and "val_accuracy", one entry for each epoch.
    """
    raise NotImplementedError("TODO: write the loop")


def accuracy(model, X, y, *, device, batch_size=256):
    """Measure the share of images that a model gets right.

    It is measured in evaluation mode and without gradients; afterwards `model.training` is what it was.

    Parameters
    ----------
    model : torch.nn.Module
        From images to logits; it is on `device`.
    X : tensor of shape (n, 1, 8, 8), float32
        The images, on the CPU.
    y : tensor of shape (n,), int64
        Their labels, on the CPU.
    device : torch.device
        Where the model is.
    batch_size : int
        How many images it is shown at once.

    Returns
    -------
    float
        Between 0 and 1.
    """
    raise NotImplementedError("TODO: count what is right")
