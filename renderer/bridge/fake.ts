import { FakeConsent, FakeFailure } from './fake-consent.ts'
import { fakeHash, fakeLedger, fakeRewardCheck } from './fake-earnings.ts'
import { sceneOverview, sceneSnapshot } from './fake-scenes.ts'
import type { SceneName } from './fake-scenes.ts'
import type {
  Activity,
  BridgeResult,
  EarningDay,
  EventChannel,
  EventPayload,
  HearthBridge,
  PieceRow,
  RequestArgument,
  RequestChannel,
  RequestResult,
  Snapshot,
} from './types.ts'

/** A bridge with a small memory for tests and for looking at screens; never part of the app. */
export type FakeBridge = HearthBridge & {
  /** Every request so far, in order. */
  readonly requests: readonly { readonly channel: RequestChannel; readonly argument: unknown }[]
  emit<C extends EventChannel>(channel: C, payload: EventPayload<C>): void
  /** Number of listeners that have not been undone. */
  listenerCount(): number
}

type Answers = {
  readonly [C in RequestChannel]: (argument: RequestArgument<C>) => RequestResult<C> | Promise<RequestResult<C>>
}

export function createFakeBridge(options: { scene: SceneName; nowMs: number; activityCount?: number }): FakeBridge {
  const listeners = new Map<EventChannel, Set<(payload: never) => void>>()
  const requests: { channel: RequestChannel; argument: unknown }[] = []
  const memory = { snapshot: sceneSnapshot(options.scene, options.nowMs) }
  const emit = <C extends EventChannel>(channel: C, payload: EventPayload<C>): void =>
    listeners.get(channel)?.forEach((listener) => (listener as (value: EventPayload<C>) => void)(payload))
  const change = (next: Partial<Snapshot>): undefined => {
    memory.snapshot = { ...memory.snapshot, ...next, atMs: Date.now() }
    emit('snapshot:changed', memory.snapshot)
  }
  const answers = createAnswers(options, () => memory.snapshot, change)
  return {
    requests,
    emit,
    listenerCount: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    request: async (channel, argument) => {
      requests.push({ channel, argument })
      return answer(options.scene, answers, channel, argument)
    },
    subscribe: (channel, listener) => {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      return () => void set.delete(listener)
    },
  }
}

async function answer<C extends RequestChannel>(
  scene: SceneName,
  answers: Answers,
  channel: C,
  argument: RequestArgument<C>,
): Promise<BridgeResult<RequestResult<C>>> {
  if (scene === 'loading') return new Promise(() => {})
  if (scene === 'broken') {
    const error = {
      code: 'SETTINGS_INVALID',
      message: 'The file settings.json has a wrong value at line 4: "theme".',
      action: 'Correct or remove the file, then try again.',
    }
    return { ok: false, error }
  }
  try {
    return { ok: true, value: await answers[channel](argument) }
  } catch (error) {
    if (!(error instanceof FakeFailure)) throw error
    return { ok: false, error: { code: error.code, message: error.message, action: error.action } }
  }
}

function createAnswers(
  options: { scene: SceneName; nowMs: number; activityCount?: number },
  snapshot: () => Snapshot,
  change: (next: Partial<Snapshot>) => undefined,
): Answers {
  const fresh = snapshot().earnings?.earnedWei === '0' || snapshot().earnings === null
  const log = fakeActivity(options.activityCount ?? (fresh ? 0 : 130), options.nowMs)
  const consent = new FakeConsent(snapshot, change, options.nowMs)
  const own: { micro: string | null } = { micro: null }
  const setIntent = (intent: Partial<Snapshot['roles'][number]['intent']>): undefined =>
    change({ roles: snapshot().roles.map((role) => ({ ...role, intent: { ...role.intent, ...intent } })) })
  return {
    'snapshot:get': () => snapshot(),
    'roles:switchOn': ({ diskPath, diskLimitBytes }) =>
      setIntent({ on: true, disks: oneDisk(diskPath, diskLimitBytes), consentedAtMs: options.nowMs }),
    'roles:switchOff': () => setIntent({ on: false }),
    'roles:setLimits': ({ diskPath, diskLimitBytes }) => setIntent({ disks: oneDisk(diskPath, diskLimitBytes) }),
    'roles:leave': ({ leave, forfeit }) => setIntent({ leaving: leave ? { askedAtMs: Date.now(), forfeit } : null }),
    'disks:change': (change) => setIntent(changedDisks(snapshot(), change)),
    'roles:retry': () => undefined,
    'roles:pauseAll': ({ untilMs }) => change({ pausedAllUntilMs: untilMs ?? Number.MAX_SAFE_INTEGER }),
    'roles:resumeAll': () => change({ pausedAllUntilMs: null }),
    'hardware:rescan': () => undefined,
    'activity:list': ({ beforeId, limit }) =>
      log.filter(({ id }) => beforeId === null || id < beforeId).slice(0, limit),
    'earnings:byDay': ({ days }) => (fresh ? [] : fakeDays(days, options.nowMs)),
    'earnings:overview': () => {
      const overview = sceneOverview(options.scene, snapshot())
      return {
        ...overview,
        advice: { ...overview.advice, ownMinimumMicro: own.micro ?? overview.advice.ownMinimumMicro },
      }
    },
    'earnings:ledger': (page) =>
      fakeLedger(fresh ? 0 : 93, page, options.nowMs, snapshot().earnings?.reconciles ?? true),
    'earnings:setMinimum': ({ micro }) => void (own.micro = micro),
    'earnings:saveCsv': () => ({ savedAs: '/home/anna/Documents/hearth-2026.csv', rows: fresh ? 0 : 93 }),
    'rewards:verify': ({ epoch }) => fakeRewardCheck(epoch),
    'wallet:choose': (choice) => consent.choose(choice),
    'wallet:check': () => consent.check(),
    'wallet:press': ({ button }) => consent.press(button),
    'wallet:setPractice': (settings) => consent.setPractice(settings),
    'consent:prepare': (request) => consent.prepare(request, 'sentence'),
    'consent:prepareTransaction': (request) => consent.prepare(request, 'transaction'),
    'consent:sign': (shown) => consent.sign(shown),
    'consent:cancel': ({ id }) => consent.cancel(id),
    'payout:finish': () => consent.finishPayout(),
    'storage:pieces': ({ offset, limit }) => fakePieces(fresh ? 0 : 128, offset, limit, options.nowMs),
    'network:startPractice': () => change({ network: { kind: 'starting', step: 'chain', done: 0, total: 6 } }),
    'settings:setTheme': ({ theme }) => change({ theme }),
    'links:open': () => undefined,
  }
}

