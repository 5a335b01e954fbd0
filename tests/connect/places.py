"""Where things are, and how long a test waits for anything."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BROBYGGER_BUILD", ROOT / "build"))
BROBYGGER = BUILD / "bin" / "brobygger"
HERE = ROOT / "tests" / "connect"
# Where CMake puts what protoc-gen-es makes, with tests/node_modules beside it.
SCRIPTS = BUILD / "tests" / "connect"
PATIENCE_SECONDS = 20
