"""What stands in place of a grade where a text is the question; without torch, for serving."""

QUESTION = -1
