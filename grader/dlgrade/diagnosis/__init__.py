"""Why it went wrong: the known mistake that gives the learner's answers, or what the numbers say.

`alike` says when two answers are the same, `catalogue` reads the known mistakes, `replay` asks them what
the learner's code was asked, `relations`, `conditions` and `substitutes` look at numbers alone, which
`comparing` puts together, and `explaining` chooses what is said.
"""

from dlgrade.diagnosis.explaining import Diagnosis, Explainer

__all__ = ["Diagnosis", "Explainer"]
