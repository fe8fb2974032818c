"""Proof of a rewrite: two states of a project side by side, imported as a platform would, and tested.

copies, history, bench    the two states, in copies
looking                   imports an entry there, in a sandbox
comparison                what became better or worse, aspect by aspect
suite                     the project's own tests
judging                   the verdict on both
culprits, blame           which change is guilty
"""
