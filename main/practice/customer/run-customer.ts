import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listNodes, networkFileSchema } from '../../../contracts/client/index.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import type { OpenRenderSurface } from '../../../roles/api/render-surface.ts'
import { silentLog } from '../../../roles/api/values.ts'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'
import type { CustomerContext } from '../../../roles/storage/customer/context.ts'
import { auditProviders } from '../../../roles/storage/customer/audit-providers.ts'
import { getFile } from '../../../roles/storage/customer/get-file.ts'
import { putFile } from '../../../roles/storage/customer/put-file.ts'
import { topUpDataSets } from '../../../roles/storage/customer/top-up.ts'
import { enrol } from './enrol.ts'
import { readFileRecords, writeFileRecords } from './file-records.ts'
import { openCustomer } from './open-customer.ts'
import { postRenderJobs } from './render-jobs.ts'
import { decideNext, type CustomerAct, type StoredFile } from './rhythm.ts'

/** The practice customer at work. */
export type RunningCustomer = { readonly customer: string; stop(): Promise<void> }

export type CustomerEvents = {
  stored(nodes: readonly string[], lengthBytes: number): void
  fetched(lengthBytes: number): void
  rendered(units: number, refused: number): void
  problem(message: string): void
}

const lookEveryMs = 1_500
/** A home whose node did not answer is asked again after this time. */
const awayForMs = 5_000
const afterFailureMs = 4_000
const targetPeriods = 30

/** Starts the customer that gives every home work: it stores, pays for and reads back files of random bytes. */
export async function runCustomer(o: {
  directory: string
  network: unknown
  neighbours: readonly string[]
  operators: readonly string[]
  openSurface: OpenRenderSurface
  events: CustomerEvents
}): Promise<RunningCustomer> {
  const network = networkFileSchema.parse(o.network)
  const privateKeyHex = await ensureCustomerKey(o.directory)
  const { context, close } = await openCustomer({ network, privateKeyHex, dataDirectory: o.directory, log: silentLog })
  await enrol(context.chain, { customer: context.wallet.address })
  const stopping = new AbortController()
  const running = Promise.all([
    work(o, context, stopping.signal),
    postRenderJobs({
      customer: { ...context, dataDirectory: join(o.directory, 'render') },
      openSurface: o.openSurface,
      neighbours: o.operators,
      directory: o.directory,
      onRendered: o.events.rendered,
      onProblem: o.events.problem,
      signal: stopping.signal,
    }),
  ])
  return {
    customer: context.wallet.address,
    async stop() {
      stopping.abort()
      await running
      await close()
    },
  }
}

async function ensureCustomerKey(directory: string): Promise<string> {
  const path = join(directory, 'key')
  const known = await readFile(path, 'utf8').catch(() => null)
  if (known !== null && /^0x[0-9a-f]{64}$/.test(known)) return known
  const key = `0x${randomBytes(32).toString('hex')}`
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, key, { mode: 0o600 })
  return key
}

type Work = { readonly directory: string; readonly neighbours: readonly string[]; readonly events: CustomerEvents }

async function work(o: Work, context: CustomerContext, signal: AbortSignal): Promise<void> {
  const neighbours = new Set(o.neighbours.map((node) => node.toLowerCase()))
  const away = new Map<string, number>()
  let files = await readFileRecords(o.directory)
  const last: Record<'put' | 'get' | 'topUp' | 'audit', number | null> = {
    put: null,
    get: null,
    topUp: null,
    audit: null,
  }
  while (!signal.aborted) {
    try {
      const nowMs = Date.now()
      const nodes = await listNodes(context.chain, { role: 'storage', signal })
      // All keys of a home are bound at once; the storage node that has named its prices is the one that stores.
      const homes = nodes.filter(
        ({ node, revoked, terms }) => !revoked && terms !== null && !neighbours.has(node.toLowerCase()),
      )
      const homeNodes = homes.map(({ node }) => node).filter((node) => (away.get(node) ?? 0) <= nowMs)
      const times = {
        lastPutAtMs: last.put,
        lastGetAtMs: last.get,
        lastTopUpAtMs: last.topUp,
        lastAuditAtMs: last.audit,
      }
      const act = decideNext({ nowMs, files, homeNodes, ...times }, Math.random)
      if (act.kind !== 'wait') {
        if (act.kind === 'topUp') last.topUp = nowMs
        if (act.kind === 'get') last.get = nowMs
        if (act.kind === 'audit') last.audit = nowMs
        files = await perform(act, o, context, files, signal)
        if (act.kind === 'put') last.put = Date.now()
      }
      await delay(lookEveryMs, undefined, { signal }).catch(() => {})
    } catch (error) {
      if (signal.aborted) return
      const missing = missingNodeOf(error)
      if (missing !== null) away.set(missing, Date.now() + awayForMs)
      o.events.problem(error instanceof Error ? error.message : String(error))
      await delay(missing === null ? afterFailureMs : lookEveryMs, undefined, { signal }).catch(() => {})
    }
  }
}

/** The home that refused or did not answer, when that was why a put failed. */
function missingNodeOf(error: unknown): string | null {
  if (!(error instanceof HearthError) || error.code !== 'MUST_INCLUDE_FAILED') return null
  const { node } = error.details
  return typeof node === 'string' ? node : null
}

async function perform(
  act: Exclude<CustomerAct, { kind: 'wait' }>,
  o: Work,
  context: CustomerContext,
  files: readonly StoredFile[],
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  switch (act.kind) {
    case 'topUp':
      await topUpDataSets(context, { targetPeriods, signal })
      return files
    case 'audit':
      await auditProviders(context, { dueOnly: true, signal })
      return files
    case 'put':
      return store(act, o, context, files, signal)
    case 'get':
      return readBack(act.file, o, context, files, signal)
  }
}

async function store(
  act: Extract<CustomerAct, { kind: 'put' }>,
  o: Work,
  context: CustomerContext,
  files: readonly StoredFile[],
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  const content = randomBytes(act.bytes)
  const name = `practice-${Date.now()}`
  const { manifest, summary } = await putFile(context, {
    source: {
      size: content.length,
      read: async (position, target) => content.copy(target, 0, position, position + target.length),
    },
    pathName: name,
    mustInclude: act.mustInclude,
    signal,
  })
  await writeFileAtomic(join(o.directory, `${name}.manifest`), manifest, { mode: 0o600 })
  const sha256 = createHash('sha256').update(content).digest('hex')
  const next = [...files, { manifest: `${name}.manifest`, sha256, bytes: content.length, nodes: summary.nodes }]
  await writeFileRecords(o.directory, next)
  o.events.stored(summary.nodes, content.length)
  return next
}

/** Fetches a file and compares it; one that is not the same any more is told and forgotten. */
async function readBack(
  file: StoredFile,
  o: Work,
  context: CustomerContext,
  files: readonly StoredFile[],
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  const output = join(o.directory, 'read-back')
  const manifest = await readFile(join(o.directory, file.manifest))
  try {
    await getFile(context, { manifest, output, signal })
    const sha256 = createHash('sha256')
      .update(await readFile(output))
      .digest('hex')
    if (sha256 === file.sha256) {
      o.events.fetched(file.bytes)
      return files
    }
    o.events.problem(`The file of ${file.manifest} came back changed.`)
    const rest = files.filter((one) => one !== file)
    await writeFileRecords(o.directory, rest)
    return rest
  } finally {
    await rm(output, { force: true })
  }
}
