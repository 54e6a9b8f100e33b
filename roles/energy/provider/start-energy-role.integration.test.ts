import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkFile } from '../../../contracts/client/index.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { httpWorlds, p1SerialWorld, type MeterWorld } from '../../../resources/meters/testing/meter-worlds.ts'
import type { MeterChoice } from '../../api/energy-status.ts'
import { type RoleEvent, roleStatusSchema } from '../../api/messages.ts'
import { silentLog } from '../../api/values.ts'
import { loadRole } from '../../host/load-role.ts'
import { createLocalRoleContext } from '../../host/local-context.ts'
import { everythingAllowed } from '../../storage/provider/testing/everything-allowed.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const address = `0x${'11'.repeat(20)}`
let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
})
afterAll(() => chain.stop())

function choiceOf({ driver, target }: MeterWorld): MeterChoice {
  return { driver, target, kind: 'grid', connectionW: 17_250, panelPeakW: 5_000, hasBattery: false, place: null }
}

/** Starts the role as its host does, in a folder that is gone afterwards. */
async function startRole(meter: MeterChoice | null, network: NetworkFile = chain.network) {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-energy-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const events: RoleEvent[] = []
  const never = () => Promise.reject(new Error('The role has nothing to sign or send.'))
  const { context } = createLocalRoleContext({
    start: {
      ...{ role: 'energy', node: address, operator: address, nodePublicKey: `0x02${'33'.repeat(32)}`, listen: [] },
      ...{
        network,
        dataDirectory: folder,
        workDirectory: folder,
        allowance: everythingAllowed,
        meter,
      },
    },
    log: silentLog,
    sign: never,
    submit: never,
    onEvent: (event) => events.push(event),
  })
  const role = await (await loadRole('energy'))(context)
  ends.push(() => role.stop())
  const status = () => roleStatusSchema.parse(role.status())
  return { role, status, events, folder }
}

async function until(holds: () => boolean, ms: number): Promise<void> {
  const endMs = performance.now() + ms
  while (!holds()) {
    if (performance.now() > endMs) throw new Error('Waited in vain.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the energy role', () => {
  it('shows what its meter says and says that nothing is traded yet', async () => {
    const world = await httpWorlds.shellyPro()
    ends.push(world.end)
    world.show(4_321)
    const { status, events } = await startRole(choiceOf(world))
    await until(() => status().energy?.importWh === 4_321, 10_000)
    expect(status().energy).toMatchObject({ driver: 'shelly', meterId: 'A0', exportWh: 1, powerW: 250 })
    expect(status().problems.map(({ code }) => code)).toEqual(['NOT_TRADING_YET'])
    expect(events).toContainEqual(expect.objectContaining({ kind: 'problem', code: 'NOT_TRADING_YET' }))
  })

  it('asks a meter so often that the short slots of practice are measured', { timeout: 60_000 }, async () => {
    const world = await httpWorlds.shellyPro()
    ends.push(world.end)
    let shown = 1_000
    const timer = setInterval(() => world.show((shown += 1)), 1_000)
    ends.push(() => clearInterval(timer))
    const { status } = await startRole(choiceOf(world))
    await until(() => (status().energy?.slotsMeasured ?? 0) > 0, 40_000)
    const { lastSlot } = status().energy!
    expect(lastSlot).toMatchObject({ quality: 'measured', findings: [] })
    // Fifteen seconds of one watt-hour each, give or take a busy machine.
    expect(Math.abs(lastSlot!.importWh! - 15)).toBeLessThanOrEqual(4)
  })

  it(
    'finishes slots of a serial meter, as long as the contract says, keeps them, and tells the loss of the line',
    { timeout: 60_000 },
    async () => {
      const world = await p1SerialWorld()
      ends.push(() => world.end())
      world.show(1_000)
      // Not the network's name but its contract says how long a slot is: fifteen seconds here.
      const { status, role } = await startRole(choiceOf(world), { ...chain.network, practice: false })
      await until(() => status().energy?.lastSlot !== null, 25_000)
      expect(status().energy).toMatchObject({
        slotsEstimated: 1,
        lastSlot: { quality: 'estimated', findings: ['gap'] },
      })
      await world.vanish()
      await until(() => status().problems.some(({ code }) => code === 'METER_AWAY'), 15_000)
      await world.comeBack()
      await until(() => status().problems.every(({ code }) => code !== 'METER_AWAY'), 15_000)
      await role.stop()
      await role.stop()
    },
  )

  it.each([
    [null, 'NO_METER', 'No meter is chosen'],
    [{ driver: 'smoke', target: '/dev/ttyUSB0' }, 'METER_WRONG', 'There is no driver "smoke"'],
  ] as const)('parks with words where no meter can be read: %j', async (part, code, words) => {
    const choice = part === null ? null : { ...choiceOf({ driver: '', target: '' } as MeterWorld), ...part }
    await expect(startRole(choice)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string })
  })
})
