import { HearthError } from '../../roles/api/errors.ts'
import type { RoleEvent, WorkerRequest } from '../../roles/api/messages.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Log } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import type { ChildProcess, Platform } from '../api/platform.ts'
import type { Settings } from '../api/settings.ts'
import { every } from './every.ts'
import type { GraphicsWatch } from './graphics-watch.ts'
import { keepBound } from './machine-binding.ts'
import type { MachineBinding } from './machine-binding.ts'
import { mapRoles } from './map-roles.ts'
import { RoleController } from './role-controller.ts'
import { publicKeyHexOf } from './session.ts'
import type { Session } from './session.ts'

/** How often the governor decides anew; a pause or a full disk takes effect within this time (QUALITY R9: 5 s). */
const governMs = 1_000

/** All roles of this machine on one network. */
export type RoleDesk = {
  readonly controllers: ReadonlyMap<RoleName, RoleController>
  readonly binding: MachineBinding
  apply(settings: Settings): void
  /** Lets the governor decide at once. */
  govern(): void
  /** Vouchers that workers hold and have not redeemed, in wei. */
  unredeemedWei(): bigint
  /** Drains all workers; resolves when no process is left. */
  stop(options: { deadlineMs: number }): Promise<void>
}

export type RoleDeskParts = {
  readonly session: Session
  /** Has the keys bound, or asks the person to. */
  readonly authorize: (options: { signal: AbortSignal }) => Promise<'given' | 'asked'>
  readonly platform: Platform
  readonly graphics: GraphicsWatch
  readonly settings: Settings
  readonly onActivity: (line: Omit<Activity, 'id'>) => void
  readonly onEvent: (role: RoleName, event: RoleEvent, atMs: number) => void
  readonly onChange: () => void
  readonly log: Log
}

/** Opens the desk; roles start once `apply` says that they are wanted and the chain says that they are bound. */
export function openRoleDesk(parts: RoleDeskParts): RoleDesk {
  const { session, platform, log } = parts
  const controllers = new Map<RoleName, RoleController>()
  const each = (act: (controller: RoleController) => void) => controllers.forEach((controller) => act(controller))
  const binding = keepBound({
    chain: session.chain,
    operator: session.operator,
    nodes: mapRoles((role) => session.roleKeys[role].address),
    authorize: parts.authorize,
    onChange: () => {
      tellProblem(parts, binding)
      each((controller) => controller.startIfPossible())
      const bound = roleNames.find((role) => binding.isBound(role) === true)
      if (bound !== undefined)
        session.refreshLimits(bound).catch((error: unknown) => log.warn('Limits unread.', { error }))
      parts.onChange()
    },
    log,
  })
  for (const role of roleNames)
    controllers.set(
      role,
      controllerOf(parts, role, () => binding.isBound(role) === true),
    )
  const governing = every(governMs, () => governAll(controllers, platform), 'The governor', log)
  return {
    controllers,
    binding,
    apply(settings) {
      each((controller) => controller.apply(settings))
      binding.want(roleNames.filter((role) => controllers.get(role)?.wanted === true))
      governing.poke()
    },
    govern: governing.poke,
    unredeemedWei: () =>
      [...controllers.values()].reduce(
        (sum, { supervised }) => sum + BigInt(supervised.status()?.storage?.unredeemedWei ?? '0'),
        0n,
      ),
    async stop({ deadlineMs }) {
      governing.stop()
      binding.stop()
      await Promise.all([...controllers.values()].map(({ supervised }) => supervised.switchOff({ deadlineMs })))
    },
  }
}

/** Why the keys could not be bound belongs into the activity log, once for each new reason. */
function tellProblem({ onActivity }: RoleDeskParts, binding: MachineBinding): void {
  const message = binding.problem()
  if (message === null) return
  const line = { atMs: Date.now(), role: null, level: 'warning', code: 'problem', values: { message } } as const
  onActivity({ ...line, transactionHash: null })
}

async function governAll(controllers: ReadonlyMap<RoleName, RoleController>, platform: Platform): Promise<void> {
  const sensors = platform.sensors()
  await Promise.all([...controllers.values()].map((controller) => controller.govern(sensors)))
}

function controllerOf(parts: RoleDeskParts, role: RoleName, isBound: () => boolean): RoleController {
  const { session, platform, log } = parts
  const key = session.roleKeys[role]
  return new RoleController(
    {
      role,
      node: key.address,
      nodePublicKeyHex: publicKeyHexOf(key),
      operator: session.operator,
      network: session.network,
      roleDirectory: session.roleDirectory(role),
      // On practice every peer is on this machine; elsewhere peers come from anywhere.
      listen: [session.network.practice ? '/ip4/127.0.0.1/tcp/0' : '/ip4/0.0.0.0/tcp/0'],
      platform,
      graphics: parts.graphics,
      onRequest: (request, options) => answer(parts, role, request, options),
      isBound,
      onActivity: parts.onActivity,
      onEvent: parts.onEvent,
      onChange: parts.onChange,
      log,
    },
    parts.settings,
  )
}

function answer(
  { session, platform }: RoleDeskParts,
  role: RoleName,
  request: WorkerRequest,
  options: { signal: AbortSignal; child: ChildProcess },
): Promise<unknown> {
  switch (request.kind) {
    case 'sign':
      return session.signers[role](request.request)
    case 'submit':
      return session.submit(request.request, options)
    case 'openSurface':
      if (role === 'render') return platform.surfaces.openFor(options.child, options)
      return Promise.reject(new HearthError('SURFACE_REFUSED', `The role "${role}" has nothing to render.`))
  }
}
