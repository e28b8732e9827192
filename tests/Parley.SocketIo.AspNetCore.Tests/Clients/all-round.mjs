// Connects as told (polling, websocket, or upgrade), then uses everything a client can do.
import { argument as mode, assert, collect, io, next, url } from './client.mjs'

const transports = mode === 'upgrade' ? ['polling', 'websocket'] : [mode]
const socket = io(url, { transports, auth: { token: 'ü€😀' }, query: { colour: 'green' } })
const upgraded = mode === 'upgrade' ? new Promise((resolve) => socket.io.once('open', () => socket.io.engine.once('upgrade', resolve))) : undefined
const [welcome] = await next(socket, 'welcome')
assert.deepEqual(welcome, { auth: { token: 'ü€😀' }, colour: 'green', id: socket.id })
await upgraded
assert.equal(socket.io.engine.transport.name, mode === 'upgrade' ? 'websocket' : mode)

// Events come back in order, whatever they hold.
const echo = collect(socket, 'echo')
const values = [1, 'two', { three: [true, null, 3.5] }, 'line\nbreak \u001e "quoted" \\', '😀'.repeat(1000)]
for (const value of values) socket.emit('echo', value)
for (const value of values) assert.deepEqual(await echo(), [value])

// Acks both ways.
assert.deepEqual(await socket.timeout(5000).emitWithAck('sum', 1, 2), 3)
socket.on('question', (text, answer) => answer(`${text}!`))
assert.equal(await socket.timeout(5000).emitWithAck('ask-me', 'really'), 'really!')

// Binary both ways, alone and inside of other data.
const bytes = Buffer.from([0, 1, 2, 30, 255])
socket.emit('echo', bytes, { deep: [Buffer.alloc(3000, 7)] }, bytes)
const [first, second, third] = await echo()
assert.deepEqual(first, bytes)
assert.deepEqual(second, { deep: [Buffer.alloc(3000, 7)] })
assert.deepEqual(third, bytes)
assert.deepEqual(await socket.timeout(5000).emitWithAck('echo-ack', bytes, 'x'), bytes)

// A namespace beside, over the same connection; one that does not exist; one that refuses.
const admin = socket.io.socket('/admin', { auth: { secret: 'yes' } })
await next(admin, 'connect')
assert.notEqual(admin.id, socket.id)
const refused = socket.io.socket('/admin2')
assert.equal((await next(refused, 'connect_error'))[0].message, 'Invalid namespace')
admin.disconnect()
const again = socket.io.socket('/refusing')
const [error] = await next(again, 'connect_error')
assert.equal(error.message, 'not you')
assert.deepEqual(error.data, { code: 7 })
assert.ok(socket.connected)

// The server's goodbye.
socket.emit('kick-me')
assert.equal((await next(socket, 'disconnect'))[0], 'io server disconnect')
socket.io.engine.close()
