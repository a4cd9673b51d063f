"""Your list begins with a model that has learned nothing yet. When is an epoch measured?

Loses: train_cnn
"""

import torch
import torch.nn.functional as F


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)  # for the order of the images, and for whatever is random in the model
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = {"train_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        history["val_accuracy"].append(accuracy(model, X_val, y_val, device=device))
        model.train()
        total = 0.0
        for batch in torch.randperm(len(X_train)).split(batch_size):
            loss = F.cross_entropy(model(X_train[batch].to(device)), y_train[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        history["train_loss"].append(total / len(X_train))
    return history
