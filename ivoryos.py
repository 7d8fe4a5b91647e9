"""The short name: ``import ivoryos`` and ``%load_ext ivoryos`` mean `ivoryos_jupyter`."""

import sys

import ivoryos_jupyter

sys.modules[__name__] = ivoryos_jupyter
