"""The model came to you in evaluation mode. In which one do you give it back?

Loses: accuracy
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        hits += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
    model.train()
    return hits / len(X)
