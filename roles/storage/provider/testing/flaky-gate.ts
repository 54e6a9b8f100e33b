import { connect, createServer, type Server, type Socket } from 'node:net'

/** A door to a server that a test can shut: shut, it ends all connections and takes no new ones. */
export type Gate = { readonly port: number; shut(): Promise<void>; open(): Promise<void>; stop(): Promise<void> }

/** Forwards 127.0.0.1 connections to `targetPort`. */
export async function startGate(targetPort: number): Promise<Gate> {
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let port = 0
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const open = async (): Promise<void> => {
    const next = createServer((incoming) => {
      const outgoing = connect(targetPort, '127.0.0.1')
      track(incoming)
      track(outgoing)
      incoming.pipe(outgoing).pipe(incoming)
    })
    await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve))
    port = (next.address() as { port: number }).port
    server = next
  }
  const shut = async (): Promise<void> => {
    const closing = server
    server = null
    if (closing === null) return
    const closed = new Promise((resolve) => closing.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await open()
  return { port, open, shut, stop: shut }
}
