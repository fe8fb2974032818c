"""Old interface, kept for the endpoints."""
from .enhanced_supplier_service import EnhancedSupplierService, enhanced_supplier_service


class SupplierService:
    def __init__(self):
        self.backend: EnhancedSupplierService = enhanced_supplier_service

    def product(self, sku):
        return self.backend.fetch(sku)

    def products(self):
        found = [self.backend.fetch(sku) for sku in self.backend.skus()]
        return [product for product in found if product]


supplier_service = SupplierService()
