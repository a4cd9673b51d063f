"""A NaN is no better than the best, so it counts. Yours looks away.

Loses: reduce_on_plateau
"""

import math


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        self.lr, self.factor, self.patience, self.min_lr = lr, factor, patience, min_lr
        self.best, self.bad = math.inf, 0

    def step(self, val_loss):
        if math.isnan(val_loss):
            return self.lr
        if val_loss < self.best:  # false for NaN
            self.best, self.bad = val_loss, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.lr, self.bad = max(self.lr * self.factor, self.min_lr), 0
        return self.lr
