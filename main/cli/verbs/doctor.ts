import { statfs } from 'node:fs/promises'
import { isConnectionProblem, openChain, readLatestBlock } from '../../../contracts/client/index.ts'
import { serializeError } from '../../../roles/api/errors.ts'
import { networkFileSchema } from '../../../contracts/client/index.ts'
import { findAnvil } from '../../practice/chain/anvil-binary.ts'
import { explainStrangeContracts } from '../../app/compare-contracts.ts'
import type { Home } from '../../store/index.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import { formatTable } from '../output/format.ts'
import type { Verb } from './verb.ts'

type Finding = {
  readonly check: string
  readonly ok: boolean
  readonly message: string
  readonly action: string | null
}

/** A block older than this is no sign of life. */
const freshSeconds = 120
/** A clock that differs more than this from the chain's makes sentences expire (PROTOCOL 1.6). */
const clockToleranceSeconds = 600
const leastFreeBytes = 2 * 1024 ** 3

/** `hearth doctor`: looks at what most often goes wrong and says what to do. Changes nothing. */
export const doctor: Verb = {
  name: 'doctor',
  summary: 'look for what is wrong and say what to do',
  usage: ['doctor'],
  options: {},
  async run({ home, output }) {
    const opened = home()
    const findings = await Promise.all([
      check('settings', async () => void (await opened.settings.read())),
      check('disk', () => checkDisk(opened)),
      check('practice program', async () => void findAnvil()),
      check('network', () => checkNetwork(opened)),
      check('contracts', () => checkContracts(opened)),
      check('keys', () => checkKeys(opened)),
    ])
    output.result({ ok: findings.every((one) => one.ok), findings }, () =>
      formatTable(
        ['CHECK', 'STATE', 'WHAT'],
        findings.map((one) => [one.check, one.ok ? 'ok' : 'wrong', [one.message, one.action ?? ''].join(' ').trim()]),
      ),
    )
    const wrong = findings.filter((one) => !one.ok)
    if (wrong.length > 0)
      throw new HearthError('DOCTOR_FOUND', `${wrong.length} of ${findings.length} checks found something.`)
  },
}

/** Runs one check; what it throws is the finding, what it returns is said when all is well. */
async function check(name: string, look: () => Promise<string | void>): Promise<Finding> {
  try {
    return { check: name, ok: true, message: (await look()) ?? 'fine', action: null }
  } catch (error) {
    const { message, action } = serializeError(error)
    return { check: name, ok: false, message, action }
  }
}

async function checkDisk(home: Home): Promise<string> {
  const { bavail, bsize } = await statfs(home.directory)
  if (bavail * bsize >= leastFreeBytes) return 'fine'
  throw new HearthError('DISK_FULL', `Less than 2 GiB are free where ${home.directory} lies.`, { action: 'Make room.' })
}

async function checkNetwork(home: Home): Promise<string> {
  const file = await home.network.read()
  if (file === null) return 'none yet; `hearth practice` makes one'
  const network = networkFileSchema.parse(file)
  const chain = openChain(network)
  try {
    const block = await readLatestBlock(chain).catch((cause: unknown) => {
      throw new HearthError('CHAIN_AWAY', `The chain of "${network.name}" does not answer.`, {
        action: network.practice ? 'Start it with `hearth practice`.' : 'Look at your connection.',
        cause,
      })
    })
    const behindSeconds = Date.now() / 1000 - block.timestampSeconds
    if (Math.abs(behindSeconds) < freshSeconds) return `block ${block.number}`
    const clock = behindSeconds < -clockToleranceSeconds
    throw new HearthError('CHAIN_STALE', `The newest block is ${Math.round(behindSeconds)} s old.`, {
      action: clock ? 'Set the clock of this computer.' : 'The chain may have stopped.',
    })
  } finally {
    chain.close()
  }
}

/** A chain that does not answer is found by the check of the network. */
async function checkContracts(home: Home): Promise<string> {
  const file = await home.network.read()
  if (file === null) return 'none yet'
  const chain = openChain(networkFileSchema.parse(file))
  try {
    const strange = await explainStrangeContracts(chain).catch((error: unknown) => {
      if (isConnectionProblem(error)) return undefined
      throw error
    })
    if (strange === undefined) return 'not looked at: the chain does not answer'
    if (strange === null) return 'the code of this version'
    throw new HearthError('CONTRACTS_DIFFER', strange, {
      action: 'Use this network only if you trust who made it, or install the version that it was made for.',
    })
  } finally {
    chain.close()
  }
}

async function checkKeys(home: Home): Promise<string> {
  if ((await home.network.read()) === null) return 'none yet'
  const kinds = ['customer', 'gas', 'operator', 'storage'] as const
  const found = await Promise.all(kinds.map((kind) => home.keys.findKey(kind)))
  return `${found.filter((key) => key !== null).length} of ${kinds.length} made`
}
