"""The kernel's side of the JupyterLab extension: commands on the control channel, news on the announce comm."""

from ivoryos_jupyter.bridge._bridge import install, uninstall
from ivoryos_jupyter.bridge._messages import Acknowledgement, ControlRequest, Greeting, Message, Standing

__all__ = ["Acknowledgement", "ControlRequest", "Greeting", "Message", "Standing", "install", "uninstall"]
