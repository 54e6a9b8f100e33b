import { spawn, type ChildProcess } from 'node:child_process'
import { HearthError } from '../../../roles/api/errors.ts'
import type { Undo } from '../../../roles/api/values.ts'
import { findAnvil } from './anvil-binary.ts'
import { guardProcess } from './guard-process.ts'

/** The chain program did not come up, or ended. */
export class AnvilError extends HearthError {}

/** A running anvil that belongs to this process. */
export type Anvil = {
  readonly pid: number
  /** Loopback address that only the proxy uses. */
  readonly port: number
  onExit(listener: (reason: string) => void): Undo
  kill(): Promise<void>
}

const listenTimeoutMs = 10_000
const exitTimeoutMs = 5_000
/** States of old blocks that anvil keeps in memory; nothing reads further back than a re-organization would. */
const keptStates = 64
/** Room for a first start's 64 authorizations in one block. */
const blockGasLimit = 60_000_000

export type AnvilOptions = {
  readonly chainId: number
  /**
   * Time of the first block, the same at every start: anvil makes it anew each time, and one with another time would be
   * kept beside the saved one. The clock has to be set to now afterwards (`evm_setTime`), since it begins here too.
   */
  readonly genesisSeconds: number
  readonly stateFile: string | null
}

/**
 * Starts anvil on a random port of 127.0.0.1, without accounts of its own, without CORS and without mining.
 *
 * Blocks are made by `startMiner`: anvil's own interval mode was measured to keep 45 kB more per block with every 250
 * blocks (140 MB after 1,000, 3.5 GB after 13,000), while the same blocks made by `evm_mine` leave it at 30 MB.
 */
export async function startAnvil(o: AnvilOptions): Promise<Anvil> {
  const child = spawn(
    findAnvil(),
    [
      ...['--host', '127.0.0.1', '--port', '0', '--no-cors', '--accounts', '0', '--no-mining'],
      ...['--chain-id', String(o.chainId), '--gas-limit', String(blockGasLimit)],
      ...['--timestamp', String(o.genesisSeconds)],
      ...['--prune-history', String(keptStates), '--disable-default-create2-deployer'],
      ...(o.stateFile === null ? [] : ['--load-state', o.stateFile]),
    ],
    // Own session: Ctrl-C in the terminal reaches whoever started practice, who then saves the state first.
    { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32', env: {} },
  )
  const port = await waitForPort(child).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const guard = guardProcess(child.pid!)
  child.once('exit', () => guard.release())
  return {
    pid: child.pid!,
    port,
    onExit(listener) {
      const told = (code: number | null, signal: string | null) => listener(signal ?? `exit code ${code}`)
      child.once('exit', told)
      return () => child.off('exit', told)
    },
    kill: () => killAnvil(child),
  }
}

/** Reads the line "Listening on 127.0.0.1:PORT"; what anvil says before it fails goes into the error. */
function waitForPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (what: string) => {
      clearTimeout(timer)
      reject(
        new AnvilError('ANVIL_NOT_STARTED', `The practice chain did not start: ${what}. ${said.trim().slice(-300)}`),
      )
    }
    const timer = setTimeout(() => fail(`no answer within ${listenTimeoutMs} ms`), listenTimeoutMs)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`))
    child.stderr!.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2000)
    })
    child.stdout!.on('data', (chunk: Buffer) => {
      if (said.length < 100_000) said += chunk.toString()
      const match = /Listening on 127\.0\.0\.1:(\d+)/.exec(said)
      if (match === null) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      // Read on and drop: a full pipe would stop the chain.
      child.stdout!.removeAllListeners('data').resume()
      child.stderr!.removeAllListeners('data').resume()
      resolve(Number(match[1]))
    })
  })
}

function killAnvil(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, exitTimeoutMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    // The state was saved by us; anvil has nothing of its own to finish.
    child.kill('SIGKILL')
  })
}
