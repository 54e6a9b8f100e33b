import type { z } from 'zod'
import type { FramedStream, NetworkNode } from '../../network/index.ts'
import type { BackEnd } from '../protocol/engine-messages.ts'
import {
  announcedSchema,
  ciphertextSchema,
  maximumOpenings,
  offerSchema,
  openingsSchema,
  orRefused,
  previewSchema,
  progressSchema,
  renderProtocol,
  sceneStoredSchema,
  type Offer,
  type Opening,
  type Question,
  type UnitProgress,
} from '../protocol/frames.ts'
import type { RenderJob } from '../protocol/render-job.ts'
import type { Preview } from '../protocol/watermark.ts'
import { NodeFaultError, NodeRefusedError } from './errors.ts'

/** Questions to one render node; each in a conversation of its own. All reject with NodeRefusedError, NodeFaultError or errors of the network. */
export type AskNode = {
  info(): Promise<Offer>
  /** Tells the job, and sends the scene where the node does not have it. */
  announce(jobId: string, job: RenderJob, scene: Uint8Array): Promise<void>
  progress(jobId: string, units: readonly number[]): Promise<readonly UnitProgress[]>
  /** Null while there is none. */
  preview(jobId: string, unit: number): Promise<Preview | null>
  /** The encrypted cells and the hashes of the plain cells, not yet compared with anything. */
  ciphertext(
    jobId: string,
    unit: number,
    expected: { lengthBytes: number; cellCount: number },
  ): Promise<{ bytes: Uint8Array; cellHashes: Uint8Array[]; backEnd: BackEnd }>
  open(jobId: string, unit: number, cells: readonly number[]): Promise<readonly Opening[]>
}

const answerMs = 20_000
/** Checking a scene and preparing a ciphertext take a slow machine a while. */
const slowAnswerMs = 60_000
/** Slowest node that is waited for. */
const slowestBytesPerSecond = 32 * 1024

export function createAskNode(o: {
  node: NetworkNode
  peerId: string
  network: { chainId: number; market: string }
  signal?: AbortSignal
}): AskNode {
  const signal = o.signal === undefined ? {} : { signal: o.signal }
  async function converse<T>(talk: (stream: FramedStream) => Promise<T>): Promise<T> {
    const stream = await o.node.open(o.peerId, renderProtocol, { timeoutMs: answerMs, ...signal })
    try {
      const result = await talk(stream)
      await stream.close()
      return result
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }
  async function ask<Schema extends z.ZodType>(
    stream: FramedStream,
    question: Question | null,
    schema: Schema,
    timeoutMs = answerMs,
  ) {
    if (question !== null) await stream.writeFrame(question, { timeoutMs: answerMs, ...signal })
    const answer = (await stream.readFrame(orRefused(schema), { timeoutMs, ...signal })) as
      z.output<Schema> | { kind: 'refused'; code: string; message: string }
    if (isRefused(answer)) throw new NodeRefusedError(answer.code, answer.message)
    return answer
  }
  return {
    info: () => converse((stream) => ask(stream, { kind: 'info', ...o.network }, offerSchema)),
    announce: (jobId, job, scene) =>
      converse(async (stream) => {
        const { needScene } = await ask(stream, { kind: 'announce', ...o.network, jobId, job }, announcedSchema)
        if (!needScene) return
        await stream.writeFrame({ kind: 'scene', jobId, lengthBytes: scene.length }, { timeoutMs: answerMs, ...signal })
        await stream.writeBytes([scene], { timeoutMs: transferMs(scene.length), ...signal })
        await ask(stream, null, sceneStoredSchema, slowAnswerMs)
      }),
    progress: (jobId, units) =>
      converse(
        async (stream) => (await ask(stream, { kind: 'progress', jobId, units: [...units] }, progressSchema)).units,
      ),
    preview: (jobId, unit) =>
      converse(async (stream) => {
        const { width, height } = await ask(stream, { kind: 'preview', jobId, unit }, previewSchema)
        if (width === 0 || height === 0) return null
        return { width, height, rgba: await readAll(stream, width * height * 4) }
      }),
    ciphertext: (jobId, unit, { lengthBytes, cellCount }) =>
      converse(async (stream) => {
        const answer = await ask(stream, { kind: 'ciphertext', jobId, unit }, ciphertextSchema, slowAnswerMs)
        if (answer.lengthBytes !== lengthBytes)
          throw new NodeFaultError(`Its result has ${answer.lengthBytes} bytes where ${lengthBytes} belong.`)
        const all = await readAll(stream, lengthBytes + 32 * cellCount)
        const cellHashes = Array.from({ length: cellCount }, (_unused, index) =>
          all.slice(lengthBytes + 32 * index, lengthBytes + 32 * (index + 1)),
        )
        return { bytes: all.slice(0, lengthBytes), cellHashes, backEnd: answer.backEnd }
      }),
    open: (jobId, unit, cells) =>
      converse(async (stream) => {
        const openings: Opening[] = []
        for (let at = 0; at < cells.length; at += maximumOpenings) {
          const part = cells.slice(at, at + maximumOpenings)
          const answer = await ask(
            stream,
            { kind: 'open', jobId, unit, cells: [...part] },
            openingsSchema,
            slowAnswerMs,
          )
          if (answer.cells.length !== part.length || answer.cells.some((cell, index) => cell.index !== part[index]))
            throw new NodeFaultError('It showed other cells than it was asked for.')
          openings.push(...answer.cells)
        }
        return openings
      }),
  }
}

function isRefused(answer: unknown): answer is { kind: 'refused'; code: string; message: string } {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'refused'
}

function transferMs(lengthBytes: number): number {
  return Math.max(30_000, (lengthBytes / slowestBytesPerSecond) * 1000)
}

async function readAll(stream: FramedStream, lengthBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(lengthBytes)
  let at = 0
  for await (const chunk of stream.readBytes(lengthBytes, { timeoutMs: transferMs(lengthBytes) })) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
