"""You sent everyone to bed and woke one up again. In which mode are the layers inside the model afterwards?

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
    model.training = was_training
    return hits / len(X)
