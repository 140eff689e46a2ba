"""Files of a notice or of a card of the draaiboek: what may come in, how it is opened, cleaned and kept, how it leaves.

``opener``, ``pictures``, ``documents`` and ``office`` run in a process of their own and know nothing of Django; neither
does ``sounds``, which measures the recordings that ``listening`` lets ffmpeg make small behind the ``fence``.
"""
