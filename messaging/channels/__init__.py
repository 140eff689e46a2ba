"""Ways out: e-mail, text messages, letters. Each is a short module; none knows our tables."""
