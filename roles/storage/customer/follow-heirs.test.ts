import { describe, expect, it } from 'vitest'
import type { Manifest } from '../protocol/manifest.ts'
import { followHeirs, type Heritage } from './follow-heirs.ts'

const rootOf = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)
const textOf = (index: number): string => `0x${Buffer.from(rootOf(index)).toString('hex')}`
const manifestOf = (...nodes: string[]): Manifest =>
  ({
    segments: [{ pieces: nodes.map((node, index) => ({ index, node, operator: `of ${node}`, root: rootOf(index) })) }],
  }) as unknown as Manifest
const heritage = (heirs: Record<string, string>, roots: Record<string, number[]>): Heritage => ({
  heirOf: async (node) => heirs[node] ?? null,
  operatorOf: async (node) => `of ${node}`,
  rootsAt: async (node) => new Set((roots[node] ?? []).map(textOf)),
})
const holders = (manifest: Manifest): string[] => manifest.segments[0]!.pieces.map((piece) => piece.node)

describe('a manifest whose providers left', () => {
  it('is the same while nobody left', async () => {
    const manifest = manifestOf('a', 'b')
    expect(await followHeirs(manifest, heritage({}, {}))).toBe(manifest)
  })

  it('names the heir of a piece, with its operator', async () => {
    const followed = await followHeirs(manifestOf('a', 'b'), heritage({ a: 'x' }, { x: [0] }))
    expect(holders(followed)).toEqual(['x', 'b'])
    expect(followed.segments[0]!.pieces[0]!.operator).toBe('of x')
  })

  it('leaves a piece where it is as long as its heir does not have it', async () => {
    expect(holders(await followHeirs(manifestOf('a', 'a'), heritage({ a: 'x' }, { x: [1] })))).toEqual(['a', 'x'])
  })

  it('follows heirs of heirs', async () => {
    const followed = await followHeirs(manifestOf('a'), heritage({ a: 'x', x: 'y' }, { y: [0], x: [0] }))
    expect(holders(followed)).toEqual(['y'])
  })

  it('does not walk in circles for ever', async () => {
    const followed = await followHeirs(manifestOf('a'), heritage({ a: 'x', x: 'a' }, { x: [0], a: [0] }))
    expect(['a', 'x']).toContain(holders(followed)[0])
  })
})
