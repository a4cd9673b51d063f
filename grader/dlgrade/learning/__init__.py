"""What goes on around a check for who learns alone: their folder, what is next, quizzes, and coming back."""
