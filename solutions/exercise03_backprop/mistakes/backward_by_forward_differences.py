"""Close, but measured and not derived, and measured to one side only. The chain rule gives it exactly.

Loses: backward
"""


def backward(w, x, b, y_true):
    def loss(w, b):
        return (max(w * x + b, 0.0) - y_true) ** 2

    eps = 1e-6
    z = w * x + b
    return {
        "dL_da": 2.0 * (max(z, 0.0) - y_true),
        "da_dz": 1.0 if z > 0.0 else 0.0,
        "dz_dw": x,
        "dL_dw": (loss(w + eps, b) - loss(w, b)) / eps,
        "dL_db": (loss(w, b + eps) - loss(w, b)) / eps,
    }
