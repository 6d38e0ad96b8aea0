"""What a question asks: its terms and their other names, its kind, and passages ordered by what they say of it."""
