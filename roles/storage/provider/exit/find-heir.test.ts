import { describe, expect, it } from 'vitest'
import type { DataSetView, NodeEntry } from '../../../../contracts/client/index.ts'
import { strangersOf } from './find-heir.ts'

const nodeOf = (node: string, operator: string, revoked = false): NodeEntry =>
  ({ node, operator, revoked }) as unknown as NodeEntry
const setOf = (node: string, operator: string, ended = false): DataSetView =>
  ({ node, operator, ended }) as unknown as DataSetView
const set = setOf('A', 'OA')
const names = (nodes: readonly NodeEntry[]): string[] => nodes.map(({ node }) => node)

describe('who may be heir of a set', () => {
  it('is a node of an operator that holds nothing of the customer', () => {
    const nodes = [nodeOf('A', 'OA'), nodeOf('B', 'OB'), nodeOf('C', 'OC')]
    expect(names(strangersOf(set, nodes, [set, setOf('B', 'OB')]))).toEqual(['C'])
  })

  it('is no second node of an operator that holds a piece by its first', () => {
    const nodes = [nodeOf('A2', 'oa'), nodeOf('B2', 'ob')]
    expect(strangersOf(set, nodes, [set, setOf('B', 'OB')])).toEqual([])
  })

  it('is nobody whose set with the customer has ended, but another node of his may', () => {
    const nodes = [nodeOf('B', 'OB'), nodeOf('B2', 'OB')]
    expect(names(strangersOf(set, nodes, [set, setOf('B', 'OB', true)]))).toEqual(['B2'])
  })

  it('is no revoked node', () => {
    expect(strangersOf(set, [nodeOf('C', 'OC', true)], [set])).toEqual([])
  })
})
