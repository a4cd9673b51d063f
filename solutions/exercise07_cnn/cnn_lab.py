"""What the hidden suite brings into the worker: watchers, and devices and machines that are not there.

It runs there beside the learner's file, which can read it: there are no answers in here.
"""

import contextlib
import inspect
import linecache
import random
import sys
import types

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

# Values, devices and gradients.


def on(tensor, device="cpu"):
    """Hold a tensor here, on a device."""
    return tensor.to(device)


def leaf(tensor):
    """Hold a tensor that asks for its gradient."""
    return tensor.detach().clone().requires_grad_()


def pulled_back(out, upstream, *leaves):
    """Send an upstream gradient back to leaves: their gradients, or a sentence why there are none."""
    if not isinstance(out, torch.Tensor):
        return f"what comes back is a {type(out).__name__}, not a tensor"
    if not out.requires_grad:
        return "no gradient can flow back through what comes back: it has no grad_fn"
    leaves = [leaf for leaf in leaves if leaf is not None]
    try:
        grads = torch.autograd.grad(out, leaves, upstream, allow_unused=True)
    except RuntimeError as error:
        return f"the backward pass raises RuntimeError: {str(error).splitlines()[0]}"
    return [
        torch.zeros_like(leaf) if grad is None else grad for leaf, grad in zip(leaves, grads, strict=True)
    ]


def described(value):
    """Say of a value its type, shape and device."""
    if isinstance(value, torch.Tensor):
        return "Tensor", tuple(value.shape), value.device.type
    return type(value).__name__, (), value.type if isinstance(value, torch.device) else ""


def device(name):
    """Hold a device."""
    return torch.device(name)


def devices():
    """Name the devices that computing can be checked on here: the CPU, and CUDA where there is one."""
    return ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


def shake(seed):
    """Set every global source of randomness."""
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


# A device that is none: torch's meta device computes shapes only. It stands for a GPU where there is no GPU.


class DeviceError(RuntimeError):
    """Two tensors on different devices met, which CUDA refuses."""


