"""One page that shows what lazify found and would change: no network, no framework, equal bytes for equal facts."""
