import { createFakeBridge } from '../bridge/fake.ts'
import { sceneNames } from '../bridge/fake-scenes.ts'

/**
 * The window with made-up data, for looking at screens without the app: `dev.html?scene=paused#/storage`.
 * Its page is no entry of the app's build.
 */
const asked = new URLSearchParams(window.location.search).get('scene')
const scene = sceneNames.find((name) => name === asked) ?? 'earning'

Object.assign(window, { hearth: createFakeBridge({ scene, nowMs: Date.now() }) })

await import('./main.tsx')
