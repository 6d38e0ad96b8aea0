"""How a fitted decoder writes: prompts, beams, grammars it keeps to, and what a text licenses it to say."""
