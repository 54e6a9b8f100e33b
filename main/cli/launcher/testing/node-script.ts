import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A Node process that runs a few lines of ES module code; its lines on standard output can be waited for. */
export type NodeScript = {
  readonly process: ChildProcess
  readonly pid: number
  /** The next line that it, or a child that shares its output, prints; an error when all of them end before. */
  nextLine(): Promise<string>
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Starts a script; the caller ends it (`process.kill`). */
export function runScript(
  code: string,
  options: { flags?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): NodeScript {
  const child = spawn(process.execPath, [...(options.flags ?? []), '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  })
  const waiting: ((line: string) => void)[] = []
  const lines: string[] = []
  const output = createInterface({ input: child.stdout })
  output.on('line', (line) => {
    const first = waiting.shift()
    if (first === undefined) lines.push(line)
    else first(line)
  })
  const silent = new Promise<void>((done) => output.once('close', done))
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  )
  return {
    process: child,
    pid: child.pid as number,
    exited,
    nextLine() {
      const ready = lines.shift()
      if (ready !== undefined) return Promise.resolve(ready)
      return new Promise((done, fail) => {
        waiting.push(done)
        void silent.then(() => fail(new Error('everybody who could print a line is gone')))
      })
    },
  }
}

/** Waits until a process is gone, however long it takes up to the limit; returns whether it is. */
export async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs
  while (performance.now() < deadlineMs) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await new Promise((done) => setTimeout(done, 50))
  }
  return false
}
