"""Every row of yours loses equally many units. Do coins do that?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    rows = x.reshape(-1, x.shape[-1]) if x.ndim else x.reshape(1, 1)
    order = rng.permuted(np.tile(np.arange(rows.shape[1]), (len(rows), 1)), axis=1)
    lost = np.floor(p * rows.shape[1] + rng.random())
    mask = ((order >= lost) / (1.0 - p)).reshape(x.shape)
    return x * mask, mask
