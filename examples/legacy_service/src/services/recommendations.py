"""Similar products. The 'model' is a JSON file with one vector per product."""
import json
import math
import os

MODEL_FILE = os.path.join(os.path.dirname(__file__), "..", "..", "model.json")


class Model:
    def __init__(self, vectors, version):
        self.vectors = vectors
        self.version = version

    def similarity(self, a, b):
        x, y = self.vectors[a], self.vectors[b]
        dot = sum(i * j for i, j in zip(x, y))
        return dot / (math.hypot(*x) * math.hypot(*y))


def load_huge_model(path=MODEL_FILE):
    with open(path) as f:
        raw = json.load(f)
    return Model(raw["vectors"], raw["version"])


ML_MODEL = load_huge_model()


def reload_model(path=MODEL_FILE):
    """After the nightly training."""
    global ML_MODEL
    ML_MODEL = load_huge_model(path)
    return ML_MODEL.version


def similar(sku: str, count: int = 2) -> list:
    if sku not in ML_MODEL.vectors:
        return []
    others = [other for other in ML_MODEL.vectors if other != sku]
    others.sort(key=lambda other: ML_MODEL.similarity(sku, other), reverse=True)
    return others[:count]


def model_info():
    return {"version": ML_MODEL.version, "products": len(ML_MODEL.vectors)}
