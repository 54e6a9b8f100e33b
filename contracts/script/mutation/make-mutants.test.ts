import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyMutant, makeMutants, maskSolidity, mutantKey, shuffleBySeed } from './make-mutants.ts'

const source = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {A} from "./A.sol";

/// @dev 1 < 2 in a comment is no code.
contract C {
    event E(uint256 indexed a);
    uint256 private constant LIMIT = 10;

    function f(uint256 a) external returns (uint256) {
        if (a < LIMIT && a != 0) revert("a < b");
        total += a;
        return a * 3;
    }
}
`

function changes(): string[] {
  return makeMutants('C.sol', source).map((mutant) => {
    const line = applyMutant(source, mutant).split('\n')[mutant.line - 1]!
    return line.trim()
  })
}

describe('mutants of a Solidity file', () => {
  it('change comparisons, conditions, sums, numbers and statements', () => {
    expect(changes()).toEqual(
      expect.arrayContaining([
        'uint256 private constant LIMIT = 11;',
        'if (a <= LIMIT && a != 0) revert("a < b");',
        'if (a < LIMIT || a != 0) revert("a < b");',
        'if (false) revert("a < b");',
        'total -= a;',
        ';',
        'return a / 3;',
        'return a * 4;',
      ]),
    )
  })

  it('take away assignments, but no return and no declaration', () => {
    const removed = makeMutants('C.sol', source).filter(({ replacement }) => replacement === ';')
    expect(removed.map(({ original }) => original)).toEqual(['total += a;'])
  })

  it('leave comments, strings, imports and declarations alone', () => {
    const lines = makeMutants('C.sol', source).map(({ line }) => line)
    expect(lines.filter((line) => line < 9)).toEqual([])
    expect(maskSolidity(source)).not.toContain('a < b')
    expect(maskSolidity(source)).toHaveLength(source.length)
  })

  it('are named by what they do', () => {
    const mutant = makeMutants('C.sol', source).find(({ replacement }) => replacement === '-=')!
    expect(mutantKey(mutant, source)).toBe('C.sol: total += a; | += => -=')
  })

  it('are drawn in the same order for the same seed, each once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat(), (items, seed) => {
        const shuffled = shuffleBySeed(items, seed)
        expect(shuffleBySeed(items, seed)).toEqual(shuffled)
        expect(new Set(shuffled)).toEqual(new Set(items))
        expect(shuffled).toHaveLength(items.length)
      }),
    )
  })
})
