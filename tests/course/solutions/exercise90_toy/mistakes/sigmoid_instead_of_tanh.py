"""What should come out for 0?

Loses: tanh
"""


def by_hand_tanh(z):
    return 1 / (1 + np.exp(-z))
