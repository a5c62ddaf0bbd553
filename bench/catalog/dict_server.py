#!/usr/bin/env python3
"""The product service the original's way: grpcio and a dictionary. For comparison only.

In: --proto, the folder with ecommerce/product_info.proto and okno/v1/catalog.proto; --preload, a
JSON file as `okno-catalog export` writes it. Out: a server on a free port of 127.0.0.1, which it
prints. addProduct, getProduct and delProduct are the original's. It had no list and no search;
these are the plain way over a dictionary: sort and cut, walk and compare.

Needs: grpcio, grpcio-tools.
"""

import argparse
import json
import sys
import tempfile
import uuid
from concurrent import futures

import grpc
from grpc_tools import protoc


def generate(proto, out):
    files = ["ecommerce/product_info.proto", "okno/v1/catalog.proto"]
    arguments = ["protoc", f"-I{proto}", f"--python_out={out}", f"--grpc_python_out={out}", *files]
    if protoc.main(arguments) != 0:
        sys.exit(f"protoc can't read the files in {proto}")
    sys.path.insert(0, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proto", required=True)
    parser.add_argument("--preload")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        generate(arguments.proto, out)
        serve(arguments.preload)


def serve(preload):
    from ecommerce import product_info_pb2 as messages
    from ecommerce import product_info_pb2_grpc as services
    from okno.v1 import catalog_pb2 as more_messages
    from okno.v1 import catalog_pb2_grpc as more_services

    products = {}

    class ProductInfo(services.ProductInfoServicer):
        def addProduct(self, request, context):
            request.id = str(uuid.uuid4())
            products[request.id] = request
            return messages.ProductID(value=request.id)

        def getProduct(self, request, context):
            return products[request.value]

        def delProduct(self, request, context):
            return products.pop(request.value)

    class Catalog(more_services.CatalogServicer):
        def ListProducts(self, request, context):
            page = sorted(list(products.values()), key=lambda p: p.name)[: request.page_size]
            return self.page(page)

        def SearchProducts(self, request, context):
            words = request.query.lower().split()
            found = []
            for product in list(products.values()):
                text = f" {product.name} {product.description}".lower()
                if all(f" {word}" in text for word in words):
                    found.append(product)
                    if len(found) == request.page_size:
                        break
            return self.page(found)

        def page(self, found):
            items = [more_messages.Item(product=product) for product in found]
            return more_messages.ListProductsResponse(items=items, total=len(products))

    if preload:
        with open(preload, encoding="utf-8") as file:
            for row in json.load(file):
                fields = {name: row[name] for name in ("id", "name", "description", "price")}
                products[row["id"]] = messages.Product(**fields)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=10))
    services.add_ProductInfoServicer_to_server(ProductInfo(), server)
    more_services.add_CatalogServicer_to_server(Catalog(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"http://127.0.0.1:{port} {len(products)}", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
