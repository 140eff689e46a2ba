"""Translation machines: each driver knows one protocol; what leaves was closed before (``messaging.sealing``)."""
