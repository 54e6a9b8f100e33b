import { HearthError } from '../../../roles/api/errors.ts'
import type { RoleName } from '../../../roles/api/roles.ts'
import { silentLog, type Log } from '../../../roles/api/values.ts'
import * as resources from '../../../resources/index.ts'
import type { Activity } from '../../api/channels.ts'
import type { EngineService } from '../../api/engine.ts'
import { operatorPath } from '../../api/hardware-signer.ts'
import type { Snapshot } from '../../api/snapshot.ts'
import type { DeviceChoice } from '../../api/wallet.ts'
import { startEngine } from '../../app/engine.ts'
import { openOperatorDevice } from '../../wallet/index.ts'
import { customerUpkeep } from '../../practice/index.ts'
import type { Home } from '../../store/index.ts'
import type { Output } from '../output/output.ts'
import { ledgerOptions, ledgerUsage, readLedger } from './consent/ledger-option.ts'
import { joinNetwork, requireChain } from './join-network.ts'
import { withIntent } from './role-intent.ts'
import { readRole, runnableRoles } from './role.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type Verb } from './verb.ts'
import { hearthVersion } from './version.ts'

const readyTimeoutMs = 60_000
const stopTimeoutMs = 9_000

/** `hearth node`: the engine without a window. Other verbs steer it through the home's settings while it runs. */
export const node: Verb = {
  name: 'node',
  summary: 'headless contributor',
  usage: [`node [--roles storage,...] ${ledgerUsage}`],
  options: { ...ledgerOptions, roles: { type: 'string' }, verbose: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    if (positionals.length > 0) throw new UsageError('Name roles with --roles.')
    const { output, platform, signal } = context
    const roles = readRoles(textOption(values, 'roles'))
    const ledger = readLedger(values)
    const network = await joinNetwork(context)
    await requireChain(network, signal)
    const home = context.home()
    if (ledger !== null) await requireDevice(home, ledger, network.practice, signal)
    if (home.holder('engine') === null && roles !== null) await intend(home, roles)
    const engine = await startEngine({
      home,
      platform,
      version: hearthVersion,
      log: nodeLog(output, values['verbose'] === true),
      resources,
      practice: null,
      customerUpkeep,
      ledger,
    })
    try {
      const snapshot = await untilOnNetwork(engine, signal)
      output.machine(describe(snapshot))
      output.text(`Hearth runs on "${network.name}" with ${roleList(snapshot)}. Press Ctrl-C to stop.`)
      engine.onActivity((activity) => tell(output, activity))
      await stopped(signal)
    } finally {
      await engine.stop({ deadlineMs: Date.now() + stopTimeoutMs })
    }
  },
}

/** A device that was named must answer before anything is begun: the node is to work for its account. */
async function requireDevice(home: Home, choice: DeviceChoice, practice: boolean, signal: AbortSignal): Promise<void> {
  const { device } = openOperatorDevice({ choice, practice, keys: home.keys, log: silentLog })
  try {
    await device.getAddress(operatorPath, { signal })
  } finally {
    await device.close()
  }
}

function readRoles(text: string | null): RoleName[] | null {
  if (text === null) return null
  const names = text.split(',').map((name) => name.trim())
  return [...new Set(names.map((name) => readRole(name)))]
}

/** Named roles on, the others off. Typing the verb is the consent, as with `role start`. */
async function intend(home: Home, roles: readonly RoleName[]): Promise<void> {
  await home.settings.update((settings) =>
    runnableRoles.reduce(
      (next, role) =>
        withIntent(next, role, (intent) =>
          roles.includes(role)
            ? { ...intent, on: true, consentedAtMs: intent.consentedAtMs ?? Date.now() }
            : { ...intent, on: false },
        ),
      settings,
    ),
  )
}

/** Resolves when the engine has its session on the network; rejects with what it says when it cannot. */
function untilOnNetwork(engine: EngineService, signal: AbortSignal): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      undo()
      signal.removeEventListener('abort', cancel)
      act()
    }
    const cancel = () => settle(() => resolve(engine.snapshot()))
    const fail = (message: string, action: string | null) =>
      settle(() => reject(new HearthError('NODE_NOT_ON_NETWORK', message, action === null ? {} : { action })))
    const look = (snapshot: Snapshot) => {
      if (snapshot.network.kind === 'ready') return settle(() => resolve(snapshot))
      if (snapshot.network.kind === 'failed') fail(snapshot.network.message, snapshot.network.action)
    }
    const timer = setTimeout(() => fail('The network did not answer in time.', 'Try again.'), readyTimeoutMs)
    const undo = engine.onSnapshot(look)
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) return cancel()
    look(engine.snapshot())
  })
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function describe(snapshot: Snapshot): unknown {
  const roles = snapshot.roles
    .filter((view) => view.intent.on)
    .map((view) => ({ role: view.role, node: view.node, bound: view.boundOnChain, process: view.process.kind }))
  return { running: true, pid: process.pid, operator: snapshot.operator, roles }
}

function roleList(snapshot: Snapshot): string {
  const on = snapshot.roles.filter((view) => view.intent.on).map((view) => view.role)
  return on.length === 0 ? 'no role switched on' : on.join(', ')
}

function tell(output: Output, activity: Activity): void {
  if (output.json) return output.machine({ activity })
  const values = Object.entries(activity.values).map(([name, value]) => `${name} ${value}`)
  output.text([new Date(activity.atMs).toISOString(), activity.role ?? '-', activity.code, ...values].join('  '))
}

function nodeLog(output: Output, verbose: boolean): Log {
  const note = (message: string) => output.note(message)
  return verbose ? { debug: note, info: note, warn: note, error: note } : { ...silentLog, warn: note, error: note }
}
