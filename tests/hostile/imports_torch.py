"""Imports torch in a NumPy exercise, inside the function.

Touches: add
Says: torch
"""


def add(a, b):
    import torch

    return float(torch.tensor(a) + b)
