"""Clinical trials: criteria made computable, charts matched against them, results analysed."""
