import { randomBytes } from 'node:crypto'
import type { Undo } from '../../../roles/api/values.ts'
import type { PracticeScreen } from '../../api/wallet.ts'
import { NoNetworkError, type Home } from '../../store/index.ts'
import {
  createPracticeLedger,
  operatorAccount,
  pressAlways,
  seededKeys,
  servePracticeLedger,
  singleKey,
  type Decision,
  type PracticeKeys,
  type PracticeLedger,
} from '../../wallet/index.ts'
import { parseWholeNumber } from '../output/parse-size.ts'
import { drawPracticeScreen, keyMeaning } from '../output/practice-screen.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type Verb, type VerbContext, type VerbValues } from './verb.ts'

/** `hearth practice-ledger`: a software device in the emulator's place, for scripts and for a rehearsal in a terminal. */
export const practiceLedger: Verb = {
  name: 'practice-ledger',
  summary: 'a software Ledger for the practice network, with a screen in the terminal',
  usage: [
    'practice-ledger [--port N] [--model touch|two-button] [--auto approve|refuse] [--new-account] [--blind-signing]',
  ],
  options: {
    port: { type: 'string' },
    model: { type: 'string' },
    auto: { type: 'string' },
    'new-account': { type: 'boolean' },
    'blind-signing': { type: 'boolean' },
  },
  async run(context, { values, positionals }) {
    if (positionals.length > 0) throw new UsageError('`hearth practice-ledger` takes options only.')
    const o = readOptions(values)
    const keys = await keysOf(context.home(), values['new-account'] === true)
    const ledger = createPracticeLedger({ keys, model: o.model })
    // Off at first, as on a real device; a person switches it by a key, a script by this option.
    ledger.setBlindSigning(values['blind-signing'] === true)
    const server = await servePracticeLedger(ledger, { port: o.port })
    const undo: Undo[] = o.auto === null ? [] : [pressAlways(ledger, o.auto)]
    try {
      const { host, port } = server
      const address = await operatorAccount(keys)
      context.output.machine({ ready: true, host, port, address })
      const connection = `Use it with: --ledger speculos:${host}:${port}   Account: ${address}`
      context.output.text(connection)
      await untilStopped(context, ledger, connection)
    } finally {
      for (const end of undo) end()
      await server.close()
    }
  },
}

type Options = {
  readonly port: number | null
  readonly model: PracticeScreen['model']
  readonly auto: Decision | null
}

function readOptions(values: VerbValues): Options {
  const portText = textOption(values, 'port')
  const model = textOption(values, 'model') ?? 'touch'
  const auto = textOption(values, 'auto')
  if (model !== 'touch' && model !== 'two-button') throw new UsageError(`"${model}" is no model: touch or two-button.`)
  if (auto !== null && auto !== 'approve' && auto !== 'refuse') {
    throw new UsageError(`"${auto}" is no decision: approve or refuse.`)
  }
  return {
    port: portText === null ? null : parseWholeNumber(portText, '--port', { min: 1, max: 65_535 }),
    model: model === 'touch' ? 'touch' : 'twoButton',
    auto,
  }
}

/** The practice operator of the home, or a new account that is gone when the command ends. */
async function keysOf(home: Home, newAccount: boolean): Promise<PracticeKeys> {
  const network = await home.network.read()
  if (network === null) throw new NoNetworkError(home.directory)
  if (!network.practice) throw new UsageError('A practice Ledger signs on practice networks only.')
  return newAccount ? seededKeys(randomBytes(32)) : singleKey(() => home.keys.ensureKey('operator'))
}

/** Resolves with the first signal, or with `q` where the screen is drawn in a terminal. */
function untilStopped({ output, signal }: VerbContext, ledger: PracticeLedger, connection: string): Promise<void> {
  return new Promise((resolve) => {
    const drawn = !output.json && process.stdin.isTTY === true
    const undo = drawn ? drawInTerminal({ write: output.raw, ledger, connection, stop }) : () => {}
    function stop() {
      signal.removeEventListener('abort', stop)
      undo()
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}

type Terminal = {
  write(text: string): void
  readonly ledger: PracticeLedger
  readonly connection: string
  stop(): void
}

/** Draws every change and takes keys; the undo gives the terminal back. */
function drawInTerminal({ write, ledger, connection, stop }: Terminal): Undo {
  const { stdin } = process
  const draw = (screen: PracticeScreen) =>
    write(`\u001b[2J\u001b[H${drawPracticeScreen(screen, connection).join('\r\n')}\r\n`)
  const onKey = (key: string) => {
    const screen = ledger.screen()
    const meaning = keyMeaning(key, screen)
    if (meaning?.kind === 'stop') stop()
    if (meaning?.kind === 'press') ledger.press(meaning.button)
    if (meaning?.kind === 'lock') ledger.setLocked(!screen.locked)
    if (meaning?.kind === 'blindSigning') ledger.setBlindSigning(!screen.blindSigning)
  }
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.on('data', onKey)
  stdin.resume()
  const undo = ledger.onChange(draw)
  draw(ledger.screen())
  return () => {
    undo()
    stdin.off('data', onKey)
    stdin.setRawMode(false)
    stdin.pause()
  }
}
