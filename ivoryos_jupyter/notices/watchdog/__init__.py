"""A process beside the kernel that notices when the kernel is gone; see `__main__`."""
