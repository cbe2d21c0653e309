"""The skills in this folder as a web service, with Amazon's ask-sdk-webservice-support.

    python serve.py tide-pool-quiz water-log --port 5000
    python serve.py puppet-theatre --port 5000 --certificate home/signing/chain.pem

Each answers at /NAME. With a certificate, requests that Sayso did not sign with its key are
refused, and so are old ones and those that come twice. It is plain WSGI: Flask and every other
server of that kind can hold what `application_of` gives.
"""

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from types import ModuleType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from ask_sdk_core.exceptions import AskSdkException

from sayso.fulfilment.verifying import RefusedError, Verifier

try:
    import certvalidator  # noqa: F401
except Exception:  # noqa: BLE001
    # What the SDK's own verifier is made of does not start beside OpenSSL 3.0.10 and later
    # (github.com/wbond/oscrypto/issues/78). That verifier is not used here: an empty one will do.
    for name in ("certvalidator", "certvalidator.errors"):
        sys.modules[name] = stand_in = ModuleType(name)
        stand_in.CertificateValidator = stand_in.ValidationError = stand_in.PathError = Exception

from ask_sdk_webservice_support.webservice_handler import WebserviceSkillHandler

HERE = Path(__file__).parent
MOST_BYTES = 256 * 1024


def skill_of(name):
    """The ask-sdk skill of a package: what its lambda_handler is made from."""
    file = HERE / name / "lambda" / "lambda_function.py"
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.sb.create()


def application_of(names, certificate=None):
    """A WSGI application that serves these packages."""
    # The SDK's own verifier trusts Amazon's certificates alone. The time is checked either way.
    ours = [Verifier(certificate)] if certificate else []
    handlers = {
        f"/{name}": WebserviceSkillHandler(skill_of(name), verify_signature=False, verifiers=ours)
        for name in names
    }

    def application(environ, start_response):
        handler = handlers.get(environ["PATH_INFO"])
        if handler is None or environ["REQUEST_METHOD"] != "POST":
            return _answer(start_response, "404 Not Found", "no such skill")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 < length <= MOST_BYTES:
            return _answer(start_response, "413 Content Too Large", "too much or nothing at all")
        body = environ["wsgi.input"].read(length).decode()
        headers = {  # HTTP_SIGNATURE_256 -> Signature-256
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        try:
            answer = handler.verify_request_and_dispatch(headers, body)
        except (RefusedError, AskSdkException) as error:
            print("refused:", error, file=sys.stderr, flush=True)
            return _answer(start_response, "400 Bad Request", "refused")
        return _answer(start_response, "200 OK", json.dumps(answer), "application/json")

    return application


def _answer(start_response, status, text, kind="text/plain"):
    body = text.encode()
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *words):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", help="folders with a skill package")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--certificate", help="of the Sayso that may call; made by: sayso signing")
    told = parser.parse_args()
    application = application_of(told.names, told.certificate)
    with make_server("127.0.0.1", told.port, application, Server, Quiet) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
