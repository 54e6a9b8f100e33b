import { id, parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fundedWallet, signTyped } from '../script/testing/actors.ts'
import {
  energyDay,
  type EnergyHome,
  energyHomes,
  foundCommunity,
  goToEnergyDay,
  settleDayCall,
  type TestCommunity,
} from '../script/testing/energy-actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import {
  type ChainCall,
  encodeApprove,
  encodeResign,
  encodeRetireCertificates,
  encodeStakeFor,
  encodeWithdrawEnergyLock,
  isSelfDeclaredCertificate,
  leaveTypedData,
  marketOfRole,
  readCertificates,
  readCertificateTotals,
  readEnergyCommunity,
  readEnergyDay,
  readEnergyMember,
  readOperatorEarnings,
  readRetirements,
  readSettledEnergyDays,
  sendAndWait,
} from './index.ts'

const timeoutMs = 20_000
let test: TestChain
let customer: Wallet
let where: TestCommunity
let community: string
let homes: EnergyHome[]

async function send(call: ChainCall, from?: Wallet): Promise<void> {
  await sendAndWait(from ?? test.funder, call, { timeoutMs })
}

const today = () => energyDay(test, where.daySeconds)
const goToDay = (day: number) => goToEnergyDay(test, where.daySeconds, day)

beforeAll(async () => {
  test = await startTestChain()
  customer = await fundedWallet(test, parseEther('100'))
  where = await foundCommunity(test)
  community = where.community
  homes = await energyHomes(test, where, customer, 2)
  await send(encodeApprove(test.network, { spender: test.network.contracts.Registry }))
  const market = marketOfRole(test.network, 'energy')
  await send(
    encodeStakeFor(test.network, { operator: homes[0]!.operator.address, amountWei: parseEther('10'), market }),
  )
  await goToDay((await today()) + 1)
}, 60_000)

afterAll(() => test.stop())

describe('a community through the client', () => {
  it('is founded, takes meters in, and shows both', async () => {
    expect(await readEnergyCommunity(test.chain, community)).toMatchObject({
      admitter: where.admitter.address,
      founder: where.admitter.address,
      feedInGweiPerWh: 80_000,
    })
    expect(await readEnergyCommunity(test.chain, id('none'))).toBeNull()
    const [home] = homes
    expect(await readEnergyMember(test.chain, home!.node.address)).toMatchObject({
      ...{ community, meter: home!.meter, pvPeakWatts: 6_000 },
      ...{ funder: customer.address, lockedWei: parseEther('1'), leftDay: null },
    })
    expect(await readEnergyMember(test.chain, customer.address)).toBeNull()
  })

  it('settles a day in one call: money to the wei, certificates to the watt-hour', async () => {
    const { network, chain } = test
    const fromBlock = await chain.provider.getBlockNumber()
    const day = await today()
    await goToDay(day + 1)
    const [seller, buyer] = homes
    const netWei = parseEther('0.02')
    const nets = [
      { node: seller!.node.address, netWei, certifiedWh: 100, heldWh: 0 },
      { node: buyer!.node.address, netWei: -netWei, certifiedWh: 0, heldWh: 100 },
    ]
    const poster = seller!.node.address
    const { root, call } = await settleDayCall(test, where, day, nets, seller!.node)
    expect(await readEnergyDay(chain, { community, day })).toBeNull()
    await send(call)
    expect(await readEnergyDay(chain, { community, day })).toMatchObject({ root, poster, retailGweiPerWh: 300_000 })
    expect((await readOperatorEarnings(chain, seller!.operator.address)).earnedWei).toBe((netWei * 19n) / 20n)
    expect((await readEnergyMember(chain, buyer!.node.address))!.lockedWei).toBe(parseEther('1') - netWei)
    const toBlock = await chain.provider.getBlockNumber()
    const [settled] = await readSettledEnergyDays(chain, { community, fromBlock, toBlock })
    expect(settled).toMatchObject({ community, day, root, nets })
    const { certificateId } = settled!
    expect(isSelfDeclaredCertificate(certificateId)).toBe(false)
    const owner = buyer!.operator
    expect(await readCertificates(chain, { owner: owner.address, certificateId })).toBe(100n)
    const retire = { certificateId, wattHours: 40n, beneficiary: 'my flat in November' }
    await send(encodeRetireCertificates(network, retire), owner)
    expect(await readCertificateTotals(chain, certificateId)).toEqual({ mintedWh: 100n, retiredWh: 40n })
    const blocks = { fromBlock, toBlock: await chain.provider.getBlockNumber() }
    const retirements = await readRetirements(chain, { owner: owner.address, ...blocks })
    expect(retirements).toMatchObject([{ certificateId, wattHours: 40n, beneficiaryHash: id(retire.beneficiary) }])
  }, 30_000)

  it('lets a home go and returns its lock', async () => {
    const { network, chain } = test
    const { node, meter } = homes[1]!
    const signature = await signTyped(node, leaveTypedData(network, { community, node: node.address, meter }))
    await send(encodeResign(network, { node: node.address, signature }))
    const { leftDay } = (await readEnergyMember(chain, node.address))!
    expect(leftDay).toBe((await today()) + 1)
    await goToDay(leftDay! + 2)
    await send(encodeWithdrawEnergyLock(network, { node: node.address }))
    expect(await readEnergyMember(chain, node.address)).toBeNull()
  }, 30_000)
})
