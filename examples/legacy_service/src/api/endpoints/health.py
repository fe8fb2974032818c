from fastapi import APIRouter

from src import settings
from src.services.image_processing_service import image_service
from src.services.recommendations import model_info

router = APIRouter()


@router.get("/health")
def health():
    return {"status": "ok"}


@router.get("/info")
def info():
    return {
        **settings.describe(),
        "currency": settings.config["currency"],
        "model": model_info(),
        "images": image_service.status(),
    }
