"""Files that go with a notice: what may come in, how it is opened and cleaned, where it is kept.

``opener``, ``pictures`` and ``documents`` run in a process of their own and know nothing of Django; neither
does ``sounds``, which measures the recordings that ``listening`` lets ffmpeg make small behind the ``fence``.
"""
