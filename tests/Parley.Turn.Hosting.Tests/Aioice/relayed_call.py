"""Two ICE agents of aioice that may use relayed candidates only, and a conversation between them.

Arguments: server address, port, transport (udp, tcp or tls), user name, password. Prints how many messages arrived.
"""
import asyncio
import ssl
import sys

from aioice import Connection, TransportPolicy

MESSAGES = 50


def make_connection(controlling, address, port, transport, username, password):
    context = False
    if transport == "tls":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return Connection(
        ice_controlling=controlling,
        turn_server=(address, port),
        turn_username=username,
        turn_password=password,
        turn_ssl=context,
        turn_transport="udp" if transport == "udp" else "tcp",
        use_ipv6=False,
        transport_policy=TransportPolicy.RELAY,
    )


async def introduce(one, other):
    await one.gather_candidates()
    for candidate in one.local_candidates:
        assert candidate.type == "relay", candidate
        await other.add_remote_candidate(candidate)
    await other.add_remote_candidate(None)
    other.remote_username = one.local_username
    other.remote_password = one.local_password


async def converse(alice, bob):
    arrived = 0
    for number in range(MESSAGES):
        for sender, receiver in ((alice, bob), (bob, alice)):
            message = b"%d" % number * (number + 1)
            await sender.send(message)
            if await asyncio.wait_for(receiver.recv(), 10) == message:
                arrived += 1
    return arrived


async def main():
    address, port, transport, username, password = sys.argv[1:]
    alice, bob = (make_connection(controlling, address, int(port), transport, username, password) for controlling in (True, False))
    await introduce(alice, bob)
    await introduce(bob, alice)
    await asyncio.gather(alice.connect(), bob.connect())
    print("arrived:", await converse(alice, bob))
    await alice.close()
    await bob.close()


asyncio.run(main())
