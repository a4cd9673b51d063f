"""If the first best is NaN, what can ever be below it?

Loses: reduce_on_plateau
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        self.lr, self.factor, self.patience, self.min_lr = lr, factor, patience, min_lr
        self.best, self.bad = None, 0

    def step(self, val_loss):
        if self.best is None or val_loss < self.best:
            self.best, self.bad = val_loss, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.lr, self.bad = max(self.lr * self.factor, self.min_lr), 0
        return self.lr
