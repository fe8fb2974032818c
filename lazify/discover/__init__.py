"""Which projects the PATHS belong to, and every Python file of them: `stake` claims, `survey` lists."""

from lazify.discover.survey import Inventory, survey
from lazify.discover.territory import Territory, stake

__all__ = ["Inventory", "Territory", "stake", "survey"]
