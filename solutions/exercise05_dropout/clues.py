"""How the values of an answer hang together: for the diagnosis."""

NAMES = {
    "dropout_forward": ("out", "mask"),
    "batchnorm_forward": ("out", "cache", "new_running_mean", "new_running_var"),
}
LINKS = {
    "dropout_forward": ("mask", "out"),
    "batchnorm_backward": ("dbeta", "dgamma", "dx"),
}
