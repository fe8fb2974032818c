"""Keeps supplier products for a while, in a SQLite file below ./cache."""
import os

from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from src.models import Base, CachedProduct

CACHE_DIR = os.environ.get("CACHE_DIR", "cache")

engine = create_engine("sqlite:///" + os.path.join(CACHE_DIR, "products.db"))
SessionLocal = sessionmaker(bind=engine, expire_on_commit=False)


class CacheService:
    def __init__(self):
        os.makedirs(CACHE_DIR, exist_ok=True)
        Base.metadata.create_all(engine)
        self.hits = 0
        self.misses = 0

    def get(self, sku):
        with SessionLocal() as session:
            found = session.scalar(select(CachedProduct).where(CachedProduct.sku == sku))
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        return found.as_dict()

    def put(self, product):
        with SessionLocal() as session:
            session.add(CachedProduct(**product))
            session.commit()

    def stats(self):
        return {"hits": self.hits, "misses": self.misses}


cache_service = CacheService()
