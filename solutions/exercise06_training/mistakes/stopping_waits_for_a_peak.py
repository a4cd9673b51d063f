"""Is this number good when it falls or when it rises?

Loses: early_stopping, train_annealing, train_stopping, train_modes, train_whole
"""

import copy
import math


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = -math.inf, None, None
        self.epoch, self.bad = -1, 0

    def update(self, val_loss, model):
        self.epoch += 1
        if val_loss > self.best_loss + self.min_delta:  # false for NaN
            self.best_loss, self.best_epoch, self.bad = val_loss, self.epoch, 0
            self.best_state = copy.deepcopy(model.state_dict())  # state_dict() itself changes with the model
        else:
            self.bad += 1
        return self.bad >= self.patience
