"""What holds for all tests."""

import signal

# Shells start what runs in the background with Ctrl-C ignored, and it would be for the programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
