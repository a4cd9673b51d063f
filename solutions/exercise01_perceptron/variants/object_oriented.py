"""A class that keeps its state and writes into its own arrays; the functions ask it."""

import numpy as np


class Perceptron:
    def __init__(self, weights, bias):
        self.weights = np.array(weights, dtype=np.float64)
        self.bias = np.array(bias, dtype=np.float64)

    def score(self, x):
        return np.dot(self.weights, x) + self.bias

    def fires(self, x):
        return bool(self.score(x) > 0)

    def learn(self, x, target, rate):
        """Learn from one sample; True if there was something to learn."""
        if self.fires(x) == bool(target):
            return False
        if target:
            self.weights += rate * x
            self.bias += rate
        else:
            self.weights -= rate * x
            self.bias -= rate
        return True

    def epoch(self, X, y, rate):
        return sum(self.learn(x, target, rate) for x, target in zip(X, y))


def predict(X, w, b):
    neuron = Perceptron(w, b)
    return np.fromiter(map(neuron.fires, X), dtype=np.int32, count=len(X))


def update(w, b, x, y, lr):
    neuron = Perceptron(w, b)
    neuron.learn(x, y, lr)
    return neuron.weights, neuron.bias


def fit(X, y, lr=1.0, max_epochs=100):
    neuron = Perceptron(np.zeros(X.shape[1]), 0.0)
    mistakes = []
    for _ in range(max_epochs):
        mistakes.append(neuron.epoch(X, y, lr))
        if mistakes[-1] == 0:
            break
    return neuron.weights, neuron.bias, mistakes


if __name__ == "__main__":
    print(fit(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 0, 0, 1])))
