"""Many submissions in, a gradebook out.

`intake` finds what each student handed in, `running` has it graded and writes every verdict at once into the
`gradebook`, `export` writes the gradebook out for other tools.
"""
