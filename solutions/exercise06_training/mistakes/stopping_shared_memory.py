"""Two stoppers, one memory: what belongs to the class, and what to the object?

Loses: early_stopping, train_stopping, train_whole
"""

import copy
import math


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = math.inf, None, None
        self.memory.setdefault("epoch", -1)
        self.memory.setdefault("bad", 0)

    memory = {}

    def update(self, val_loss, model):
        self.memory["epoch"] += 1
        if val_loss < self.best_loss - self.min_delta:  # false for NaN
            self.best_loss, self.best_epoch, self.memory["bad"] = val_loss, self.memory["epoch"], 0
            self.best_state = copy.deepcopy(model.state_dict())  # state_dict() itself changes with the model
        else:
            self.memory["bad"] += 1
        return self.memory["bad"] >= self.patience
