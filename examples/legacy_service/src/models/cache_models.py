"""Tables of the product cache."""
from sqlalchemy import Column, Float, Integer, String
from sqlalchemy.orm import declarative_base

__all__ = ["Base", "CachedProduct"]

Base = declarative_base()


class CachedProduct(Base):
    __tablename__ = "cached_products"

    id = Column(Integer, primary_key=True)
    sku = Column(String(40), unique=True, nullable=False)
    title = Column(String(200), nullable=False)
    price = Column(Float, nullable=False)

    def as_dict(self):
        return {"sku": self.sku, "title": self.title, "price": self.price}
