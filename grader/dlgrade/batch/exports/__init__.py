"""A gradebook for other tools: spreadsheets, Canvas, JUnit's readers, Gradescope.

Rows are in the order of exercises and students, and nothing in a spreadsheet depends on when or where it was
graded: two gradebooks of the same submissions give the same bytes.
"""
