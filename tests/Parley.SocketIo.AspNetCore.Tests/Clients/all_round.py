"""python-socketio: connects as told (polling, websocket, or upgrade), then uses what a client can do."""
import queue
import sys

import socketio

url, mode = sys.argv[1], sys.argv[2]
client = socketio.Client()
received = queue.Queue()


def take(name):
    event, *arguments = received.get(timeout=10)
    assert event == name, f"expected {name}, got {event}"
    return arguments


for name in ("welcome", "echo"):
    client.on(name, lambda *arguments, name=name: received.put((name, *arguments)))
client.on("question", lambda text: text + "!")
client.on("disconnect", lambda *_: received.put(("disconnect",)))

transports = ["polling", "websocket"] if mode == "upgrade" else [mode]
client.connect(url + "?colour=green", auth={"token": "ü€😀"}, transports=transports, wait_timeout=10)
(welcome,) = take("welcome")
assert welcome["auth"] == {"token": "ü€😀"} and welcome["colour"] == "green", welcome
assert welcome["id"] == client.get_sid(), welcome
assert client.transport() == ("websocket" if mode == "upgrade" else mode), client.transport()

values = [1, "two", {"three": [True, None, 3.5]}, 'line\nbreak \u001e "quoted" \\', "😀" * 1000]
for value in values:
    client.emit("echo", value)
for value in values:
    assert take("echo") == [value]

data = bytes([0, 1, 2, 30, 255])
client.emit("echo", (data, {"deep": [b"\7" * 3000]}, data))
assert take("echo") == [data, {"deep": [b"\7" * 3000]}, data]

assert client.call("sum", (1, 2), timeout=10) == 3
assert client.call("ask-me", "really", timeout=10) == "really!"
assert client.call("echo-ack", (data, "x"), timeout=10) == data

client.emit("kick-me")
take("disconnect")
client.disconnect()
print("all well")
