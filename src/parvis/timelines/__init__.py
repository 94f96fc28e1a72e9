"""Timelines: what one reads, gathered, sifted and ordered: home, threads, profiles, hashtags, the square, live."""
