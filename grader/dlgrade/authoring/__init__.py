"""What an author of exercises is given: a scaffold, a lint in both directions, and certificates of suites."""
