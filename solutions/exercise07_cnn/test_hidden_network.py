"""The part of exercise07's hidden suite that is about `pick_device` and `DigitCNN`."""

import contextlib

import torch
from cnn_cases import IMAGES
from cnn_worker import LAB, check_place, elsewhere, made, tensor

from dlgrade.student import Failure
from dlgrade.suite import check, criterion, lab

PARAMETERS_MAX = 100_000


# The device.


def check_picked(worker, held, want: str) -> None:
    kind, _, name = worker.described(held)
    check.that(kind == "device", f"pick_device() is a {kind}, a torch.device is asked for")
    check.that(name == want, f"pick_device() is {name or 'nothing'}, it should be {want}")


@criterion("pick_device")
def test_pick_device_gives_what_this_machine_has(student):
    """It gives a torch.device, one that this machine has."""
    worker = lab(student, LAB)
    held = student.pick_device.keep()()
    kind, _, name = worker.described(held)
    check.that(kind == "device", f"pick_device() is a {kind}, a torch.device is asked for")
    if "cuda" in worker.devices():
        check.that(name == "cuda", f"pick_device() is {name} where there is CUDA")
    else:
        check.that(name in ("cpu", "mps"), f"pick_device() is {name}, which this machine does not have")


def check_pick_device_on(student, want: str, **machine: bool) -> None:
    """Ask on a machine where torch says other things of what there is."""
    worker = lab(student, LAB)
    worker.pretend(**machine)
    try:
        held = student.pick_device.keep()()
        if worker.described(held)[2] != want and worker.picked_by_a_fresh_copy()[2] == want:
            return  # it asks once, when the file is run
        check_picked(worker, held, want)
    except Failure as failure:
        text = failure.trouble.text.lower() if failure.trouble is not None else ""
        if not any(word in text for word in ("cuda", "nvidia", "mps")):
            raise  # else it wanted of the GPU more than its name
    finally:
        with contextlib.suppress(Failure):
            worker.let_go()


@criterion("pick_device")
def test_pick_device_prefers_cuda(student):
    """Where there is CUDA it is taken."""
    check_pick_device_on(student, "cuda", cuda=True, mps=False, built=True)


@criterion("pick_device")
def test_pick_device_takes_mps_on_a_mac(student):
    """Where there is no CUDA, but Apple's MPS, that is taken."""
    check_pick_device_on(student, "mps", cuda=False, mps=True, built=True)


@criterion("pick_device")
def test_pick_device_prefers_cuda_to_mps(student):
    """Where torch has both, CUDA is taken."""
    check_pick_device_on(student, "cuda", cuda=True, mps=True, built=True)


@criterion("pick_device")
def test_pick_device_falls_back_to_the_cpu(student):
    """Where there is neither, it is the CPU, even if torch was built for both."""
    check_pick_device_on(student, "cpu", cuda=False, mps=False, built=False)
    check_pick_device_on(student, "cpu", cuda=False, mps=False, built=True)


# The network.


def check_logits(got, n: int, n_classes: int) -> torch.Tensor:
    name = f"DigitCNN's answer to {n} image{'s' if n > 1 else ''}"
    got = tensor(got, name).detach()
    want = (n, n_classes)
    check.that(tuple(got.shape) == want, f"{name} has shape {tuple(got.shape)}, it should be {want}")
    check.that(got.is_floating_point(), f"{name} has dtype {got.dtype}, floats are asked for")
    check.that(bool(torch.isfinite(got).all()), f"{name} holds numbers that are not finite")
    return got


@criterion("DigitCNN")
def test_network_gives_a_row_of_logits_for_each_image(student):
    """n images give n rows, a single one too, with ten logits or as many as `n_classes` says."""
    worker = lab(student, LAB)
    for settings in ({}, {"n_classes": 7}, {"n_classes": 3}):
        model = made(student, worker, **settings)
        for n in (7, 1, 64):
            worker.set_mode(model, False)
            check_logits(model.forward(IMAGES[:n]), n, settings.get("n_classes", 10))
        worker.set_mode(model, True)
        check_logits(model.forward(IMAGES[:7]), 7, settings.get("n_classes", 10))


@criterion("DigitCNN")
def test_network_gives_logits_not_probabilities(student):
    """Rows do not add up to 1, and with large weights they leave the range from 0 to 1."""
    worker = lab(student, LAB)
    model = made(student, worker, seed=1)
    worker.set_mode(model, False)
    got = check_logits(model.forward(IMAGES[:50]), 50, 10)
    adds_up = bool((got.sum(dim=1) - 1).abs().max() < 1e-4) and bool((got >= 0).all())
    worker.enlarged(model, 10.0)
    large = tensor(model.forward(IMAGES[:50]), "DigitCNN's answer").detach()
    squashed = bool(((large >= 0) & (large <= 1)).all())
    check.that(not adds_up and not squashed, "DigitCNN gives probabilities, logits are asked for")


