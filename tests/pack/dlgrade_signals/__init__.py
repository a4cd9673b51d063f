"""Exercises on signals: this folder holds exercises/ and solutions/."""
