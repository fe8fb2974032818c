"""Finds products in pictures, where the machine can (it needs torch, and clip, and patience)."""
import logging

logger = logging.getLogger(__name__)

try:
    import clip
    import torch

    CLIP_AVAILABLE = True
except ImportError:
    CLIP_AVAILABLE = False
    logger.info("clip or torch missing: image search is off")

try:
    import numpy as np
    from PIL import Image
except ImportError:
    np = None
    Image = None


class ImageProcessingService:
    def __init__(self):
        self.model = None
        self.preprocess = None
        self.device = "cpu"
        if CLIP_AVAILABLE:
            self.device = "cuda" if torch.cuda.is_available() else "cpu"

    def _load(self):
        if self.model is None:
            self.model, self.preprocess = clip.load("ViT-B/32", device=self.device)

    def embed(self, image: "Image.Image"):
        if not CLIP_AVAILABLE:
            raise RuntimeError("image search is off")
        self._load()
        with torch.no_grad():
            features = self.model.encode_image(self.preprocess(image).unsqueeze(0).to(self.device))
        return np.asarray(features.cpu())[0]

    def open(self, path: str) -> "Image.Image":
        if Image is None:
            raise RuntimeError("Pillow is missing")
        return Image.open(path)

    def status(self) -> dict:
        return {"available": CLIP_AVAILABLE, "device": self.device}


image_service = ImageProcessingService()
