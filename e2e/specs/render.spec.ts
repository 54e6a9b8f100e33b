import { expect, makeHome, removeHome, test, type LaunchedApp } from '../fixtures/app.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { ask, snapshotOf } from '../fixtures/bridge.ts'
import { hearth, startHearth, startPractice, until } from '../fixtures/hearth.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { RenderPage } from '../pages/render.ts'
import { Shell } from '../pages/shell.ts'

/*
 * The rendering role in the real app, on whatever draws here: a processor that plays the graphics card is enough. Scenes come
 * from the practice customer, results are checked, and the pay is on the chain.
 */
const networkReadyMs = 90_000
/** What a newcomer is promised. */
const earningMs = 120_000

async function waitForNetwork({ window }: LaunchedApp): Promise<void> {
  await expect(new Shell(window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
}

test('a newcomer switches rendering on with the mouse, sees a picture grow, and is paid for it', async ({ launch }) => {
  test.setTimeout(420_000)
  const app = await launch()
  const shell = new Shell(app.window)
  await waitForNetwork(app)
  await shell.open('Rendering')
  const render = new RenderPage(app.window)
  await takePicture(app.window, 'render-off')
  await render.switch().click()
  await expect(render.consent()).toContainText('scenes of strangers')
  await render.share().fill('100')
  await takePicture(app.window, 'render-consent')
  expect(await accessibilityViolations(app.window)).toEqual([])
  await render.agree()
  const switchedOnAt = performance.now()

  await expect(render.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  await expect(render.score()).toBeVisible({ timeout: 60_000 })
  await expect(render.preview()).toBeVisible({ timeout: earningMs })
  await expect.poll(() => render.previewColours().catch(() => 0), { timeout: earningMs }).toBeGreaterThan(100)
  await takePicture(app.window, 'render-preview', { fullPage: true })

  await expect(render.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
  test.info().annotations.push({
    type: 'earning after',
    description: `${Math.round(performance.now() - switchedOnAt)} ms`,
  })
  await expect.poll(() => render.unitsAccepted(), { timeout: 30_000 }).toBeGreaterThan(0)
  await expect.poll(() => render.earnedWei(), { timeout: 60_000 }).toBeGreaterThan(0n)
  await takePicture(app.window, 'render-earning', { fullPage: true })
  expect(await accessibilityViolations(app.window)).toEqual([])

  const { earnings, roles } = await snapshotOf(app.window)
  expect(earnings?.reconciles).toBe(true)
  expect(roles.find(({ role }) => role === 'render')).toMatchObject({ boundOnChain: true, intent: { gpuShare: 1 } })
  expect(roles.find(({ role }) => role === 'storage')?.process.kind).toBe('stopped')

  // What renders is another window, which nobody sees and which has nothing of the app's.
  const windows = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.isVisible()),
  )
  expect(windows.filter(Boolean)).toHaveLength(1)

  await ask(app.window, 'roles:pauseAll', { untilMs: null })
  await expect(app.window.getByTestId('role-allowance').first()).toHaveAttribute('data-state', 'pausedByPerson')
  await ask(app.window, 'roles:resumeAll', undefined)
  await render.switchOff()
  await expect(render.process()).toHaveAttribute('data-state', 'stopped', { timeout: 30_000 })
  expect(app.complaints).toEqual([])
  expect(await app.quit()).toEqual([])
})

test('a node without a window renders on an Electron of its own, is paid, and leaves no process behind', async () => {
  test.setTimeout(300_000)
  const home = makeHome()
  const practice = await startPractice(home)
  try {
    expect(practice.neighbours.filter(({ roles }) => roles.includes('render')).length).toBe(3)
    // Nobody wants anything rendered yet, so nothing of it runs.
    expect(practice.processes().filter(({ command }) => command.includes('surface-host'))).toEqual([])
    const node = startHearth(home, ['node', '--roles', 'render', '--json'])
    const paid = async () => {
      const { code, json } = await hearth(home, 'earnings', '--json')
      return code === 0 ? json() : null
    }
    await until('render pay', async () => BigInt(String((await paid())?.['earnedWei'] ?? '0')) > 0n, earningMs + 60_000)
    expect(await paid()).toMatchObject({ reconciles: true })
    expect(node.stdoutSoFar()).toContain('renderUnitAccepted')
    // All neighbours share one Electron.
    const hosts = practice.processes().filter(({ command }) => /electron .*surface-host\.js/.test(command))
    expect(hosts.filter(({ command }) => !command.includes('--type='))).toHaveLength(1)
    node.child.kill('SIGINT')
    expect((await node.ended).code).toBe(0)
  } finally {
    expect((await practice.stop()).left).toEqual([])
    removeHome(home)
  }
})
