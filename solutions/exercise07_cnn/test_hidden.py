"""Hidden suite of exercise07: what a right `cnn.py` does, whichever way it was written.

Convolution and pooling are held against PyTorch's own in float64, their gradients against autograd and
central differences. Where there is no GPU, torch's meta device stands for one: it computes shapes only, and
`cnn_lab.py` keeps its tensors apart from those on the CPU as CUDA would. A file that asks there for numbers
that do not exist is not judged by it. Where the worker has CUDA, the same tests also run on it.

Two runs of training are compared only with each other; nothing random is compared with a stream of numbers.
Of the held-out digits a right file need not reach 97 % by luck alone: the better of two seeds counts.

This file is about convolution and pooling, test_hidden_network.py about the network and its device,
test_hidden_training.py about training and accuracy. What is drawn lies in cnn_cases.py, how the worker is
looked into in cnn_worker.py.
"""

import numpy as np
import torch
import torch.nn.functional as F
from cnn_cases import (
    convolution,
    convolution_of,
    drawn_upstream,
    lookalike_convolution,
    pooling,
    side,
    small_convolution,
    tensors,
)
from cnn_worker import LAB, check_place, elsewhere, operations, pulled_back, tensor

from dlgrade.suite import cases, check, criterion, lab, oracle

# The size of what comes out.


def places(size: int, kernel: int, stride: int, padding: int) -> int:
    """Count where the window can stand by trying."""
    return sum(at + kernel <= size + padding for at in range(-padding, size + padding, stride))


@criterion("conv_output_size")
def test_output_size_gives_the_worked_numbers(student):
    """28 pixels under a window of 3 give 26, with padding 1 again 28, and with stride 2 beside it 14."""
    check.integer(student.conv_output_size(28, 3), 26, name="conv_output_size(28, 3)")
    got = student.conv_output_size(28, 3, padding=1)
    check.integer(got, 28, name="conv_output_size(28, 3, padding=1)")
    got = student.conv_output_size(28, 3, stride=2, padding=1)
    check.integer(got, 14, name="conv_output_size(28, 3, stride=2, padding=1)")
    check.integer(student.conv_output_size(28, 3, stride=2), 13, name="conv_output_size(28, 3, stride=2)")
    check.integer(student.conv_output_size(8, 8), 1, name="conv_output_size(8, 8)")


@criterion("conv_output_size")
@cases(side, 200)
def test_output_size_counts_the_places(student, side):
    """It is the number of places where the window can stand, also where the last step does not fit."""
    size, kernel, stride, padding = side
    got = student.conv_output_size(size, kernel, stride=stride, padding=padding)
    check.integer(got, places(*side), name="the output size")


# Convolution.


def check_conv2d(student, case, dtype=torch.float64) -> None:
    *arrays, stride, padding = case
    x, weight, bias = tensors(*arrays, dtype=dtype)
    got = student.conv2d(x, weight, bias, stride=stride, padding=padding)
    want = F.conv2d(x, weight, bias, stride, padding)
    check.close(tensor(got, "conv2d(...)"), want.numpy(), name="conv2d(...)", terms=weight[0].numel())


@criterion("conv2d")
def test_conv2d_gives_the_worked_numbers(student):
    """The filter is not flipped, every channel is added, and the bias comes once."""
    x = torch.tensor([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]], dtype=torch.float64)
    weight = torch.tensor([[[[1.0, 2], [3, 4]]]], dtype=torch.float64)
    got = tensor(student.conv2d(x, weight, None), "conv2d(...)")
    check.close(got, [[[[37.0, 47], [67, 77]]]], name="conv2d(...)")
    got = tensor(student.conv2d(x, weight, torch.tensor([0.5], dtype=torch.float64)), "conv2d(...)")
    check.close(got, [[[[37.5, 47.5], [67.5, 77.5]]]], name="conv2d(...)")
    got = tensor(student.conv2d(x, weight, None, stride=2, padding=1), "conv2d(...)")
    check.close(got, [[[[4.0, 18], [36, 77]]]], name="conv2d(...)")


@criterion("conv2d")
def test_an_impulse_gives_the_filter_turned_round(student):
    """One bright pixel leaves the filter turned by 180 degrees, for the filter itself is not flipped."""
    x, weight = torch.zeros(1, 1, 5, 5, dtype=torch.float64), torch.arange(1.0, 10).double().view(1, 1, 3, 3)
    x[0, 0, 2, 2] = 1.0
    got = tensor(student.conv2d(x, weight, None), "conv2d(...)")
    check.close(got, weight.flip(2, 3).numpy(), name="conv2d(...)")


@criterion("conv2d")
@cases(convolution, 120)
def test_conv2d_of_random_images(student, convolution):
    """It agrees with PyTorch for filters of 1 to 5 pixels, strides and padding to 3, with or without bias."""
    check_conv2d(student, convolution)


