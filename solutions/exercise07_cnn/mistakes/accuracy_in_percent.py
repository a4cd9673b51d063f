"""A share lies between 0 and 1. Yours is 98.

Loses: accuracy, train_cnn
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        hits += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
    model.train(was_training)
    return 100.0 * hits / len(X)
