"""Ten images in batches of four: the last two voted like four.

Loses: accuracy
"""

import torch


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    shares = []
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        shares.append((model(images.to(device)).argmax(dim=1) == labels.to(device)).float().mean().item())
    model.train(was_training)
    return sum(shares) / len(shares)
