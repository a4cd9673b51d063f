"""How the values of an answer hang together: for the diagnosis."""

NAMES = {"mlp_forward": ("hidden", "probs")}
LINKS = {"mlp_forward": ("hidden", "probs")}
