"""One report, several ways to show it."""
