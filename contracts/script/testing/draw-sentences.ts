import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  type ChainRoleName,
  chainRoleNames,
  composeAuthorizeSentence,
  composeCancelPayoutSentence,
  composeClaimSentence,
  composePayoutSentence,
  composeRevokeSentence,
  composeStakeSentence,
  composeTransferSentence,
  composeUnstakeSentence,
  interfaces,
  largestMicro,
  marketOfRole,
  type NetworkFile,
  sentenceLabel,
} from '../../client/index.ts'
import { parameters } from '../parameters.ts'
import type { SentenceFields } from './read-sentence.ts'

/** Random arguments of one sentence: the text that TypeScript makes, the call that makes Solidity write it, and what it says. */
export type SentenceCase = {
  readonly text: string
  readonly to: string
  readonly data: string
  readonly fields: SentenceFields
}

/** A number in [0, 1); seeded where a run is to be repeated. */
export type Random = () => number

type Draw = (network: NetworkFile, random: Random) => SentenceCase
type ContractName = 'HearthToken' | 'Payments' | 'Registry'

const minutesAt = (...date: [number, number, number, number, number]): number => Date.UTC(...date) / 60_000
/** Where calendars go wrong: ends of years, of centuries, leap days and the days beside them. */
const hardMinutes = [
  0,
  ...[1972, 1999, 2000, 2024, 2026, 2099, 2100, 2400, 9999].flatMap((year) => [
    minutesAt(year, 0, 1, 0, 0),
    minutesAt(year, 1, 28, 23, 59),
    minutesAt(year, 2, 1, 0, 0) - 1,
    minutesAt(year, 2, 1, 0, 0),
    minutesAt(year, 11, 31, 23, 59),
  ]),
]
const lastMinute = minutesAt(9999, 11, 31, 23, 59)
const stakedRoles = ['storage', 'render', 'energy'] as const
const hardNumbers = [0, 1, 9, 10, 99, 100, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]
const hardAccounts = ['00', 'ff', '0f', 'f0', 'a0', '9a', '01', '10'].map((byte) => `0x${byte.repeat(20)}`)

/** One drawing function for each kind. */
export const sentenceDraws: Readonly<Record<string, Draw>> = {
  claim: movement('claim', 'Payments', 'claimSentence', (network, { account, ...rest }) =>
    composeClaimSentence(network, { ...rest, to: account }),
  ),
  transfer: movement('transfer', 'HearthToken', 'transferSentence', (network, { account, ...rest }) =>
    composeTransferSentence(network, { ...rest, to: account }),
  ),
  stake: (network, random) => drawStaking('stake', network, random),
  unstake: (network, random) => drawStaking('unstake', network, random),
  payout(network, random) {
    // Deployments have one of two waits, and the contract writes its own.
    const { payoutChangeSeconds: waitSeconds } = network.practice ? parameters.practice : parameters.real
    const drawn = drawPayout('payout', 'payoutSentence', network, random)
    return {
      ...drawn,
      text: composePayoutSentence(network, { ...drawn.terms, waitSeconds }),
      fields: { ...drawn.fields, wait: BigInt(waitSeconds) },
    }
  },
  'cancel payout'(network, random) {
    const drawn = drawPayout('cancel payout', 'cancelPayoutSentence', network, random)
    return { ...drawn, text: composeCancelPayoutSentence(network, drawn.terms) }
  },
  revoke(network, random) {
    const account = drawAccount(random)
    return {
      text: composeRevokeSentence(network, { node: account }),
      ...call(network, 'Registry', 'revokeSentence', [account]),
      fields: { verb: 'revoke', ...commonFields(network, 'Registry'), account },
    }
  },
  authorize: drawAuthorize,
}

type Movement = {
  readonly micro: bigint
  readonly account: string
  readonly number: number
  readonly deadlineSeconds: number
}

/** Kinds that name an amount and an account. */
function movement(
  verb: string,
  contract: ContractName,
  method: string,
  compose: (network: NetworkFile, movement: Movement) => string,
): Draw {
  return (network, random) => {
    const [micro, account, { number, deadlineMinutes }] = [drawMicro(random), drawAccount(random), drawTerms(random)]
    return {
      text: compose(network, { micro, account, number, deadlineSeconds: deadlineMinutes * 60 }),
      ...call(network, contract, method, [account, micro, number, deadlineMinutes]),
      fields: {
        verb,
        ...commonFields(network, contract),
        symbol: network.symbol,
        amount: micro,
        account,
        number: BigInt(number),
        deadline: BigInt(deadlineMinutes),
      },
    }
  }
}

