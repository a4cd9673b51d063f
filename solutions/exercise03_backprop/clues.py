"""How the values of an answer hang together, and where a function bends: for the diagnosis."""

LINKS = {
    "forward": ("z", "a", "loss"),
    "backward": ("dL_da", "da_dz", "dz_dw", "dL_dw", "dL_db"),
    "mlp_loss_and_grads": ("loss", "b2", "W2", "b1", "W1"),
}

CONDITIONS = {
    name: {
        "z < 0": lambda w, x, b, y_true: w * x + b < 0,
        "z = 0": lambda w, x, b, y_true: w * x + b == 0,
        "z ≤ 0": lambda w, x, b, y_true: w * x + b <= 0,
        "z > 0": lambda w, x, b, y_true: w * x + b > 0,
        "z ≥ 0": lambda w, x, b, y_true: w * x + b >= 0,
    }
    for name in ("forward", "backward")
}
