"""Pictures of what a learner's own functions returned, and what a ``pictures.py`` is written with.

Neither matplotlib nor NumPy is imported before something is drawn: a check without pictures does not pay.
"""

from dlgrade.pictures.model import Absent, Drawing, Picture
from dlgrade.pictures.recipe import Recipe, once, picture

__all__ = ["Absent", "Drawing", "Picture", "Recipe", "once", "picture"]
