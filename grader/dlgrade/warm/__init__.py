"""Many files, one after another or several at a time, by graders that are warm.

A lane is a process that has imported and rehearsed what grading an exercise takes; it forks a grader for each
file, and that grader's workers are forked by a zygote. So nothing of one submission is there for the next:
neither in a worker nor in a grader.
"""

from dlgrade.warm.lane import Job, Lane, Verdict
from dlgrade.warm.lanes import Lanes, cores, verdicts

__all__ = ["Job", "Lane", "Lanes", "Verdict", "cores", "verdicts"]
