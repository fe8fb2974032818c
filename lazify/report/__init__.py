"""One page that shows what lazify found and would change: no network, no framework, the same bytes for the same facts."""
