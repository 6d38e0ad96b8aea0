"""What looks like identity and is none: found by a recogniser, and let go again."""
