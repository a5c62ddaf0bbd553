"""The original programs' gRPC client, generated from the published proto text, against the real
catalogue."""

import subprocess
import sys

import harness


def test_a_client_generated_from_the_original_proto():
    done = subprocess.run(
        [sys.executable, harness.HERE / "catalog_python_client.py",
         harness.find_program("OKNO_CATALOG_BIN", "okno-catalog")],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok" in done.stdout
