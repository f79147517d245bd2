"""Everything that depends on uvicorn's internals: start, HTTP fast path, prebuilt frames."""
