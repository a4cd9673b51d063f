"""How the suite of exercise07 looks into the worker: at tensors, devices, gradients and what ran inside.

`LAB`, which is cnn_lab.py and cnn_models.py, runs there beside the learner's code.
"""

import contextlib
from pathlib import Path

import torch
from cnn_cases import IMAGES

from dlgrade.student import Failure
from dlgrade.suite import check, lab

_FILES = [Path(__file__).with_name(name) for name in ("cnn_lab.py", "cnn_models.py")]
LAB = "\n\n".join(file.read_text(encoding="utf-8") for file in _FILES)


def tensor(got, name: str):
    """Check that something is a tensor: an array has no gradient."""
    kind = f"a {type(got).__name__}" if got is not None else "None (is a return missing?)"
    check.that(isinstance(got, torch.Tensor), f"{name} is {kind}, a tensor is asked for")
    return got


def pulled_back(student, out, upstream, leaves, *, name: str):
    got = lab(student, LAB).pulled_back(out, upstream, *leaves)
    check.that(isinstance(got, list), f"{name}: {got}")
    return got


def operations(student, call) -> list[str]:
    """Call something, and name what PyTorch convolved or pooled for it."""
    worker = lab(student, LAB)
    worker.watch()
    try:
        call()
    finally:
        with contextlib.suppress(Failure):
            worker.let_go()
    words = ("convolution", "conv1d", "conv2d", "conv3d", "conv_", "pool")
    return sorted({str(name) for name in worker.seen() if any(word in str(name) for word in words)})


def elsewhere(worker, call):
    """Call something whose tensors lie on another device; None if it asks there for what cannot be had."""
    worker.hold_apart()
    try:
        return call()
    except Failure as failure:
        if failure.trouble is None or _is_about_devices(failure.trouble):
            raise
        return None
    finally:
        with contextlib.suppress(Failure):
            worker.let_go()


def _is_about_devices(trouble) -> bool:
    """Whether CUDA would refuse it too; what only a device without numbers cannot do tells nothing."""
    words = ("same device", "not compiled with CUDA", "device type tensor to numpy")
    still_to_do = trouble.type_name == "NotImplementedError" and "meta" not in trouble.text
    return trouble.type_name == "DeviceError" or still_to_do or any(word in trouble.text for word in words)


def check_place(worker, held, shape, device: str, *, name: str) -> None:
    if held is None:
        return
    kind, got_shape, place = worker.described(held)
    check.that(kind in ("Tensor", "Parameter"), f"{name} is a {kind}, a tensor is asked for")
    check.that(tuple(got_shape) == shape, f"{name} has shape {tuple(got_shape)}, it should be {shape}")
    check.that(place == device, f"{name} lies on the {place.upper()}, it should lie where its input lies")


def check_home(worker, model, device: str) -> None:
    places = worker.lies_on(model)
    listed = " and ".join(name.upper() for name in places)
    check.that(places == [device], f"the model ends on the {listed}, not on the device that was asked for")


def made(student, worker, seed: int = 0, **settings):
    """Make the learner's network from a seed."""
    worker.shake(seed)
    model = student.DigitCNN.keep()(**settings)
    check.that(worker.is_module(model), "DigitCNN is not a torch.nn.Module")
    worker.set_mode(model, False)
    model.forward(IMAGES[:2])  # some layers make their weights now
    return model
