"""Help in the portal itself: a short page for each task, in Dutch, with pictures of the pages it is about."""
