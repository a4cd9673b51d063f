"""What a learner's source uses that an exercise rules out, found in its syntax tree, without running it.

Only what certainly is meant is named: a false accusation is worse than a miss, since what slips through here
still meets the worker's import guard. `reader` takes the tree apart into `scopes`, `meaning` says for which
objects of other modules an expression stands, `uses` judges them and finds the functions that depend on them.
"""

from dlgrade.sourcecheck.uses import Use, find

__all__ = ["Use", "find"]
