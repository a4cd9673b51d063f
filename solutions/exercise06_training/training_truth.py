"""What is right in exercise06, by other roads than the reference: the definitions, and an Adam in float64."""

import functools
import math

import numpy as np
import torch
import training_models

torch.set_num_threads(1)  # the models are small: threads would only wait for each other


def half_wave(share: float, high: float, low: float) -> float:
    """From high to low along half a cosine, by another formula than everybody's."""
    return low + (high - low) * math.cos(math.pi * share / 2) ** 2


def improvements(losses, delta: float = 0.0) -> list[int]:
    """The indices at which a loss beats the best before it by more than delta."""
    found: list[int] = []
    for index, loss in enumerate(losses):
        if not math.isnan(loss) and (not found or losses[found[-1]] - loss > delta):
            found.append(index)
    return found


def ended(losses, patience: int, delta: float = 0.0) -> tuple[int | None, int | None]:
    """The index of the best loss, and that of the loss at which it is time to stop, if any is."""
    better = improvements(losses, delta)
    for index in range(len(losses)):
        best = max((i for i in better if i <= index), default=-1)
        if index - best == patience:
            return (best if best >= 0 else None), index
    return (better[-1] if better else None), None


def plateau_rates(losses, lr: float, factor: float, patience: int, min_lr: float) -> list[float]:
    """The learning rate after each loss: lowered where the last event lies more than patience back."""
    better, event, rates = improvements(losses), -1, []
    for index in range(len(losses)):
        if index in better:
            event = index
        elif index - event > patience:
            lr, event = max(lr * factor, min_lr), index
        rates.append(lr)
    return rates


def norm_of(grads) -> float:
    """The L2 norm over all tensors, summed exactly."""
    return math.sqrt(math.fsum(value**2 for grad in grads for value in grad.double().flatten().tolist()))


# Whole runs. Over LONG epochs the first six hardly notice the annealing; NEVER is a norm that is never met.

LONG, NEVER = 1000, 1e6
STILL = 1e-6  # a learning rate at which weights do not move, so that modes alone make the difference


def problem(model, sizes, seed, loss="squared", **options) -> dict:
    usual = {"epochs": LONG, "lr": 0.1, "max_norm": NEVER, "patience": 7}
    return {"model": model, "sizes": sizes, "seed": seed, "loss": loss, "options": usual | options}


PROBLEMS = {  # seeds for which no gradient comes near to eps, and no two validation losses to each other
    "regression": problem("plain", (5, 7, 2), 42, lr=0.15),
    "deeper": problem("plain", (3, 6, 5, 1), 16, "asymmetric", lr=0.15),
    "classes": problem("plain", (4, 6, 3), 10, "cross-entropy"),
    "fading": problem("plain", (3, 5, 1), 51, "quartic", lr=0.2),
    "steep": problem("plain", (4, 6, 2), 3, "quartic", lr=0.15, max_norm=2.0),
    "steeper": problem("plain", (3, 5, 1), 24, "quartic", lr=0.15, max_norm=6.0),
    "by default": problem("plain", (3, 6, 2), 5, "quartic", lr=0.15, max_norm=1.0),
    "modes": problem("robust", (5, 7, 2), 8, lr=STILL, epochs=6),
    "normed": problem("normed", (4, 5, 3), 9, lr=STILL, epochs=5),
    "whole": problem("robust", (5, 7, 2), 6, lr=0.3, epochs=14, max_norm=1.0, patience=3),
    "whole classes": problem("robust", (4, 6, 3), 18, "cross-entropy", epochs=9, max_norm=0.3),
}


def made(name: str) -> torch.nn.Module:
    """Make the model of a problem, in float32, as the learner gets it."""
    its = PROBLEMS[name]
    return getattr(training_models, its["model"])(its["sizes"], its["seed"])


@functools.cache
def data(name: str) -> tuple[torch.Tensor, ...]:
    """Make X_train, y_train, X_val and y_val: a smooth function with noise.

    Where the run is long, validation has the opposite function: it only gets worse, so patience ends it.
    """
    its = PROBLEMS[name]
    rng = np.random.default_rng(its["seed"])
    d, k = its["sizes"][0], its["sizes"][-1]
    X, X_val = (rng.normal(size=(n, d)) + 0.7 for n in (71, 67))
    W = rng.normal(size=(d, k))
    y, y_val = (np.tanh(A @ W) * 1.5 + 0.5 * rng.normal(size=(len(A), k)) for A in (X, X_val))
    y_val = -y_val if its["options"]["epochs"] == LONG else y_val
    X, y, X_val, y_val = (torch.from_numpy(A).float() for A in (X, y, X_val, y_val))
    if its["options"]["lr"] == STILL:
        y_val = settled_predictions(made(name), X, X_val)
    if its["loss"] == "cross-entropy":
        y, y_val = y.argmax(dim=1), y_val.argmax(dim=1)
    return X, y, X_val, y_val


def settled_predictions(model: torch.nn.Module, X: torch.Tensor, X_val: torch.Tensor) -> torch.Tensor:
    """What a model predicts once batch norm knows its batch: validation comes nearer with every epoch."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.momentum = 1.0
    with torch.no_grad():
        model.train()(X)
        return model.eval()(X_val)


@functools.cache
def truth(name: str) -> dict:
    """Train on a problem in float64: the histories, the two epochs and the state the model is left in."""
    its, model = PROBLEMS[name], made(name).double()
    options, loss_fn = its["options"], training_models.loss(its["loss"])
    X, y, X_val, y_val = (t.double() if t.is_floating_point() else t for t in data(name))
    params, optimiser = list(model.parameters()), Adam()
    run: dict = {"train_loss": [], "val_loss": [], "lr": [], "grad_norm": []}
    for epoch in range(options["epochs"]):
        rate = half_wave(epoch / options["epochs"], options["lr"], 0.0)
        loss = loss_fn(model.train()(X), y)
        grads = torch.autograd.grad(loss, params)
        norm = norm_of(grads)
        optimiser.step(params, [grad * min(1.0, options["max_norm"] / norm) for grad in grads], rate)
        with torch.no_grad():
            val_loss = loss_fn(model.eval()(X_val), y_val)
        for values, value in zip(run.values(), (loss.detach(), val_loss, rate, norm), strict=False):
            values.append(float(value))
        best, last = ended(run["val_loss"], options["patience"])
        if best == epoch:
            state = training_models.state(model)
        if last is not None:
            break
    return run | {"best_epoch": best, "stopped_epoch": epoch, "state": state}


class Adam:
    """Kingma and Ba, Adam, ICLR 2015, algorithm 1, with the constants given there."""

    def __init__(self) -> None:
        self.t, self.means, self.squares = 0, [0.0] * 99, [0.0] * 99

    def step(self, params, grads, lr: float) -> None:
        self.t += 1
        for i, (param, grad) in enumerate(zip(params, grads, strict=True)):
            self.means[i] = 0.9 * self.means[i] + 0.1 * grad
            self.squares[i] = 0.999 * self.squares[i] + 0.001 * grad**2
            mean, square = self.means[i] / (1 - 0.9**self.t), self.squares[i] / (1 - 0.999**self.t)
            param.data -= lr * mean / (square.sqrt() + 1e-8)
