"""The predictions are on the device. And what you compare them with?

Loses: accuracy, train_cnn
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        hits += (model(images.to(device)).argmax(dim=1) == labels).sum().item()
    model.train(was_training)
    return hits / len(X)
