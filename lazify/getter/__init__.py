"""Turning a module-level value into a getter, with everything that uses it: the machinery of the singleton codemods."""
