"""The process in which an embedded text model runs: a llama.cpp server on a loopback port, under a key.

Started by `llama`, as a script. One line of JSON flows in on standard input (the file, the key, threads and context);
one line with the address flows out on standard output when the model is loaded. The process ends when its input does:
by `close`, or because its parent died, however that came about.
"""

import json
import os
import sys


def main() -> None:
    """Load the model, tell the address, and serve until nobody holds the other end of the input."""
    os.nice(5)  # pages and posts come first
    asked = json.loads(sys.stdin.readline())
    import xllamacpp

    wishes = xllamacpp.CommonParams()
    wishes.model.path = asked["path"]
    wishes.model_alias = {asked["name"]}
    wishes.api_keys = [asked["key"]]
    wishes.hostnames = ["127.0.0.1"]
    wishes.port = 0
    wishes.n_ctx = asked["context"]
    wishes.n_parallel = 1
    wishes.cpuparams.n_threads = wishes.cpuparams_batch.n_threads = asked["threads"]
    wishes.n_threads_http = 2
    wishes.cache_ram_mib = 0  # one conversation at a time: nothing to keep aside
    wishes.verbosity = 1  # errors alone
    server = xllamacpp.Server(wishes)
    sys.stdout.write(json.dumps({"url": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # a clean end would wait for the answer that nobody hears any more


if __name__ == "__main__":
    main()
