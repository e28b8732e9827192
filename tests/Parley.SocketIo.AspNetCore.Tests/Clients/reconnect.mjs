// A client that the server moves elsewhere comes back by itself; one that is turned away does not, unless its page says so.
import { assert, collect, io, next, url } from './client.mjs'

let fetched = 0
const socket = io(url, {
  reconnectionDelay: 50,
  reconnectionDelayMax: 200,
  auth: (use) => use({ ticket: ++fetched }),
})
await next(socket, 'connect')
const first = socket.id
assert.equal(fetched, 1)

// The server closes the transport under the client, as it does to empty a node: back without a word from the page, with fresh auth.
const reconnected = next(socket, 'connect')
socket.emit('move-me')
assert.equal((await next(socket, 'disconnect'))[0], 'transport close')
await reconnected
assert.notEqual(socket.id, first)
assert.equal(fetched, 2)

// What is emitted while away arrives afterwards, in order.
const echo = collect(socket, 'echo')
const again = next(socket, 'connect')
socket.emit('move-me')
await next(socket, 'disconnect')
socket.emit('echo', 1)
socket.emit('echo', 2)
await again
assert.deepEqual(await echo(), [1])
assert.deepEqual(await echo(), [2])

// An expired ticket is told with its code; the page connects again, and the function fetches a new one.
const expired = io(`${url}/expiring`, { forceNew: true, auth: (use) => use({ ticket: ++fetched }) })
const [error] = await next(expired, 'connect_error')
assert.equal(error.message, 'unauthorized')
assert.deepEqual(error.data, { code: 'TICKET_EXPIRED' })
expired.connect()
await next(expired, 'connect')

// Retries resend until acked, so a server sees doubles, each with its id.
const retrying = io(url, { forceNew: true, retries: 3, ackTimeout: 100 })
assert.equal(await retrying.emitWithAck('ack-the-second-time', 'x'), 2)

for (const each of [socket, expired, retrying]) each.disconnect()
