"""What holds for all tests."""

import signal

from hypothesis import HealthCheck, settings

# Shells start what runs in the background with Ctrl-C ignored, and it would be for the programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Nothing is timed: an example that takes long says something of the machine, and not of lazify.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
