"""What an operator must know: whether everything lives, what is wrong and how to mend it. No person is in any of it."""
