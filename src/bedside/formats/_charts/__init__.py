"""Charts while they are read: pieces put together by patient, and what every reader knows of times and identity."""
