"""How do the property tests search?  The same cases each time, however slow the machine: a change is not refused by chance.

To look further: ``pytest --hypothesis-profile=search``.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("search", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")
