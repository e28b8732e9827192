// What the scripts share: the official client out of web/node_modules, and waiting for events.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(process.env.WEB_ROOT, 'package.json'))

export const { io } = require('socket.io-client')
export const url = process.argv[2]
export const argument = process.argv[3]
export { assert }

function withTimeout(event, start) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no '${event}' within 10 s`)), 10_000)
    start((args) => {
      clearTimeout(timer)
      resolve(args)
    })
  })
}

/** Resolves with the arguments of the next event of this name. */
export const next = (emitter, event) => withTimeout(event, (done) => emitter.once(event, (...args) => done(args)))

/** Collects the events of a name from now on; each call of what it returns takes the oldest. */
export function collect(emitter, event) {
  const events = []
  const waiting = []
  emitter.on(event, (...args) => (waiting.length > 0 ? waiting.shift()(args) : events.push(args)))
  return () => (events.length > 0 ? Promise.resolve(events.shift()) : withTimeout(event, (done) => waiting.push(done)))
}
