"""How fast and how small: `make bench` prints the tables. Absolute times are this machine's; compare within one run."""
