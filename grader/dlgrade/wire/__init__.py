"""What crosses between the grader and the worker: frames, values, messages."""
