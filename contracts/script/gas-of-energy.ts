import { parseEther } from 'ethers'
import {
  encodeApprove,
  encodeEnergyLock,
  encodeRetireCertificates,
  encodeStakeFor,
  marketOfRole,
  readSettledEnergyDays,
  sendAndWait,
} from '../client/index.ts'
import type { Meter } from './gas-snapshot.ts'
import { fundedWallet } from './testing/actors.ts'
import {
  admitCall,
  energyDay,
  energyHomes,
  foundCommunity,
  goToEnergyDay,
  settleDayCall,
} from './testing/energy-actors.ts'
import type { TestChain } from './testing/practice-chain.ts'

const timeoutMs = 20_000
const homeCount = 10

/** A community of ten homes, half of which sell to the other half; the second of two days is what a day costs. */
export async function measureEnergy(test: TestChain, meter: Meter): Promise<void> {
  const { network, funder, chain } = test
  const where = await foundCommunity(test)
  const payer = await fundedWallet(test, parseEther('100'))
  const homes = await energyHomes(test, where, payer, homeCount)
  const { home, call } = await admitCall(test, where, homeCount)
  await meter('energy admit', call)
  const lock = encodeEnergyLock(network, { node: home.node.address, amountWei: parseEther('1') })
  await meter('energy lock, first', lock, payer)
  await sendAndWait(funder, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  const stake = { operator: homes[0]!.operator.address, amountWei: parseEther('10') }
  await sendAndWait(funder, encodeStakeFor(network, { ...stake, market: marketOfRole(network, 'energy') }), {
    timeoutMs,
  })
  await goToEnergyDay(test, where.daySeconds, (await energyDay(test, where.daySeconds)) + 1)
  const fromBlock = await chain.provider.getBlockNumber()
  for (const name of ['first', 'later']) {
    const day = await energyDay(test, where.daySeconds)
    await goToEnergyDay(test, where.daySeconds, day + 1)
    const nets = homes.map(({ node }, index) => {
      const sells = index % 2 === 0
      const netWei = sells ? parseEther('0.01') : -parseEther('0.01')
      return { node: node.address, netWei, certifiedWh: sells ? 100 : 0, heldWh: sells ? 0 : 100 }
    })
    const settle = await settleDayCall(test, where, day, nets, homes[0]!.node)
    await meter(`energy settleDay, ten homes, ${name}`, settle.call)
  }
  const toBlock = await chain.provider.getBlockNumber()
  const [settled] = await readSettledEnergyDays(chain, { community: where.community, fromBlock, toBlock })
  const { certificateId } = settled!
  const retire = { certificateId, wattHours: 40n, beneficiary: 'somebody' }
  await meter('energy retire', encodeRetireCertificates(network, retire), homes[1]!.operator)
}
