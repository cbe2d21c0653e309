"""An MCP server of 2025, written without the SDK: it asks in the middle of a call, or babbles."""

import json
import sys
from typing import Any


def send(message: dict[str, Any]) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def read() -> dict[str, Any]:
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return dict(json.loads(line))


def answer(request: dict[str, Any]) -> None:
    method = request["method"]
    if method == "initialize":
        about = {"name": "old", "version": "1"}
        told = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": about}
        send({"id": request["id"], "result": told})
    elif method == "tools/call":
        send({"id": request["id"], "result": call(request["params"]["name"])})
    elif "id" in request:
        error = {"code": -32601, "message": f"no method {method}"}
        send({"id": request["id"], "error": error})


def call(tool: str) -> dict[str, Any]:
    if tool == "babble":
        print("this is no JSON", flush=True)
        return {"contents": "of another kind"}
    sure = {"type": "object", "properties": {"sure": {"type": "boolean"}}}
    params = {"message": "May I go on?", "requestedSchema": sure}
    send({"id": "question", "method": "elicitation/create", "params": params})
    while (reply := read()).get("id") != "question":
        answer(reply)
    action = reply["result"]["action"]
    told = [{"type": "text", "text": f"the answer was {action}"}]
    return {"content": told, "isError": action != "accept"}


while True:
    answer(read())