@criterion("DigitCNN")
def test_network_is_small(student):
    """It has at most 100,000 parameters, and it has some."""
    worker = lab(student, LAB)
    count = worker.counted(made(student, worker))
    check.that(count > 0, "DigitCNN has no parameters that `parameters()` lists: nothing can be trained")
    check.that(count <= PARAMETERS_MAX, f"DigitCNN has {count:,} parameters, at most 100,000 are allowed")


@criterion("DigitCNN")
def test_network_registers_all_its_weights(student):
    """Every weight that the forward pass uses is one of its `parameters()`."""
    worker = lab(student, LAB)
    model = made(student, worker)
    unknown = worker.strangers(model, IMAGES[:5])
    check.that(
        unknown == 0, f"DigitCNN uses {unknown} weights that `parameters()` does not list: no one trains them"
    )


# What is certainly neither a convolution nor a pooling. Of a network that does anything else nothing is said.
_PLAIN = (
    "view _unsafe_view reshape _reshape_alias t transpose permute unsqueeze squeeze expand clone detach "
    "alias "
    "_to_copy copy_ contiguous addmm mm matmul linear relu relu_ leaky_relu elu gelu silu silu_ tanh sigmoid "
    "hardtanh clamp clamp_min threshold softmax _softmax log_softmax _log_softmax add add_ sub mul mul_ "
    "div div_ "
    "rsub native_dropout dropout native_batch_norm _native_batch_norm_legit "
    "_native_batch_norm_legit_no_training "
    "_native_batch_norm_legit_functional _batch_norm_with_update _batch_norm_no_update cudnn_batch_norm "
    "native_layer_norm native_group_norm empty empty_like zeros_like ones_like bernoulli_ cat stack"
)
PLAIN = frozenset(_PLAIN.split())
SHRINKING = ("mean", "amax", "max", "sum", "median", "topk", "sort", "logsumexp")


def is_convolution(name: str) -> bool:
    return "conv" in name or name in ("im2col", "unfold", "as_strided")


def is_pooling(name: str, axes: int) -> bool:
    return "pool" in name or (name in SHRINKING and axes >= 3)


@criterion("DigitCNN")
def test_network_convolves_twice_and_pools_once(student):
    """On the way from the image to the logits there are two convolutions and one pooling, or more."""
    worker = lab(student, LAB)
    model = made(student, worker)
    steps = [(str(name), int(axes)) for name, axes in worker.anatomy(model, IMAGES[:5])]
    convolutions = sum(is_convolution(name) for name, _ in steps)
    poolings = sum(is_pooling(name, axes) for name, axes in steps)
    if all(is_convolution(name) or is_pooling(name, axes) or name in PLAIN for name, axes in steps):
        many = f"{convolutions} convolution{'' if convolutions == 1 else 's'}"
        check.that(convolutions >= 2, f"DigitCNN's forward pass has {many}, two are asked for")
        check.that(poolings >= 1, "DigitCNN's forward pass has no pooling, one is asked for")


@criterion("DigitCNN")
def test_network_judges_each_image_by_itself(student):
    """In evaluation mode an image gets the same logits every time, alone as in company."""
    worker = lab(student, LAB)
    model = made(student, worker, seed=2)
    worker.set_mode(model, False)
    together = check_logits(model.forward(IMAGES[:9]), 9, 10)
    again = check_logits(model.forward(IMAGES[:9]), 9, 10)
    check.close(again, together.numpy(), name="DigitCNN's answer in evaluation mode, asked again", rtol=1e-3)
    alone = check_logits(model.forward(IMAGES[4:5]), 1, 10)
    check.close(alone, together[4:5].numpy(), name="DigitCNN's answer to one image alone", rtol=1e-3)


@criterion("DigitCNN")
def test_network_runs_wherever_it_is_moved(student):
    """After `model.to(device)` everything it needs is on that device, in both modes."""
    worker = lab(student, LAB)
    for device in ["meta", *worker.devices()]:
        model = made(student, worker, n_classes=7)
        worker.moved(model, device)
        places = worker.lies_on(model)
        check.that(places in ([device], []), "after `model.to(device)` some parameters lie where they were")
        x = worker.on.keep()(IMAGES[:6], device)
        for training in (False, True):
            worker.set_mode(model, training)
            out = elsewhere(worker, lambda model=model, x=x: model.forward.keep()(x))
            check_place(worker, out, (6, 7), device, name="DigitCNN's answer")
