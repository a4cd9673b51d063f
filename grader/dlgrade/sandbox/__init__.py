"""The worker, where a learner's code runs, and what keeps it there."""
