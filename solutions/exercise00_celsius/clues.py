"""How the values of an answer hang together: for the diagnosis."""

NAMES = {"gradients": ("dL_dw", "dL_db")}
LINKS = {"fit": ("losses", "w", "b")}
