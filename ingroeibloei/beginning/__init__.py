"""The first days of a new portal, as pages: who runs the server becomes its administrator by a code, and is led along
what a portal needs before the first school works with it."""
