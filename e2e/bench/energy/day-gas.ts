import { parseEther } from 'ethers'
import {
  encodeApprove,
  encodeStakeFor,
  type EnergyNet,
  marketOfRole,
  sendAndWait,
} from '../../../contracts/client/index.ts'
import { fundedWallet } from '../../../contracts/script/testing/actors.ts'
import {
  energyDay,
  type EnergyHome,
  energyHomes,
  foundCommunity,
  goToEnergyDay,
  settleDayCall,
  type TestCommunity,
} from '../../../contracts/script/testing/energy-actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'

const homeCount = 22
const timeoutMs = 20_000

/** What posting a day costs on a chain: for the day itself, and for each posted sum. From receipts of days that followed others. */
export async function measureDayGas(): Promise<{ readonly fixed: number; readonly perNet: number }> {
  const test = await startTestChain()
  try {
    const where = await foundCommunity(test)
    const homes = await energyHomes(test, where, await fundedWallet(test, parseEther('100')), homeCount)
    await provide(test, homes[0]!.operator.address)
    await goToEnergyDay(test, where.daySeconds, (await energyDay(test, where.daySeconds)) + 1)
    // The first payment to an operator fills words that later ones only change.
    await postDay(test, where, homes)
    const few = await postDay(test, where, homes.slice(0, 2))
    const many = await postDay(test, where, homes)
    const perNet = (many - few) / (homeCount - 2)
    return { fixed: Math.round(few - 2 * perNet), perNet: Math.round(perNet) }
  } finally {
    await test.stop()
  }
}

async function provide(test: TestChain, operator: string): Promise<void> {
  const { network, funder } = test
  await sendAndWait(funder, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  const stake = { operator, amountWei: parseEther('10'), market: marketOfRole(network, 'energy') }
  await sendAndWait(funder, encodeStakeFor(network, stake), { timeoutMs })
}

/** Every other home sells to the next one, and certificates go along. */
async function postDay(test: TestChain, where: TestCommunity, homes: readonly EnergyHome[]): Promise<number> {
  const day = await energyDay(test, where.daySeconds)
  const nets = homes.map(({ node }, index): EnergyNet => {
    const sells = index % 2 === 0
    const netWei = (sells ? 1n : -1n) * 23_456_789_100_000_000n
    return { node: node.address, netWei, certifiedWh: sells ? 177 : 0, heldWh: sells ? 20 : 157 }
  })
  await goToEnergyDay(test, where.daySeconds, day + 1)
  const { call } = await settleDayCall(test, where, day, nets, homes[0]!.node)
  return Number((await sendAndWait(test.funder, call, { timeoutMs })).gasUsed)
}
