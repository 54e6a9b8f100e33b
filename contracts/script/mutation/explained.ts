/**
 * Mutants that no test can kill, each with its reason. The key is what `mutantKey` makes; `npm run contracts:mutate`
 * counts them apart.
 */
export const explained: Readonly<Record<string, string>> = {
  'contracts/src/base/EarningsBooks.sol: if (account == 0) _outflows[operator].roles |= uint8(1 << role); | if (account == 0) => if (true)':
    'The bit of a role stays set from the first payment on; setting it again costs gas and changes nothing.',
  'contracts/src/libraries/Possession.sol: if (rest >= 1 << 16) { | 16 => 17':
    'The same height: the step of sixteen bits only spares the loop below it some rounds.',
  'contracts/src/libraries/SumTree.sol: for (uint256 level; level < levels; ++level) { | < => <=':
    'It also changes a word above the top, which is overwritten when a level is put on top and never read before.',
}
