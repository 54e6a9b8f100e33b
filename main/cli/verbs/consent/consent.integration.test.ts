import { randomBytes } from 'node:crypto'
import { parseEther, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChain, readNode } from '../../../../contracts/client/index.ts'
import { openEarningWorld, type EarningWorld } from '../../../app/testing/earning-world.ts'
import { createNodePlatform } from '../../../platform/node/index.ts'
import {
  createPracticeLedger,
  pressAlways,
  seededKeys,
  servePracticeLedger,
  singleKey,
  type Decision,
} from '../../../wallet/index.ts'
import { runHearth } from '../run-hearth.ts'

let world: EarningWorld

beforeAll(async () => {
  world = await openEarningWorld()
  world.newHome()
  await world.home().network.write(world.chain.network)
}, 60_000)
afterAll(async () => {
  await world.endHome()
  await world.close()
})

async function hearth(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runHearth({
    args: [...args, '--home', world.directory()],
    env: {},
    cwd: world.directory(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

const json = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>

/** A device behind the emulator's interface, as any Speculos-compatible endpoint: by default the practice operator's. */
async function withLedger(
  decision: Decision,
  use: (option: string) => Promise<void>,
  keys = singleKey(() => world.home().keys.ensureKey('operator')),
): Promise<void> {
  const ledger = createPracticeLedger({ keys, model: 'touch' })
  const server = await servePracticeLedger(ledger, { port: null })
  const undo = pressAlways(ledger, decision)
  try {
    await use(`speculos:${server.host}:${server.port}`)
  } finally {
    undo()
    await server.close()
  }
}

describe('without --ledger on practice: the practice key', () => {
  test('authorize binds this home once and says so the second time', async () => {
    const first = json((await hearth('authorize', '--json')).stdout)
    const operator = (await world.home().keys.ensureKey('operator')).address
    expect(first).toMatchObject({ kind: 'authorize', operator, alreadyBound: false })
    expect(String(first['text'])).toContain('Hearth: authorize')
    const again = await hearth('authorize', '--json')
    expect(again.code).toBe(0)
    expect(json(again.stdout)).toMatchObject({ alreadyBound: true, transactionHash: null })
  })

  test('claim pays an amount or all, shows every line of the sentence, and the books balance', async () => {
    await world.earn('20')
    const part = await hearth('claim', '2.5', '--json')
    expect(part.code).toBe(0)
    const operator = (await world.home().keys.ensureKey('operator')).address
    expect(json(part.stdout)).toMatchObject({ kind: 'claim', to: operator, amountWei: String(parseEther('2.5')) })
    for (const line of String(json(part.stdout)['text']).split('\n')) expect(part.stderr).toContain(`${line}\n`)
    expect(part.stderr).toContain('Warning: not a hardware wallet')
    const all = json((await hearth('claim', '--all', '--json')).stdout)
    // Rewards of an epoch that ends between may be left, and what is no whole micro-token.
    expect(await world.balanceOf(operator)).toBe(parseEther('2.5') + BigInt(String(all['amountWei'])))
    expect(json((await hearth('earnings', '--json')).stdout)).toMatchObject({ reconciles: true })
  })

  test('transfer sends what was claimed; the gas account pays', async () => {
    const to = Wallet.createRandom().address
    const sent = await hearth('transfer', to, '1.25')
    expect(sent).toMatchObject({ code: 0 })
    expect(sent.stdout).toContain(`Sent 1.250000 PLAY to ${to}.`)
    expect(await world.balanceOf(to)).toBe(parseEther('1.25'))
  })

  test('wrong words exit with 2 and ask nobody', async () => {
    const account = Wallet.createRandom().address
    const wrong = [
      ['claim', '1', '2'],
      ['claim', '1', '--all'],
      ['claim', '-1'],
      ['transfer', account],
      ['transfer', '0x12', '1'],
      // One letter in the wrong case: a typing error that the checksum tells.
      ['transfer', '0x70997970c51812dc3A010C7d01b50e0d17dc79C8', '1'],
      ['revoke'],
      ['revoke', 'cooking'],
      ['authorize', 'me'],
      ['payout', account, '--cancel'],
      ['claim', '--ledger', 'speculos:127.0.0.1'],
      ['claim', '--ledger', 'bluetooth'],
    ]
    for (const words of wrong) expect([words, (await hearth(...words)).code]).toEqual([words, 2])
  })

  test('nothing to do is a failure in words', async () => {
    expect(await hearth('payout', '--finish')).toMatchObject({ code: 1, stderr: expect.stringContaining('No change') })
    expect(await hearth('payout', '--cancel')).toMatchObject({ code: 1, stderr: expect.stringContaining('No change') })
    const much = await hearth('claim', '5000')
    expect(much.stderr).toMatch(/Only \d+\.\d{6} PLAY can be claimed now\. Choose less\./)
  })
})

describe('with --ledger speculos:HOST:PORT', () => {
  test('a claim is shown as the device pages it, confirmed there, and paid', async () => {
    await world.earn('20')
    const operator = (await world.home().keys.ensureKey('operator')).address
    const before = await world.balanceOf(operator)
    await withLedger('approve', async (ledger) => {
      const { code, stdout, stderr } = await hearth('claim', '3', '--ledger', ledger, '--json')
      expect([code, stderr.includes('hearth:')]).toEqual([0, false])
      expect(json(stdout)).toMatchObject({ operator, amountWei: String(parseEther('3')) })
      expect(stderr).toContain('Compare with your device.')
      // The first page of a touch screen, then of one with two buttons.
      expect(stderr).toMatch(/1\/3 Hearth: claim\n[^]*1\/\d PRACTICE, no value\n/)
    })
    expect((await world.balanceOf(operator)) - before).toBe(parseEther('3'))
  })

  test('refused on the device: exit 1, in words, and the next claim has the same number', async () => {
    const operator = (await world.home().keys.ensureKey('operator')).address
    const before = await world.balanceOf(operator)
    let refused = ''
    await withLedger('refuse', async (ledger) => {
      const { code, stderr, stdout } = await hearth('claim', '1', '--ledger', ledger)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain('You refused it on the device.')
      refused = stderr
    })
    expect(await world.balanceOf(operator)).toBe(before)
    const next = await hearth('claim', '1')
    expect(next.stderr.match(/number \d+/)?.[0]).toBe(refused.match(/number \d+/)?.[0])
  })

  test('payout is changed and cancelled on the device, and `hearth payout` says what waits', async () => {
    const to = Wallet.createRandom().address
    await withLedger('approve', async (ledger) => {
      const changed = json((await hearth('payout', to, '--ledger', ledger, '--json')).stdout)
      expect(changed).toMatchObject({ kind: 'payout', differs: false, pending: { to } })
      expect((await hearth('payout')).stdout).toContain(`they can go to ${to}`)
      expect(await hearth('payout', '--finish')).toMatchObject({ code: 1, stderr: expect.stringContaining('waits') })
      const cancelled = json((await hearth('payout', '--cancel', '--ledger', ledger, '--json')).stdout)
      expect(cancelled).toMatchObject({ kind: 'cancelPayout', pending: null })
    })
  })

  test('payout is finished once its time has come, and then claims go there', async () => {
    const to = Wallet.createRandom().address
    await hearth('payout', to)
    await world.chain.provider.send('evm_increaseTime', [61])
    await world.chain.provider.send('evm_mine', [])
    const finished = json((await hearth('payout', '--finish', '--json')).stdout)
    expect(finished).toMatchObject({ kind: 'finishPayout', payout: to, confirmed: to, differs: false, pending: null })
    expect((await hearth('claim', '1')).code).toBe(0)
    expect(await world.balanceOf(to)).toBe(parseEther('1'))
  })

  test('a device of another account gets keys of its own for this home, and revokes one of them only', async () => {
    const keys = seededKeys(randomBytes(32))
    const signer = async (ledger: string) => json((await hearth('authorize', '--ledger', ledger, '--json')).stdout)
    await withLedger(
      'approve',
      async (ledger) => {
        const bound = await signer(ledger)
        const own = await world.home().keys.ensureRoleKeys()
        const nodes = bound['nodes'] as { role: string; node: string }[]
        expect(nodes.map(({ node }) => node)).not.toContain(own.storage.address)
        const revoked = json((await hearth('revoke', 'relay', '--ledger', ledger, '--json')).stdout)
        const reader = openChain(world.chain.network)
        expect(await readNode(reader, String(revoked['node']))).toMatchObject({ revoked: true, role: 'relay' })
        expect(await readNode(reader, own.relay.address)).toMatchObject({ revoked: false })
        reader.close()
      },
      keys,
    )
  })

  test('nobody behind the address: exit 1, which address it was and what to do', async () => {
    const { code, stderr } = await hearth('claim', '1', '--ledger', 'speculos:127.0.0.1:9')
    expect(code).toBe(1)
    expect(stderr).toMatch(/No Ledger was found at 127\.0\.0\.1:9: .*Start the emulator/)
  })
})
