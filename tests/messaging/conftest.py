from tests.messaging.otherside import gateway, sink, static_folder

__all__ = ["gateway", "sink", "static_folder"]
