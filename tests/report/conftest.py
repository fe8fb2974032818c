from tests.graph.conftest import own_cache, root

__all__ = ["own_cache", "root"]
