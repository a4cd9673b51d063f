"""What is not asked again of every known mistake: training on the digits takes seconds."""

NOT_REPLAYED = ("digits",)
