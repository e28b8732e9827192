// The room application on Socket.IO for Node, with its defaults. Arguments: port, backlog.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const [port, backlog] = process.argv.slice(2).map(Number)

const http = createServer((request, response) => {
  if (request.url === '/collect') globalThis.gc()
  response.end(process.version)
})

const io = new Server(http)
io.on('connection', (socket) => {
  socket.on('join', (room, ack) => {
    socket.join(room)
    ack()
  })
  socket.on('message', (room, data) => socket.to(room).emit('message', room, data))
  socket.on('leave', (room, ack) => {
    socket.leave(room)
    ack()
  })
})

http.listen(port, '127.0.0.1', backlog)
