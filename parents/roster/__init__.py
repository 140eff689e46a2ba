"""The guardians' part of a roster: adults, their links to children, addresses and contact points, families."""
