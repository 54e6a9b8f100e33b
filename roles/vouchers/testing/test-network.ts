import type { NetworkFile } from '../../../contracts/client/index.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
/** A network without a chain: enough to sign vouchers for. */
export const testNetwork: NetworkFile = {
  formatVersion: 1,
  practice: true,
  name: 'Test',
  symbol: 'TEST',
  chainId: 4242,
  genesisHash: `0x${'0'.repeat(64)}`,
  rpcUrls: ['http://127.0.0.1:1'],
  contracts: {
    HearthToken: address('1'),
    Registry: address('2'),
    Seeds: address('3'),
    Payments: address('4'),
    StorageMarket: address('5'),
    Stewardship: address('6'),
    RepairFund: address('7'),
    Rewards: address('8'),
    RenderPool: address('9'),
    RenderMarket: address('a'),
    RenderPanel: address('b'),
    EnergyCertificates: address('c'),
    EnergyMarket: address('d'),
  },
  deployedAtBlock: 0,
  bootstrapPeers: [],
  journeyUrl: null,
  nativeWeiPerToken: '1',
}
