"""The guard around an object: what one writes in a cell passes the same pipeline as everything else."""

from ivoryos_jupyter.guarding._calls import unwrapped
from ivoryos_jupyter.guarding._guard import Guard
from ivoryos_jupyter.guarding._override import Override, override, override_now
from ivoryos_jupyter.guarding._stand_in import Guarded

__all__ = ["Guard", "Guarded", "Override", "override", "override_now", "unwrapped"]
