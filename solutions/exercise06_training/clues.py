"""How the values of an answer hang together: for the diagnosis."""

NAMES = {"clip_grad_norm": ("clipped", "total_norm")}
LINKS = {
    "clip_grad_norm": ("total_norm", "clipped"),
    "train": ("lr", "train_loss", "grad_norm", "val_loss", "best_epoch", "stopped_epoch"),
}
