"""Log lines: coloured sentences for a person at a terminal, JSON for a machine."""

import logging
import sys

import structlog


def configure(*, level: str = "info", as_json: bool | None = None) -> None:
    """Set up structlog once per process; JSON when standard error is no terminal, unless told otherwise."""
    machine = not sys.stderr.isatty() if as_json is None else as_json
    for noisy in ("python_multipart", "uvicorn.error"):  # each broken form or request would write a line
        logging.getLogger(noisy).setLevel(logging.ERROR)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if machine else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if machine else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