function oneDisk(path: string | null, limitBytes: number | null): Snapshot['roles'][number]['intent']['disks'] {
  return [{ path, limitBytes, leaving: false, moveTo: null }]
}

/** What main would do to the list; what would lose pieces is not refused here. */
function changedDisks(
  snapshot: Snapshot,
  change: RequestArgument<'disks:change'>,
): Partial<Snapshot['roles'][number]['intent']> {
  const disks = snapshot.roles[0]?.intent.disks ?? []
  const at = (path: string | null, next: Partial<(typeof disks)[number]>) =>
    disks.map((disk) => (disk.path === path ? { ...disk, ...next } : disk))
  switch (change.kind) {
    case 'add':
      return { disks: [...disks, ...oneDisk(change.path, change.limitBytes)] }
    case 'limit':
      return { disks: at(change.path, { limitBytes: change.limitBytes }) }
    case 'move':
      return { disks: at(change.path, { leaving: true, moveTo: change.to }) }
    case 'remove':
      return { disks: at(change.path, { leaving: true }) }
    case 'lose':
      return { disks: disks.filter((disk) => disk.path !== change.path) }
    case 'keep':
      return { disks: at(change.path, { leaving: false, moveTo: null }) }
    case 'pauseMoves':
      return { movesPaused: true }
    case 'resumeMoves':
      return { movesPaused: false }
  }
}

const codes = [
  'proofAccepted',
  'pieceStored',
  'voucherRedeemed',
  'pieceServed',
  'proofAccepted',
  'piecesAccepted',
  'chainLost',
] as const

function fakeActivity(count: number, nowMs: number): readonly Activity[] {
  return Array.from({ length: count }, (_, index) => {
    const code = codes[index % codes.length] ?? 'pieceStored'
    return {
      id: count - index,
      atMs: nowMs - 12_000 - index * 47_000,
      role: 'storage',
      level:
        code === 'chainLost' ? 'warning' : code === 'proofAccepted' || code === 'voucherRedeemed' ? 'good' : 'info',
      code,
      values: { period: 1482 - index, lengthBytes: 4_194_304, count: 1 + (index % 3) },
      transactionHash: code === 'proofAccepted' ? fakeHash(index) : null,
    }
  })
}

function fakeDays(count: number, nowMs: number): EarningDay[] {
  return Array.from({ length: count }, (_, index) => {
    const wei = String(BigInt(Math.round(900 + 500 * Math.sin(index / 2.3) + 12 * index)) * 10n ** 15n)
    const day = new Date(nowMs - index * 86_400_000).toISOString().slice(0, 10)
    return { day, earnedWei: wei, proofs: 60 + index, byRole: { storage: wei, render: (BigInt(wei) / 5n).toString() } }
  })
}

function fakePieces(total: number, offset: number, limit: number, nowMs: number): { total: number; rows: PieceRow[] } {
  const shown = Math.max(0, Math.min(limit, total - offset))
  const rows = Array.from({ length: shown }, (_, index): PieceRow => {
    const number = offset + index
    return {
      root: fakeHash(number + 7),
      lengthBytes: 16_777_216 + number * 1000,
      customer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      storedAtMs: nowMs - number * 3_700_000,
      state: number === 0 ? 'pending' : number === 5 ? 'damaged' : 'held',
      lastProvenPeriod: number === 0 ? null : 1482,
    }
  })
  return { total, rows }
}
