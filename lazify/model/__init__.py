"""Every frozen record that crosses a stage. No I/O, no LibCST, no click."""
