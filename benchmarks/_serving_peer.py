"""The peer: FastAPI around a transformers text-classification pipeline, as its tutorials write it."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedTokenizerFast, pipeline


class Note(BaseModel):
    """The request."""

    text: str


def build(folder: Path) -> FastAPI:
    """The app; the encoder's weights are those of our model folder."""
    settings = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    backbone = folder / "backbone"
    config = AutoConfig.from_pretrained(backbone, num_labels=len(settings["labels"]))
    network = AutoModelForSequenceClassification.from_pretrained(backbone, config=config)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(backbone / "tokenizer.json"), pad_token="[PAD]")
    with tempfile.TemporaryDirectory() as place:
        network.save_pretrained(place)
        tokenizer.save_pretrained(place)
        pipe = pipeline("text-classification", model=place, tokenizer=place, top_k=None)
    app = FastAPI()

    @app.post("/predict")
    def predict(note: Note) -> list[dict[str, float | str]]:
        answer = pipe([note.text], truncation=True, max_length=settings["max_tokens"])[0]
        return list(answer)

    return app


if __name__ == "__main__":
    uvicorn.run(build(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
