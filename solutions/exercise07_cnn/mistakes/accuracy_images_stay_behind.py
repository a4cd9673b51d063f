"""The model is on the device, the images are on the CPU. Where do they meet?

Loses: accuracy, train_cnn
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size)):
        hits += (model(images).argmax(dim=1) == labels).sum().item()
    model.train(was_training)
    return hits / len(X)
