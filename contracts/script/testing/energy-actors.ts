import { AbiCoder, id, keccak256, parseEther, type Wallet } from 'ethers'
import {
  admissionTypedData,
  encodeAdmitMeter,
  encodeEnergyLock,
  encodeFoundCommunity,
  encodeSetTariff,
  encodeSettleEnergyDay,
  type EnergyNet,
  readEnergyTiming,
  readLatestBlock,
  sendAndWait,
  settlementTypedData,
} from '../../client/index.ts'
import { authorizeCall, fundedWallet, newWallet, signTyped } from './actors.ts'
import type { TestChain } from './practice-chain.ts'

const timeoutMs = 20_000
const coder = AbiCoder.defaultAbiCoder()

/** A home with a meter, member of a community. */
export type EnergyHome = { readonly operator: Wallet; readonly node: Wallet; readonly meter: string }

/** A community with its admitter, who has coins for gas. */
export type TestCommunity = { readonly admitter: Wallet; readonly community: string; readonly daySeconds: number }

/** Founds a community with prices from the next day on. */
export async function foundCommunity(test: TestChain): Promise<TestCommunity> {
  const { slotSeconds, slotsPerDay } = await readEnergyTiming(test.chain)
  const daySeconds = slotSeconds * slotsPerDay
  const admitter = await fundedWallet(test)
  await sendAndWait(admitter, encodeFoundCommunity(test.network, { admitter: admitter.address }), { timeoutMs })
  const community = keccak256(coder.encode(['address', 'uint256'], [admitter.address, 0]))
  const prices = { feedInGweiPerWh: 80_000, retailGweiPerWh: 300_000 }
  const fromDay = (await energyDay(test, daySeconds)) + 1
  await sendAndWait(admitter, encodeSetTariff(test.network, { community, fromDay, ...prices }), { timeoutMs })
  return { admitter, community, daySeconds }
}

/** The day that runs. */
export async function energyDay(test: TestChain, daySeconds: number): Promise<number> {
  return Math.floor((await readLatestBlock(test.chain)).timestampSeconds / daySeconds)
}

/** Goes to the first second of a day. */
export async function goToEnergyDay(test: TestChain, daySeconds: number, day: number): Promise<void> {
  await test.passSeconds(day * daySeconds - (await readLatestBlock(test.chain)).timestampSeconds)
}

/** A bound home and the call that admits its meter. */
export async function admitCall(test: TestChain, { admitter, community }: TestCommunity, number: number) {
  const { network } = test
  const home = { operator: await fundedWallet(test), node: newWallet(test), meter: id(`meter ${number}`) }
  const bind = await authorizeCall(test, home.operator, [{ wallet: home.node, role: 'energy' }])
  await sendAndWait(test.funder, bind, { timeoutMs })
  const admission = {
    ...{ community, node: home.node.address, meter: home.meter, connection: id(`connection ${number}`) },
    ...{ fuseWatts: 17_250, pvPeakWatts: 6_000 },
    expirySeconds: (await readLatestBlock(test.chain)).timestampSeconds + 600,
  }
  const data = admissionTypedData(network, admission)
  const [admitterSignature, nodeSignature] = [await signTyped(admitter, data), await signTyped(home.node, data)]
  return { home, call: encodeAdmitMeter(network, { ...admission, admitterSignature, nodeSignature }) }
}

/** Homes with a token in each lock, in the order of their nodes, as a day has them. */
export async function energyHomes(
  test: TestChain,
  where: TestCommunity,
  payer: Wallet,
  count: number,
): Promise<EnergyHome[]> {
  const homes: EnergyHome[] = []
  for (let number = 0; number < count; number++) {
    const { home, call } = await admitCall(test, where, number)
    await sendAndWait(test.funder, call, { timeoutMs })
    const lock = encodeEnergyLock(test.network, { node: home.node.address, amountWei: parseEther('1') })
    await sendAndWait(payer, lock, { timeoutMs })
    homes.push(home)
  }
  return homes.sort((left, right) => (left.node.address.toLowerCase() < right.node.address.toLowerCase() ? -1 : 1))
}

/** The call that settles a day with a made-up tree, signed by `poster`, and the root that it leads to. */
export async function settleDayCall(
  test: TestChain,
  { community }: TestCommunity,
  day: number,
  nets: readonly EnergyNet[],
  poster: Wallet,
) {
  const { network } = test
  const tree = { treeRoot: id('tree'), entryCount: nets.length, nodeCount: nets.length, certificateCount: 1 }
  const place = [network.chainId, network.contracts.EnergyMarket, community, day, 1]
  const dayKey = keccak256(coder.encode(['uint256', 'address', 'bytes32', 'uint32', 'uint256'], place))
  const parts = [dayKey, tree.treeRoot, tree.entryCount, tree.nodeCount, tree.certificateCount]
  const root = keccak256(coder.encode(['bytes32', 'bytes32', 'uint32', 'uint32', 'uint32'], parts))
  const signature = await signTyped(poster, settlementTypedData(network, { community, day, root, nets }))
  const settlement = { community, day, tree, nets, poster: poster.address, signature }
  return { root, call: encodeSettleEnergyDay(network, settlement) }
}
