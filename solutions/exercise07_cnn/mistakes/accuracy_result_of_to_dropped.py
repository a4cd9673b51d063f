"""A tensor does not move; it gives you a new one that lies elsewhere. Who keeps it?

Loses: accuracy, train_cnn
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        images.to(device), labels.to(device)
        hits += (model(images).argmax(dim=1) == labels).sum().item()
    model.train(was_training)
    return hits / len(X)
