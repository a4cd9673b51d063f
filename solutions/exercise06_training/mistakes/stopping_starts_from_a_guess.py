"""Any first loss is the best so far, however large. Where does your 1.0 come from?

Loses: early_stopping, train_loop, train_clipping, train_stopping, train_whole
"""

import copy


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = 1.0, None, None
        self.epoch, self.bad = -1, 0

    def update(self, val_loss, model):
        self.epoch += 1
        if val_loss < self.best_loss - self.min_delta:  # false for NaN
            self.best_loss, self.best_epoch, self.bad = val_loss, self.epoch, 0
            self.best_state = copy.deepcopy(model.state_dict())  # state_dict() itself changes with the model
        else:
            self.bad += 1
        return self.bad >= self.patience
