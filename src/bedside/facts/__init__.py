"""What a chart or a question says of a person that changes advice, as plain values."""
