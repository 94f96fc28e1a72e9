"""Models behind four Protocols: text, image, embedding, classifier.

Prompts and pictures flow in; completions, pictures, vectors and scores flow out, each with what it used. Whatever
stands behind a Protocol (an endpoint, a file on this machine, a script in a test) may be slow, wrong or gone: it then
raises `Unavailable`, and every caller degrades.
"""
