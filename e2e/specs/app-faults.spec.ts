import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { earnedWei, pieceRoots, storagePid } from '../fixtures/bridge.ts'
import { expect, startPlainly, test, type LaunchedApp } from '../fixtures/app.ts'
import { processTree, survivors, waitForEnd } from '../fixtures/processes.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'

const networkReadyMs = 90_000
const workMs = 120_000

async function startStorage(app: LaunchedApp): Promise<StoragePage> {
  const shell = new Shell(app.window)
  await expect(shell.network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
  await shell.open('Storage')
  const storage = new StoragePage(app.window)
  await storage.switchOn()
  await expect(storage.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  return storage
}

test('a worker that is killed comes back, and nothing else notices', async ({ launch }) => {
  test.setTimeout(240_000)
  const app = await launch()
  const storage = await startStorage(app)
  const others = app.processes()
  const killed = await storagePid(app.window)
  if (killed === null) throw new Error('The storage worker has no process.')
  process.kill(killed, 'SIGKILL')
  await expect(storage.process()).not.toHaveAttribute('data-state', 'running', { timeout: 10_000 })
  await expect(storage.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  expect(await storagePid(app.window)).not.toBe(killed)
  const gone = others.filter((entry) => !survivors(others).includes(entry)).map((entry) => entry.pid)
  expect(gone).toEqual([killed])
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: workMs })
  expect(await app.quit()).toEqual([])
})

test('an app that is killed leaves no process behind, and the next start finds everything', async ({
  launch,
  home,
}) => {
  test.setTimeout(360_000)
  const first = await launch()
  const storage = await startStorage(first)
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: workMs })
  const before = { roots: await pieceRoots(first.window), wei: await earnedWei(first.window) }
  // The practice chain saves its state every few seconds; what came after the last save goes with a kill.
  const seenAtMs = Date.now()
  const savedAtMs = () => statSync(join(home, 'practice', 'chain-state.json')).mtimeMs
  await expect.poll(savedAtMs, { timeout: 60_000 }).toBeGreaterThan(seenAtMs)
  expect(await first.kill()).toEqual([])

  const second = await launch()
  await expect(new Shell(second.window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
  await new Shell(second.window).open('Storage')
  const again = new StoragePage(second.window)
  await expect(again.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  await expect.poll(() => pieceRoots(second.window)).toEqual(expect.arrayContaining([...before.roots]))
  await expect.poll(() => earnedWei(second.window)).toBeGreaterThanOrEqual(before.wei)
  expect(await second.quit()).toEqual([])
})

test('a wrong settings file is shown, kept as it is, and tried again when mended', async ({ launch, home }) => {
  test.setTimeout(120_000)
  const file = join(home, 'settings.json')
  const wrong = '{\n  "formatVersion": 1,\n  "theme": "blue"\n}\n'
  writeFileSync(file, wrong)
  const app = await launch()
  const { window } = app
  await expect(new Shell(window).network()).toHaveAttribute('data-state', 'failed', { timeout: 15_000 })
  await expect(new Shell(window).now()).toContainText('settings.json')
  await expect(new Shell(window).now()).toContainText('theme')
  await takePicture(window, 'wrong-settings')
  expect(readFileSync(file, 'utf8')).toBe(wrong)
  writeFileSync(file, wrong.replace('blue', 'dark').replace('"formatVersion": 1,', settingsTheRest))
  await window.getByRole('button', { name: 'Try again' }).first().click()
  await expect(new Shell(window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
  expect(await app.quit()).toEqual([])
})

/** What a settings file needs besides its theme. */
const settingsTheRest = [
  '"formatVersion": 1,',
  '"pausedAllUntilMs": null, "diskReserveBytes": 1000000000, "pauseOnBattery": true, "roles": {},',
].join('\n  ')

test('a second start on the same home shows the window that is there', async ({ launch, home }) => {
  test.setTimeout(120_000)
  const app = await launch()
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
  await app.electron.evaluate(({ app: main }) => {
    const counter = globalThis as { secondStarts?: number }
    main.on('second-instance', () => (counter.secondStarts = (counter.secondStarts ?? 0) + 1))
  })
  expect(await app.startAgain()).toEqual({ code: 0 })
  const state = () =>
    app.electron.evaluate(({ BrowserWindow }) => {
      const { secondStarts } = globalThis as { secondStarts?: number }
      const windows = BrowserWindow.getAllWindows()
      return { windows: windows.length, visible: windows[0]?.isVisible(), secondStarts }
    })
  await expect.poll(state).toEqual({ windows: 1, visible: true, secondStarts: 1 })
  expect(existsSync(join(home, 'logs', 'app.log'))).toBe(true)
  expect(await app.quit()).toEqual([])
})

test('who starts it again while it is still ending gets it again', async ({ home }) => {
  test.setTimeout(300_000)
  const logged = (): readonly string[] =>
    readFileSync(join(home, 'logs', 'app.log'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message)
  const first = await startPlainly(home)
  await untilPracticeOf(home, first.pid)
  const processes = processTree(first.pid)
  process.kill(first.pid, 'SIGTERM')
  await expect.poll(logged, { intervals: [20] }).toContain('ending')
  const second = await startPlainly(home)
  try {
    expect(await first.ended).toBe(0)
    expect(await waitForEnd(processes, { timeoutMs: 10_000 })).toEqual([])
    await untilPracticeOf(home, second.pid)
    expect(logged().filter((message) => message === 'quit')).toHaveLength(1)
  } finally {
    const again = processTree(second.pid)
    process.kill(second.pid, 'SIGTERM')
    expect(await second.ended).toBe(0)
    expect(await waitForEnd(again, { timeoutMs: 10_000 })).toEqual([])
  }
})

/** Waits until the practice network of a home runs, started by that process. */
async function untilPracticeOf(home: string, pid: number): Promise<void> {
  const file = join(home, 'practice', 'running.json')
  const owner = () => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { ownerPid: number }).ownerPid : 0)
  await expect.poll(owner, { timeout: networkReadyMs }).toBe(pid)
}

test('closing the window ends the app and every process of it', async ({ launch }) => {
  test.setTimeout(120_000)
  const app = await launch()
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
  expect(app.processes().length).toBeGreaterThan(17)
  expect(await app.closeWindow()).toEqual([])
})
