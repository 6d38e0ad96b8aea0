"""What runs a network over token ids, one engine a file; `model.json` names the file."""
