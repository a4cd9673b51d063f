"""How the values of an answer hang together: for the diagnosis."""

NAMES = {
    "dropout_forward": ("out", "mask"),
    "batchnorm_forward": ("out", "cache", "new_running_mean", "new_running_var"),
}
OPAQUE = {"batchnorm_forward": ("cache",)}
LINKS = {
    "dropout_forward": ("mask", "out"),
    "batchnorm_backward": ("dbeta", "dgamma", "dx"),
}
