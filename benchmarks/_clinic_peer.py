"""The plain server beside ours: FastAPI around transformers, the same encoder, one text a request; no door, no log."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoModel, PreTrainedTokenizerFast


class Asked(BaseModel):
    """The request."""

    input: str
    model: str = "e5"


def build(folder: Path) -> FastAPI:
    """The app, of a folder with the encoder's weights."""
    network = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    app = FastAPI()

    @app.post("/v1/embeddings")
    def embed(asked: Asked) -> list[float]:
        ids = tokenizer(f"query: {asked.input}", return_tensors="pt", truncation=True, max_length=384)
        with torch.inference_mode():
            hidden = network(ids["input_ids"], ids["attention_mask"]).last_hidden_state[0].mean(0)
        return list((hidden / hidden.norm()).tolist())

    return app


if __name__ == "__main__":
    uvicorn.run(build(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
