import { createServer } from 'node:net'

/**
 * Where neighbour `index` listens: an address of its own in 127.0.0.0/8 where the system lets programs bind those
 * (Linux, Windows), so that each counts as its own network prefix; a port of 127.0.0.1 elsewhere (macOS).
 */
export function listenAddress(index: number, manyAddresses: boolean): string {
  return manyAddresses ? `/ip4/127.0.${index + 2}.1/tcp/0` : '/ip4/127.0.0.1/tcp/0'
}

/** Finds out once by binding. */
export function canBindManyAddresses(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.2.1', port: 0, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
