"""IvoryOS in Jupyter: live instruments become panels, workflows, runs and tables."""

__version__ = "0.1.0"
