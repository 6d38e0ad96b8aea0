"""What becomes of a found span: a tag, a mask, a surrogate, or a date shifted in the form it had."""
