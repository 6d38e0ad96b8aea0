"""Clinical trials: criteria made computable (criteria/), charts matched (matching/), results analysed (results/)."""
