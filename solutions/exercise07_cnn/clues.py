"""What is not asked again of every known mistake, and what is no answer of the code that is asked."""

NOT_REPLAYED = ("digits",)  # training on them takes seconds

# It runs the learner's file anew, whichever code is asked.
NAMES = {"picked_by_a_fresh_copy": ("kind", "shape", "place")}
OPAQUE = {"picked_by_a_fresh_copy": ("kind", "shape", "place")}