@criterion("conv2d")
@cases(lookalike_convolution, 60)
def test_conv2d_where_sizes_are_equal_or_one(student, convolution):
    """It agrees with PyTorch where sizes are equal, or where there is one image, channel or row."""
    check_conv2d(student, convolution)


@criterion("conv2d")
@cases(convolution, 15)
def test_conv2d_in_single_precision(student, convolution):
    """It takes float32 as well."""
    check_conv2d(student, convolution, torch.float32)


@criterion("conv2d")
def test_conv2d_without_stride_and_padding(student, rng):
    """Without stride and padding they are 1 and 0."""
    x, weight, bias = tensors(
        rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
    )
    got = tensor(student.conv2d(x, weight, bias), "conv2d(...)")
    check.close(got, F.conv2d(x, weight, bias).numpy(), name="conv2d(...)", terms=27)


@criterion("conv2d")
def test_conv2d_of_a_whole_layer(student, rng):
    """A batch of 16 images with 8 channels goes through 24 filters."""
    case = rng.normal(size=(16, 8, 8, 8)), rng.normal(size=(24, 8, 3, 3)), rng.normal(size=24)
    check_conv2d(student, (*case, 1, 1))


@criterion("conv2d")
def test_conv2d_does_its_work_itself(student, rng):
    """No convolution of PyTorch's runs inside, whichever way it would be called."""
    inside = operations(student, lambda: check_conv2d(student, convolution_of(rng)))
    check.that(not inside, f"`conv2d` lets PyTorch convolve: {', '.join(inside)} ran inside")


@criterion("conv2d")
def test_conv2d_works_where_x_is(student, rng):
    """The answer is made on the device of x, not on the CPU."""
    worker = lab(student, LAB)
    *arrays, stride, padding = convolution_of(rng)
    x, weight, bias = tensors(*arrays)
    shape = tuple(F.conv2d(x, weight, bias, stride, padding).shape)
    for device in ["meta", *worker.devices()]:
        held = [worker.on.keep()(each, device) for each in (x, weight, bias)]

        def call(held=held):
            return student.conv2d.keep()(*held, stride=stride, padding=padding)

        check_place(worker, elsewhere(worker, call), shape, device, name="conv2d(...)")


# The gradients of convolution.


def check_conv2d_gradients(student, case) -> None:
    *arrays, stride, padding = case
    given = [array for array in arrays if array is not None]

    def convolved(x, weight, bias=None):
        return F.conv2d(x, weight, bias, stride, padding)

    upstream = drawn_upstream(convolved(*tensors(*given)))
    want = oracle.gradients(lambda *args: (convolved(*args) * upstream).sum(), *given)
    worker = lab(student, LAB)
    leaves = [None if each is None else worker.leaf.keep()(each) for each in tensors(*arrays)]
    out = student.conv2d.keep()(*leaves, stride=stride, padding=padding)
    got = pulled_back(student, out, upstream, leaves, name="conv2d(...)")
    for name, mine, right in zip(("x", "weight", "bias"), got, want, strict=False):
        check.close(mine, right, name=f"the gradient of {name}", terms=upstream.numel())


@criterion("conv2d_gradients")
@cases(small_convolution, 40)
def test_gradients_of_conv2d_agree_with_autograd(student, convolution):
    """The gradients of x, weight and bias are right for a random upstream gradient."""
    check_conv2d_gradients(student, convolution)


@criterion("conv2d_gradients")
@cases(lookalike_convolution, 25)
def test_gradients_of_conv2d_where_sizes_are_equal_or_one(student, convolution):
    """The gradients are right where sizes are equal, or where there is one image, channel or row."""
    check_conv2d_gradients(student, convolution)


@criterion("conv2d_gradients")
def test_gradients_flow_where_only_the_filters_learn(student, rng):
    """In a first layer x asks for no gradient; weight and bias get theirs."""
    x, weight, bias = tensors(
        rng.normal(size=(3, 2, 6, 5)), rng.normal(size=(4, 2, 3, 3)), rng.normal(size=4)
    )
    worker = lab(student, LAB)
    leaves = [worker.leaf.keep()(each) for each in (weight, bias)]
    out = student.conv2d.keep()(x, *leaves, padding=1)
    upstream = drawn_upstream(F.conv2d(x, weight, bias, padding=1))
    want = oracle.gradients(
        lambda weight, bias: (F.conv2d(x, weight, bias, padding=1) * upstream).sum(), weight, bias
    )
    got = pulled_back(student, out, upstream, leaves, name="conv2d(...)")
    for name, mine, right in zip(("weight", "bias"), got, want, strict=True):
        check.close(mine, right, name=f"the gradient of {name}", terms=upstream.numel())


# Pooling.


def check_max_pool2d(student, case, dtype=torch.float64) -> None:
    x, kernel, stride = case
    (x,) = tensors(x, dtype=dtype)
    got = student.max_pool2d(x, kernel, stride=stride)
    want = F.max_pool2d(x, kernel, stride)
    check.close(tensor(got, "max_pool2d(...)"), want.numpy(), name="max_pool2d(...)")


