"""Training: learning-rate schedules, gradient clipping, early stopping, the complete loop."""

import torch


def step_decay(lr0, epoch, drop=0.1, every=10):
    """Give the learning rate of an epoch: multiplied by `drop` once every `every` epochs.

    Parameters
    ----------
    lr0 : float
        The rate of epoch 0.
    epoch : int
        The epoch, counted from 0.
    drop : float
        What the rate is multiplied by at each step of the staircase.
    every : int
        How many epochs each step lasts.

    Returns
    -------
    float
        The rate.
    """
    raise NotImplementedError("TODO: count the steps that lie behind, and take them")


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    """Give the learning rate of an epoch on half a cosine from `lr_max` down to `lr_min`.

    Parameters
    ----------
    lr_max, lr_min : float
        The rate at epoch 0 and at epoch `T_max`.
    epoch : int
        The epoch, 0 to `T_max`.
    T_max : int
        How many epochs the way down takes.

    Returns
    -------
    float
        The rate.
    """
    raise NotImplementedError("TODO: squeeze the cosine between lr_min and lr_max")


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    """Give the learning rate of a step: up to `lr_max` in equal steps, then half a cosine down to `lr_min`.

    Parameters
    ----------
    lr_max, lr_min : float
        The highest rate and the last one.
    step : int
        The step, 0 to `total_steps`.
    warmup_steps : int
        How many steps the warm-up has, fewer than `total_steps`; 0 means no warm-up.
    total_steps : int
        Where the cosine ends; the warm-up is part of it.

    Returns
    -------
    float
        The rate.
    """
    raise NotImplementedError("TODO: warm up first, anneal what is left")


class ReduceOnPlateau:
    """Lower the learning rate when the validation loss no longer falls.

    Parameters
    ----------
    lr : float
        The rate to begin with.
    factor : float
        What the rate is multiplied by when it is lowered.
    patience : int
        How many losses in a row may be no better than the best; at one more the rate is lowered.
    min_lr : float
        The rate does not fall below this.
    """

    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        raise NotImplementedError("TODO: remember what step needs")

    def step(self, val_loss):
        """Take note of a validation loss.

        Parameters
        ----------
        val_loss : float
            The loss; NaN is no better than any.

        Returns
        -------
        float
            The rate to use next.
        """
        raise NotImplementedError("TODO: better than the best? then start counting anew; if not, count")


def clip_grad_norm(grads, max_norm):
    """Shrink gradients so that their global norm is at most `max_norm`.

    Parameters
    ----------
    grads : list of Tensor
        Gradients of any shapes; none is changed.
    max_norm : float
        The limit of the L2 norm over all of them together.

    Returns
    -------
    clipped : list of Tensor
        The gradients, shrunk by one common factor where their norm was over the limit.
    total_norm : float
        The norm before clipping.
    """
    raise NotImplementedError("TODO: one norm over all tensors, then one factor for all of them")


def clip_grad_value(grads, limit):
    """Hold each element of the gradients to ±`limit`.

    Parameters
    ----------
    grads : list of Tensor
        Gradients of any shapes; none is changed.
    limit : float
        The largest absolute value that an element may keep.

    Returns
    -------
    list of Tensor
        The clipped gradients.
    """
    raise NotImplementedError("TODO: clip each tensor, element by element")


class EarlyStopping:
    """Watch the validation loss, remember the best model, and say when to stop.

    Parameters
    ----------
    patience : int
        How many updates in a row without an improvement it takes to stop, at least 1.
    min_delta : float
        A loss improves only if it is lower than the best by more than this.

    Attributes
    ----------
    best_loss : float
        The best validation loss so far.
    best_epoch : int
        The update that brought it, counted from 0.
    best_state : dict of str to Tensor
        A copy of the model's state at that update, which later training does not change.
    """

    def __init__(self, patience, min_delta=0.0):
        raise NotImplementedError("TODO: remember what update needs")

    def update(self, val_loss, model):
        """Take note of a validation loss and of the model that reached it.

        Parameters
        ----------
        val_loss : float
            The loss; NaN never improves.
        model : torch.nn.Module
            The model as it is now; it is not changed.

        Returns
        -------
        bool
            True on the `patience`-th update in a row that does not improve.
        """
        raise NotImplementedError("TODO: an improvement is copied, anything else is counted")


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    """Train a model on one full batch an epoch, and leave it with its best weights.

    Parameters
    ----------
    model : torch.nn.Module
        The model; it is trained in place.
    X_train, y_train, X_val, y_val : Tensor
        Samples and targets to learn from, and those to validate with.
    loss_fn : callable
        ``loss_fn(pred, target)`` gives a scalar tensor.
    epochs : int
        How many epochs run at most; the cosine annealing of the rate spans all of them.
    lr : float
        Adam's learning rate in the first epoch.
    max_norm : float
        The limit of the gradients' global norm.
    patience : int
        How many epochs in a row without an improvement end the training.

    Returns
    -------
    dict
        Lists with one entry for each epoch that ran: "train_loss" (of the training pass, before its step),
        "val_loss" (after the step), "lr" (as used in that epoch) and "grad_norm" (before clipping);
        and the integers "best_epoch" and "stopped_epoch" (the last epoch that ran), counted from 0.
    """
    raise NotImplementedError("TODO: put everything above to work")
