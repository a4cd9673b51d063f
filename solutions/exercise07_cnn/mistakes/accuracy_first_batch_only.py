"""How many batches did you look at before you returned?

Loses: accuracy
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in [(X[:batch_size], y[:batch_size])]:
        hits += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
    model.train(was_training)
    return hits / min(batch_size, len(X))
