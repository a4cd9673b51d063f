"""`model.training` is one flag of one module. Who tells the dropout inside?

Loses: accuracy, train_cnn
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.training = False
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        hits += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
    model.training = was_training
    return hits / len(X)
