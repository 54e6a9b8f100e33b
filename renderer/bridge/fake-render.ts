import { fakeStorageOff } from './fake-snapshot.ts'
import type { RenderStatus, RoleView, Snapshot } from './types.ts'

/** Builders of the rendering role for tests and for looking at the page; never part of the app. */

/** States of the rendering page. */
export const renderSceneNames = ['renderOff', 'rendering', 'renderIdle', 'renderPaused', 'noSurface'] as const

export type RenderScene = (typeof renderSceneNames)[number]

const customer = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
const pixels = 128

/** A sphere on a plane under a warm sky, half of it still grainy: what a part of a picture looks like half way. */
function fakePreview(): NonNullable<RenderStatus['preview']> {
  const rgba = new Uint8Array(pixels * pixels * 4)
  for (let at = 0; at < pixels * pixels; at++) {
    const [x, y] = [(at % pixels) / pixels - 0.5, Math.floor(at / pixels) / pixels - 0.45]
    const distance = Math.hypot(x, y)
    const grain = (((at * 2654435761) >>> 8) % 29) - 14
    const light = Math.max(0, 1 - Math.hypot(x + 0.14, y + 0.16) * 2.6)
    const [red, green, blue] =
      distance < 0.28
        ? [70 + 185 * light, 40 + 120 * light, 30 + 80 * light]
        : y > 0.22
          ? [96, 84, 78]
          : [205 - 170 * (y + 0.45), 150 - 60 * (y + 0.45), 120]
    rgba.set([red + grain, green + grain, blue + grain, 255], at * 4)
  }
  return { width: pixels, height: pixels, rgba }
}

export function fakeRenderStatus(nowMs: number): RenderStatus {
  return {
    state: 'rendering',
    score: {
      megasamplesPerSecond: 84.2,
      backEnd: 'webgl2',
      device: 'ANGLE (NVIDIA, GeForce RTX 3060, OpenGL 4.6)',
      software: false,
      measuredAtMs: nowMs - 5 * 3_600_000,
    },
    tier: 1,
    unit: {
      jobId: '41',
      unit: 17,
      frame: 3,
      customer,
      width: 256,
      height: 256,
      samplesDone: 312,
      samplesTotal: 512,
      startedAtMs: nowMs - 19_000,
    },
    preview: fakePreview(),
    unitsWaiting: 2,
    unitsAccepted: 148,
    unitsRefused: 1,
    paidWei: '5328000000000000000',
  }
}

/** The rendering role in a scene; before it is switched on it is as nobody has touched it. */
function fakeRenderView(nowMs: number, change: Partial<RenderStatus> | null): RoleView {
  const off: RoleView = { ...fakeStorageOff(), role: 'render' }
  if (change === null) return off
  return {
    ...off,
    intent: { ...off.intent, on: true, consentedAtMs: nowMs - 86_400_000 },
    process: { kind: 'running', sinceMs: nowMs - 3 * 3_600_000, pid: 4243 },
    earning: { earning: true, lastAcceptedWorkAtMs: nowMs - 31_000, reason: 'earning' },
    allowance: { ...off.allowance, work: 'full', reason: 'allowed', gpuShare: 0.75 },
    status: {
      peerId: '16Uiu2HAm7kLQEYVQ4S7cKYtJ7gqz1s9bTj9X5Vw4yN2q',
      multiaddrs: [],
      peers: 9,
      lastAcceptedWorkAtMs: nowMs - 31_000,
      storage: null,
      render: { ...fakeRenderStatus(nowMs), ...change },
      problems: [],
    },
    node: '0x3f5CE5FBFe3E9af3971dD833D26bA9b5C936f0bF',
    boundOnChain: true,
    todayWei: '412000000000000000',
  }
}

/** The snapshot of a scene of the rendering page. */
export function renderScene(scene: RenderScene, base: Snapshot, nowMs: number): Snapshot {
  const earnings = base.earnings && {
    ...base.earnings,
    byRole: { ...base.earnings.byRole, render: '5061600000000000000' },
  }
  const withRole = (render: RoleView): Snapshot => ({ ...base, earnings, roles: [...base.roles, render] })
  const idle = { state: 'idle', unit: null, preview: null } as const
  switch (scene) {
    case 'renderOff':
      return { ...base, roles: [...base.roles, fakeRenderView(nowMs, null)] }
    case 'rendering':
      return withRole(fakeRenderView(nowMs, {}))
    case 'renderIdle': {
      const view = fakeRenderView(nowMs, {
        ...idle,
        tier: 0,
        unitsAccepted: 0,
        unitsWaiting: 0,
        unitsRefused: 0,
        paidWei: '0',
      })
      const earning = { earning: false, lastAcceptedWorkAtMs: null, reason: 'waitingForFirstCustomer' } as const
      return { ...base, roles: [...base.roles, { ...view, earning, todayWei: '0' }] }
    }
    case 'renderPaused': {
      const view = fakeRenderView(nowMs, { state: 'paused' })
      const allowance = {
        ...view.allowance,
        work: 'paused',
        reason: 'gpuInUse',
        resumesAtMs: nowMs + 24_000,
        gpuShare: 0,
      } as const
      return withRole({ ...view, allowance, earning: { ...view.earning, earning: false, reason: 'paused' } })
    }
    case 'noSurface':
      return withRole(noSurface(fakeRenderView(nowMs, { ...idle, state: 'noSurface', score: null, tier: null })))
  }
}

function noSurface(view: RoleView): RoleView {
  const problem = {
    code: 'NO_SURFACE',
    message:
      'This computer cannot render now: Rendering needs a hidden window of Electron, which could not be started here.',
    action: 'Bring in what is missing, or start the Hearth app, which renders in windows of its own.',
  }
  const status = view.status && { ...view.status, problems: [problem] }
  return { ...view, status, earning: { ...view.earning, earning: false, reason: 'problem' } }
}