@criterion("max_pool2d")
def test_max_pool2d_gives_the_worked_numbers(student):
    """Each window leaves its largest value, a negative one where all are; what does not fit is left."""
    x = torch.tensor([[[[1.0, 5, 2, 0], [3, 4, 8, 7], [-1, -2, 9, 6]]]], dtype=torch.float64)
    got = tensor(student.max_pool2d(x, 2), "max_pool2d(x, 2)")
    check.close(got, [[[[5.0, 8]]]], name="max_pool2d(x, 2)")
    got = tensor(student.max_pool2d(x, 2, stride=1), "max_pool2d(x, 2, stride=1)")
    check.close(got, [[[[5.0, 8, 8], [4, 9, 9]]]], name="max_pool2d(x, 2, stride=1)")
    got = tensor(student.max_pool2d(-x - 1, 2), "max_pool2d(...)")
    check.close(got, [[[[-2.0, -1]]]], name="max_pool2d(...)")


@criterion("max_pool2d")
@cases(pooling, 120)
def test_max_pool2d_of_random_images(student, pooling):
    """It agrees with PyTorch for windows of 1 to 4 pixels that overlap, touch or leave gaps."""
    check_max_pool2d(student, pooling)


@criterion("max_pool2d")
@cases(pooling, 10)
def test_max_pool2d_in_single_precision(student, pooling):
    """It takes float32 as well."""
    check_max_pool2d(student, pooling, torch.float32)


@criterion("max_pool2d")
def test_max_pool2d_without_stride(student, rng):
    """Without a stride the windows lie side by side."""
    (x,) = tensors(rng.normal(size=(2, 3, 9, 7)))
    got = tensor(student.max_pool2d(x, 3), "max_pool2d(x, 3)")
    check.close(got, F.max_pool2d(x, 3).numpy(), name="max_pool2d(x, 3)")


@criterion("max_pool2d")
@cases(pooling, 40)
def test_gradient_of_max_pool2d_goes_to_the_maxima(student, pooling):
    """A random upstream gradient goes to the largest value of each window, added up where windows overlap."""
    x, kernel, stride = pooling
    upstream = drawn_upstream(F.max_pool2d(*tensors(x), kernel, stride))
    (want,) = oracle.gradients(lambda x: (F.max_pool2d(x, kernel, stride) * upstream).sum(), x)
    leaf = lab(student, LAB).leaf.keep()(*tensors(x))
    out = student.max_pool2d.keep()(leaf, kernel, stride=stride)
    (got,) = pulled_back(student, out, upstream, [leaf], name="max_pool2d(...)")
    check.close(got, want, name="the gradient of x", terms=kernel * kernel)


@criterion("max_pool2d")
def test_gradient_of_tied_maxima_is_not_multiplied(student, rng):
    """Where several values are the largest, the gradient goes to one of them or is shared by them."""
    x = torch.from_numpy(rng.integers(-1, 2, (2, 3, 6, 8)).astype(float))
    x[:, 0] = 0.0
    upstream = torch.from_numpy(rng.uniform(1, 2, (2, 3, 3, 4)))
    leaf = lab(student, LAB).leaf.keep()(x)
    out = student.max_pool2d.keep()(leaf, 2)
    (got,) = pulled_back(student, out, upstream, [leaf], name="max_pool2d(...)")
    check.close(got, np.where(is_largest(x), got, 0.0), name="the gradient of x")
    check.close(summed(got), upstream.numpy(), name="the gradient of x, added up under each window", terms=4)


def is_largest(x):
    """Whether each value is the largest under its window of 2."""
    return (F.max_pool2d(x, 2).repeat_interleave(2, 2).repeat_interleave(2, 3) == x).numpy()


def summed(x):
    """Add up what lies under each window of 2."""
    return (F.avg_pool2d(x.detach(), 2) * 4).numpy()


@criterion("max_pool2d")
def test_max_pool2d_does_its_work_itself(student, rng):
    """No pooling of PyTorch's runs inside, whichever way it would be called."""
    case = rng.normal(size=(2, 3, 7, 6)), 3, 2
    inside = operations(student, lambda: check_max_pool2d(student, case))
    check.that(not inside, f"`max_pool2d` lets PyTorch pool: {', '.join(inside)} ran inside")


@criterion("max_pool2d")
def test_max_pool2d_works_where_x_is(student, rng):
    """The answer is made on the device of x, not on the CPU."""
    worker = lab(student, LAB)
    (x,) = tensors(rng.normal(size=(2, 3, 7, 6)))
    for device in ["meta", *worker.devices()]:
        held = worker.on.keep()(x, device)
        out = elsewhere(worker, lambda held=held: student.max_pool2d.keep()(held, 2))
        check_place(worker, out, (2, 3, 3, 3), device, name="max_pool2d(...)")
