"""HL7 v2 over MLLP: messages of the hospital's systems into the store of charts, each acknowledged."""

from bedside.server.mllp.listener import Listener

__all__ = ["Listener"]