class Apart(TorchDispatchMode):
    """Holds meta tensors apart from others, as CUDA does, and lets their numbers be asked for."""

    _INDEXING = ("index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        with self:  # in inference mode what is made of other operations arrives whole
            parts = func.decompose(*args, **kwargs)
        if parts is not NotImplemented:
            return parts
        name = func.overloadpacket.__name__
        if name == "_local_scalar_dense" and args[0].device.type == "meta":
            return torch.zeros((), dtype=args[0].dtype).item()
        if name == "_to_copy" and self._leaves(args[0], kwargs.get("device")):
            return torch.zeros(args[0].shape, dtype=kwargs.get("dtype") or args[0].dtype)
        if name == "copy_":  # may go from device to device
            return args[0] if args[0].device != args[1].device else func(*args, **kwargs)
        self._judge(name, args, kwargs)
        return func(*args, **kwargs)

    def _leaves(self, tensor, device):
        return tensor.device.type == "meta" and device is not None and torch.device(device).type == "cpu"

    def _judge(self, name, args, kwargs):
        tensors = [each for each in tree_leaves((args, kwargs)) if isinstance(each, torch.Tensor)]
        if name in self._INDEXING and tensors and tensors[0].device.type == "meta":
            return  # indices may lie on the CPU
        # A number may come along from the CPU.
        found = {each.device.type for each in tensors if each.dim() > 0 or each.device.type != "cpu"}
        if len(found) > 1:
            raise DeviceError(
                "tensors on different devices meet: one on the device that was asked for, one on the CPU"
                if "cpu" in found
                else f"tensors on different devices meet: {' and '.join(sorted(found))}"
            )


# Whoever stops half-way leaves modes on: this file ends them when it is run again in the same process.
getattr(torch, "_left_on", contextlib.ExitStack()).close()
_modes = torch._left_on = contextlib.ExitStack()


def hold_apart():
    """From now on, meta is a device like any other."""
    _modes.enter_context(Apart())


def let_go():
    """End every mode that was entered."""
    _modes.close()


# What runs while something is called.


class Operations(TorchDispatchMode):
    """Collects the names of the operations that run, with the number of axes of what they work on."""

    def __init__(self):
        super().__init__()
        self.seen = []
        self.muted = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if not self.muted:
            first = next((each for each in tree_leaves(args) if isinstance(each, torch.Tensor)), None)
            self.seen.append((func.overloadpacket.__name__, 0 if first is None else first.dim()))
        return func(*args, **(kwargs or {}))


_operations = Operations()


def watch():
    """From now on, collect the operations that run."""
    _operations.seen = []
    _modes.enter_context(_operations)


def seen():
    """Name the operations that ran."""
    return [name for name, _ in _operations.seen]


def anatomy(model, x):
    """List what a forward pass does; the learner's own conv2d and max_pool2d count as one step each."""
    learner = sys.modules.get("cnn", types.ModuleType("cnn"))
    kept = {name: getattr(learner, name) for name in ("conv2d", "max_pool2d") if hasattr(learner, name)}
    model.eval()
    with torch.no_grad(), contextlib.ExitStack() as stack:
        for name, function in kept.items():
            setattr(learner, name, _as_one_step(name, function))
            stack.callback(setattr, learner, name, function)
        watch()
        stack.callback(let_go)
        model(x.clone())
    return [list(step) for step in _operations.seen]


def _as_one_step(name, function):
    def step(*args, **kwargs):
        if not _operations.muted:
            _operations.seen.append((name, 4))
        _operations.muted += 1
        try:
            return function(*args, **kwargs)
        finally:
            _operations.muted -= 1

    return step


# Machines that are not this one.

_ANSWERS = {
    "torch.cuda.is_available": "{cuda}",
    "torch.cuda.device_count": "int({cuda})",
    "torch.cuda.current_device": "0",
    "torch.cuda.get_device_name": "'a GPU'",
    "torch.cuda.get_device_capability": "(9, 0)",
    "torch.cuda.mem_get_info": "(1 << 30, 1 << 30)",
    "torch.cuda.init": "None",
    "torch.backends.cuda.is_built": "{built}",
    "torch.backends.cudnn.is_available": "{cuda}",
    "torch.backends.mps.is_available": "{mps}",
    "torch.backends.mps.is_built": "{built}",
    "torch.mps.is_available": "{mps}",
    "torch.mps.device_count": "int({mps})",
    "torch.accelerator.is_available": "{cuda} or {mps}",
    "torch.accelerator.device_count": "int({cuda} or {mps})",
    "torch.accelerator.current_accelerator": "{accelerator}",
}


class Factory(TorchFunctionMode):
    """Makes tensors on a device that is only said to be there: on the CPU; elsewhere it raises."""

    def __init__(self, there):
        super().__init__()
        self._there = there

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if getattr(func, "__name__", "") in ("cuda", "mps"):
            self._here(func.__name__)
            return args[0]
        if func is torch.device or getattr(func, "__module__", "") == "torch.cuda":
            return func(*args, **(kwargs or {}))
        args, kwargs = tree_map(self._here, (tuple(args), kwargs or {}))
        return func(*args, **kwargs)

    def _here(self, value):
        name = value.type if isinstance(value, torch.device) else value if isinstance(value, str) else ""
        kind = name.partition(":")[0]
        if kind not in ("cuda", "mps"):
            return value
        if kind not in self._there:
            raise RuntimeError(f"there is no {kind} device on this machine")
        return torch.device("cpu")


def pretend(cuda, mps, built):
    """Make torch say of this machine what it would say of another, whichever way it is asked."""
    there = [name for name, is_there in (("cuda", cuda), ("mps", mps)) if is_there]
    accelerator = f"__import__('torch').device('{there[0]}')" if there else "None"
    for path, answer in _ANSWERS.items():
        text = answer.format(cuda=cuda, mps=mps, built=built, accelerator=accelerator)
        _answer(path, text)
    kept = torch.version.cuda
    torch.version.cuda = "12.8" if built else None
    _modes.callback(setattr, torch.version, "cuda", kept)
    _modes.enter_context(Factory(there))


def _answer(path, text):
    """Change a function from inside, so that a name under which it was imported before changes too."""
    *modules, name = path.split(".")[1:]
    owner = torch
    for module in modules:
        owner = getattr(owner, module, None)
    found = getattr(owner, name, None)
    function = inspect.unwrap(found) if callable(found) else None
    if not isinstance(function, types.FunctionType) or function.__code__.co_freevars:
        return
    _modes.callback(_put_back, function, function.__code__, found)
    _put_back(function, eval(f"lambda *_, **__: {text}").__code__, found)


def _put_back(function, code, wrapper):
    function.__code__ = code
    for layer in (function, wrapper):
        if hasattr(layer, "cache_clear"):
            layer.cache_clear()


def picked_by_a_fresh_copy():
    """Run the learner's file again, as it would run on that machine from the start, and ask it there."""
    lines = linecache.cache.get("cnn.py", (0, None, [], ""))[2]
    fresh = types.ModuleType("cnn_elsewhere")
    with contextlib.suppress(BaseException):
        exec(compile("".join(lines), "cnn.py", "exec"), fresh.__dict__)
    try:
        return described(fresh.pick_device())
    except Exception:  # what is wrong with it is told by the call that came before this one
        return "", (), ""
