import numpy as np


def moving_average(x, window):
    found = []
    for end in range(window, len(x) + 1):
        total = 0.0
        for value in x[end - window : end].tolist():
            total += value
        found.append(total / window)
    return np.array(found)


def exponential_average(x, alpha=0.5):
    values = x.tolist()
    found = [values[0]]
    for value in values[1:]:
        found.append(found[-1] + alpha * (value - found[-1]))
    return np.array(found)
