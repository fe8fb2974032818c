"""Counters. Already lazy: somebody had trouble with this one before."""
from collections import Counter


class Metrics:
    def __init__(self):
        self.counters = Counter()

    def count(self, name, by=1):
        self.counters[name] += by

    def snapshot(self):
        return dict(sorted(self.counters.items()))


_metrics = None


def get_metrics():
    global _metrics
    if _metrics is None:
        _metrics = Metrics()
    return _metrics


class MetricsProxy:
    def __getattr__(self, name):
        return getattr(get_metrics(), name)


metrics = MetricsProxy()
