#!/usr/bin/env python3
"""A Python client generated from the original proto text talks to `okno-catalog`.

In: the program, as the first argument or in OKNO_CATALOG_BIN; else `okno-catalog` from PATH.
Out: exit code 0 and "ok", or what was wrong. Starts a server of its own on a free port, with a
database in a temporary folder, and stops it.

Needs: grpcio, grpcio-tools.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import grpc
from grpc_tools import protoc

# The original's text, as it was published. Not read from proto/: this test is what keeps the
# file there from drifting away from it.
ORIGINAL = """syntax = "proto3";

package ecommerce;

service ProductInfo {
    rpc addProduct(Product) returns (ProductID);
    rpc getProduct(ProductID) returns (Product);
    rpc delProduct(ProductID) returns (Product);
}

message Product {
    string id = 1;
    string name = 2;
    string description = 3;
    float price = 4;
}

message ProductID {
    string value = 1;
}
"""

SECONDS = 10


def generate(folder):
    (folder / "product_info.proto").write_text(ORIGINAL, encoding="utf-8")
    arguments = [f"-I{folder}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
    assert protoc.main(["protoc", *arguments, "product_info.proto"]) == 0, "protoc failed"
    sys.path.insert(0, str(folder))


def start(program, db):
    command = [program, "serve", "--listen", "127.0.0.1:0", "--db", str(db)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    found = re.search(r"http://(127\.0\.0\.1:\d+)", line)
    assert found, f"the server said {line!r}"
    return server, found.group(1)


def refused(code, call, argument, *words):
    """The call must fail with this code and a message that has these words."""
    try:
        answer = call(argument, timeout=SECONDS)
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()}: {error.details()}"
        for word in words:
            assert word in error.details(), f"{word!r} is not in {error.details()!r}"
        return
    raise AssertionError(f"expected {code}, got {answer}")


def check(address):
    import product_info_pb2
    import product_info_pb2_grpc

    with grpc.insecure_channel(address) as channel:
        grpc.channel_ready_future(channel).result(timeout=SECONDS)
        stub = product_info_pb2_grpc.ProductInfoStub(channel)
        given = product_info_pb2.Product(name="Apple", description="A red one", price=0.1)
        added = stub.addProduct(given, timeout=SECONDS)
        assert str(uuid.UUID(added.value)) == added.value, added

        expected = product_info_pb2.Product(
            id=added.value, name="Apple", description="A red one", price=0.1
        )
        got = stub.getProduct(added, timeout=SECONDS)
        assert got == expected, got

        # Deleting returns the product; once more, there is none.
        assert stub.delProduct(added, timeout=SECONDS) == expected
        refused(grpc.StatusCode.NOT_FOUND, stub.delProduct, added, added.value)
        refused(grpc.StatusCode.NOT_FOUND, stub.getProduct, added, added.value)

        # The server assigns the id, as the original does, whatever the client sends.
        mine = product_info_pb2.Product(id="mine", name="Pear", price=2)
        other = stub.addProduct(mine, timeout=SECONDS)
        assert other.value not in ("mine", added.value), other
        refused(
            grpc.StatusCode.NOT_FOUND,
            stub.getProduct,
            product_info_pb2.ProductID(value="mine"),
            "mine",
        )

        for bad, word in [
            (product_info_pb2.Product(price=1), "name"),
            (product_info_pb2.Product(name="x", price=-1), "negative"),
            (product_info_pb2.Product(name="x", price=float("inf")), "infinite"),
            (product_info_pb2.Product(name="x", price=float("nan")), "number"),
            (product_info_pb2.Product(name="x" * 257, price=1), "limit"),
        ]:
            refused(grpc.StatusCode.INVALID_ARGUMENT, stub.addProduct, bad, word)
        return other.value, mine.name


def check_after_restart(address, identity, name):
    import product_info_pb2
    import product_info_pb2_grpc

    with grpc.insecure_channel(address) as channel:
        stub = product_info_pb2_grpc.ProductInfoStub(channel)
        product_id = product_info_pb2.ProductID(value=identity)
        assert stub.getProduct(product_id, timeout=SECONDS).name == name


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else None
    program = program or os.environ.get("OKNO_CATALOG_BIN") or "okno-catalog"
    ours = Path(__file__).parents[2] / "proto" / "ecommerce" / "product_info.proto"
    assert ours.read_text(encoding="utf-8") == ORIGINAL, f"{ours} is not the original's text"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder)
        db = folder / "catalog.db"
        server, address = start(program, db)
        try:
            kept, kept_name = check(address)
            server.kill()
            server.wait(timeout=SECONDS)
            server, address = start(program, db)
            check_after_restart(address, kept, kept_name)
            server.send_signal(signal.SIGTERM)
            code = server.wait(timeout=SECONDS)
            assert code == 143, f"exit code {code} after SIGTERM"
        finally:
            server.kill()
            server.wait()
    print("ok")


if __name__ == "__main__":
    main()
