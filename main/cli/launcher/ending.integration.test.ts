import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { isGoneWithin, runScript, type NodeScript } from './testing/node-script.ts'

const moduleUrl = (name: string) => pathToFileURL(join(import.meta.dirname, name)).href
const started: NodeScript[] = []
afterEach(() => started.splice(0).forEach((script) => script.process.kill('SIGKILL')))

function start(code: string, flags: readonly string[] = []): NodeScript {
  const script = runScript(code, { flags: ['--disable-warning=ExperimentalWarning', ...flags] })
  started.push(script)
  return script
}

const waiting = 'console.log(process.pid); setInterval(() => {}, 1000)'

describe('what a launcher started', () => {
  it('ends when the launcher is killed, in order first', async () => {
    const child = "process.on('SIGTERM', () => { console.log('in order'); process.exit(0) });" + waiting
    const parent = start(`
      import { spawn } from 'node:child_process'
      const args = ['--import', '${moduleUrl('end-with-parent.mjs')}', '--input-type=module', '-e', ${JSON.stringify(child)}]
      spawn(process.execPath, args, { stdio: 'inherit', detached: true })
      setInterval(() => {}, 1000)
    `)
    const childPid = Number(await parent.nextLine())
    parent.process.kill('SIGKILL')
    expect(await parent.nextLine()).toBe('in order')
    expect(await isGoneWithin(childPid, 3_000)).toBe(true)
  })

  it.runIf(process.platform === 'linux')('ends when npm is killed and the shell in between lives on', async () => {
    const watching = `import { watchAncestors } from '${moduleUrl('ancestors.mjs')}'; watchAncestors();` + waiting
    const npm = start(`
      import { spawn } from 'node:child_process'
      const env = { ...process.env, npm_lifecycle_event: 'start', NODE: process.execPath, CODE: ${JSON.stringify(watching)} }
      spawn('sh', ['-c', '"$NODE" --input-type=module -e "$CODE"; sleep 3'], { stdio: 'inherit', env })
      setInterval(() => {}, 1000)
    `)
    const pid = Number(await npm.nextLine())
    npm.process.kill('SIGKILL')
    expect(await isGoneWithin(pid, 2_500)).toBe(true)
  })

  it('ends when it cannot watch by itself and only the guard is left', async () => {
    const stubborn = "process.on('SIGTERM', () => {});" + waiting
    const parent = start(`
      import { spawn } from 'node:child_process'
      import { startGuard } from '${moduleUrl('guard.ts')}'
      const guard = startGuard()
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(waiting)}], { stdio: 'inherit', detached: true })
      guard.watch(-child.pid)
      const other = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit', detached: true })
      guard.watch(other.pid)
      setInterval(() => {}, 1000)
    `)
    const pids = [Number(await parent.nextLine()), Number(await parent.nextLine())]
    parent.process.kill('SIGKILL')
    const gone = await Promise.all(pids.map((pid) => isGoneWithin(pid, 12_000)))
    expect(gone).toEqual([true, true])
  })

  it('is left alone by a guard that was disarmed', async () => {
    const child = start(waiting)
    const childPid = Number(await child.nextLine())
    const owner = start(`
      import { startGuard } from '${moduleUrl('guard.ts')}'
      const guard = startGuard()
      guard.watch(${childPid})
      guard.disarm()
    `)
    await owner.exited
    expect(await isGoneWithin(childPid, 1_500)).toBe(false)
  })
})

describe('runChild', () => {
  const launch = (code: string) => `
    import { runChild } from '${moduleUrl('child.mjs')}'
    process.exit(await runChild(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(code)}]))
  `

  it('returns the exit code of the command', async () => {
    expect(await start(launch('process.exit(7)')).exited).toEqual({ code: 7, signal: null })
    expect(await start(launch("process.kill(process.pid, 'SIGKILL')")).exited).toEqual({ code: 137, signal: null })
  })

  it('passes a signal on once, though a terminal and npm both send it', async () => {
    const counting = `
      let count = 0
      process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('counted ' + count); process.exit(3) }, 200) })
      setInterval(() => {}, 1000)
      console.log('ready')
    `
    const launcher = start(launch(counting))
    expect(await launcher.nextLine()).toBe('ready')
    launcher.process.kill('SIGINT')
    await new Promise((done) => setTimeout(done, 50))
    launcher.process.kill('SIGINT')
    expect(await launcher.nextLine()).toBe('counted 1')
    expect(await launcher.exited).toEqual({ code: 3, signal: null })
  })
})