/** Stake moves into or out of the market of a role. */
function drawStaking(verb: 'stake' | 'unstake', network: NetworkFile, random: Random): SentenceCase {
  const [contract, compose] =
    verb === 'stake' ? (['Payments', composeStakeSentence] as const) : (['Registry', composeUnstakeSentence] as const)
  const role = pick(stakedRoles, random)
  const [micro, account, { number, deadlineMinutes }] = [drawMicro(random), drawAccount(random), drawTerms(random)]
  const args = [account, marketOfRole(network, role), micro, number, deadlineMinutes]
  return {
    text: compose(network, { micro, role, operator: account, number, deadlineSeconds: deadlineMinutes * 60 }),
    ...call(network, contract, `${verb}Sentence`, args),
    fields: {
      verb,
      ...commonFields(network, contract),
      symbol: network.symbol,
      amount: micro,
      market: role,
      account,
      number: BigInt(number),
      deadline: BigInt(deadlineMinutes),
    },
  }
}

/** What both sentences on a payout have in common: the address, number and deadline. */
function drawPayout(verb: string, method: string, network: NetworkFile, random: Random) {
  const [account, { number, deadlineMinutes }] = [drawAccount(random), drawTerms(random)]
  return {
    terms: { to: account, number, deadlineSeconds: deadlineMinutes * 60 },
    ...call(network, 'Payments', method, [account, number, deadlineMinutes]),
    fields: {
      verb,
      ...commonFields(network, 'Payments'),
      account,
      number: BigInt(number),
      deadline: BigInt(deadlineMinutes),
    },
  }
}

function drawAuthorize(network: NetworkFile, random: Random): SentenceCase {
  const { number, deadlineMinutes } = drawTerms(random)
  const [riskMicro, spendPerDayMicro] = [drawMicro(random), drawMicro(random)]
  const mask = 1 + below(31, random)
  const roles = chainRoleNames.filter((_role, index) => (mask >> index) & 1)
  const nodes = roles.map((role) => ({ role, node: drawAccount(random) }))
  const bindings = nodes.map(({ role, node }) => [node, chainRoleNames.indexOf(role), '0x', '0x'])
  const terms = { number, deadlineSeconds: deadlineMinutes * 60 }
  const tuple = [drawAccount(random), bindings, riskMicro, spendPerDayMicro, number, deadlineMinutes]
  return {
    text: composeAuthorizeSentence(network, { ...terms, nodes, riskMicro, spendPerDayMicro }),
    ...call(network, 'Registry', 'authorizeSentence', [tuple]),
    fields: {
      verb: 'authorize',
      ...commonFields(network, 'Registry'),
      symbol: network.symbol,
      risk: riskMicro,
      spend: spendPerDayMicro,
      roles,
      keys: BigInt(nodes.length),
      code: codeOf(nodes),
      number: BigInt(number),
      deadline: BigInt(deadlineMinutes),
    },
  }
}

/** The first 16 bytes of the hash over each role's number and key, 21 bytes to a node. */
function codeOf(nodes: readonly { readonly role: ChainRoleName; readonly node: string }[]): string {
  const bytes = nodes.map(({ role, node }) => `0${chainRoleNames.indexOf(role)}${node.slice(2)}`).join('')
  return Buffer.from(keccak_256(Buffer.from(bytes, 'hex'))).toString('hex', 0, 16)
}

function call(network: NetworkFile, contract: ContractName, method: string, args: readonly unknown[]) {
  return { to: network.contracts[contract], data: interfaces[contract].encodeFunctionData(method, args) }
}

function commonFields(network: NetworkFile, contract: ContractName) {
  return {
    practice: network.practice,
    label: sentenceLabel,
    chain: BigInt(network.chainId),
    contract: network.contracts[contract].toLowerCase(),
  }
}

/** Small, middling and large alike (digits matter, not magnitudes), and every second one at or beside a border. */
export function drawMicro(random: Random): bigint {
  const power = 10n ** BigInt(below(14, random))
  if (random() < 0.5) return (BigInt(Math.floor(random() * 2 ** 53)) * power) / 2n ** 53n
  const beside = power + BigInt(below(3, random) - 1)
  return beside < largestMicro ? beside : largestMicro
}

/** A number and a deadline within what the sentence can show, every third one at a border. */
export function drawTerms(random: Random): { readonly number: number; readonly deadlineMinutes: number } {
  return {
    number: random() < 1 / 3 ? pick(hardNumbers, random) : below(2 ** (1 + below(32, random)), random),
    deadlineMinutes: random() < 1 / 3 ? pick(hardMinutes, random) : below(lastMinute + 1, random),
  }
}

/** An account in lower case, every eighth one of a pattern in which a slip of the hex writer shows. */
export function drawAccount(random: Random): string {
  if (random() < 1 / 8) return pick(hardAccounts, random)
  return `0x${Array.from({ length: 40 }, () => below(16, random).toString(16)).join('')}`
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[below(values.length, random)]!
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit)
}
