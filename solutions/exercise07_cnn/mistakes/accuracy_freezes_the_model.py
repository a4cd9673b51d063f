"""No gradient was needed for counting. Will there ever be one again?

Loses: accuracy, train_cnn, digits
"""


def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval().requires_grad_(False)
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        hits += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
    model.train(was_training)
    return hits / len(X)
