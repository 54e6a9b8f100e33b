import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeImport, matches, rowOf } from './judge-import.ts'

const top = resolve(import.meta.dirname, '../../..')

function value(file: string, specifier: string): string | null {
  return judgeImport({ file, specifier, typesOnly: false })
}

function types(file: string, specifier: string): string | null {
  return judgeImport({ file, specifier, typesOnly: true })
}

describe('judgeImport', () => {
  it.each([
    ['main/governor/decide.ts', '../api/settings.ts'],
    ['main/wallet/sign.ts', '../store/index.ts'],
    ['main/earnings/compose.ts', '../../contracts/client/sentences/claim.ts'],
    ['main/index.ts', './platform/electron/index.ts'],
    ['main/index.ts', 'electron'],
    ['roles/storage/provider/serve.ts', '../protocol/frames.ts'],
    ['roles/storage/provider/serve.ts', '../../network/index.ts'],
    ['roles/storage/provider/disk.ts', '../../../resources/disks/mount-table.ts'],
    ['roles/host/load-role.ts', '../storage/index.ts'],
    ['roles/persistence/open.ts', '@photostructure/sqlite'],
    ['main/cli/verbs/put.ts', '../../../roles/storage/customer/put-file.ts'],
    ['renderer/screens/storage/storage.tsx', './limits.tsx'],
    ['renderer/app/app.tsx', '../screens/storage/storage.tsx'],
    ['renderer/format/message.ts', '../locales/en.ts'],
  ])('lets %s import %s', (file, specifier) => {
    expect(value(file, specifier)).toBeNull()
  })

  it.each([
    ['main/governor/decide.ts', 'node:fs'],
    ['main/governor/decide.ts', '../store/index.ts'],
    ['main/wallet/sign.ts', '../../contracts/client/chain.ts'],
    ['main/supervisor/spawn.ts', '../../roles/storage/index.ts'],
    ['main/supervisor/spawn.ts', 'electron'],
    ['main/app/engine.ts', '../practice/start-practice.ts'],
    ['roles/storage/provider/serve.ts', '../../render/protocol/frames.ts'],
    ['roles/storage/provider/serve.ts', '../../../main/api/engine.ts'],
    ['roles/storage/provider/serve.ts', 'libp2p'],
    ['roles/storage/protocol/frames.ts', 'node:crypto'],
    ['roles/storage/protocol/frames.ts', '../provider/serve.ts'],
    ['roles/api/values.ts', '../../contracts/abi/index.ts'],
    ['contracts/abi/index.ts', '../client/chain.ts'],
    ['resources/index.ts', '../roles/api/errors.ts'],
    ['renderer/screens/storage/storage.tsx', '../hardware/hardware.tsx'],
    ['renderer/screens/storage/storage.tsx', '../../bridge/hearth.ts'],
    ['renderer/components/card.tsx', '../state/snapshot.ts'],
    ['renderer/app/app.tsx', '../verifier/page.ts'],
    ['main/store/settings.ts', 'systeminformation'],
    ['main/api/engine.ts', '../../../elsewhere/x.ts'],
  ])('keeps %s from importing %s', (file, specifier) => {
    expect(value(file, specifier)).toMatch(/./)
  })

  it('tells types from values where the table does', () => {
    expect(types('resources/inventory.ts', '../roles/api/values.ts')).toBeNull()
    expect(types('main/ipc/handlers.ts', '../app/engine.ts')).toBeNull()
    expect(value('main/ipc/handlers.ts', '../app/engine.ts')).toContain('types of main')
    expect(types('main/ipc/sender.ts', 'electron')).toBeNull()
  })

  it('leaves tests free', () => {
    expect(value('main/supervisor/spawn.test.ts', '../platform/node/index.ts')).toBeNull()
  })

  it('finds the most specific row and understands one folder per star', () => {
    expect(rowOf('roles/api/errors.ts')?.folder).toBe('roles/api')
    expect(rowOf('roles/storage/protocol/deep/x.ts')?.folder).toBe('roles/*/protocol')
    expect(rowOf('README.md')).toBeNull()
    expect(matches('roles/storage/customer/x.ts', 'roles/*/customer')).toBe(true)
    expect(matches('roles/customer', 'roles/*/customer')).toBe(false)
  })
})

describe('the rule inside the linter', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-lint-'))
    cpSync(join(top, 'main/cli/lint'), join(folder, 'main/cli/lint'), { recursive: true })
    const config = JSON.parse(readFileSync(join(top, '.oxlintrc.json'), 'utf8')) as Record<string, unknown>
    // The planted files belong to no project, so only what needs no types is asked.
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: { denyWarnings: true } }))
    symlinkSync(join(top, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function plant(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }

  function lint(): Promise<{ code: number; output: string }> {
    const program = join(top, 'node_modules/oxlint/bin/oxlint')
    return new Promise((done) =>
      execFile(process.execPath, [program, '-f', 'unix'], { cwd: folder, timeout: 25_000 }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      ),
    )
  }

  it('reports planted violations of every kind of import, and nothing else', async () => {
    plant('main/supervisor/right.ts', "export { settings } from '../api/settings.ts'\n")
    plant('main/api/settings.ts', 'export const settings = 1\n')
    expect(await lint()).toMatchObject({ code: 0 })

    plant('main/governor/wrong.ts', "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n")
    plant('main/wallet/wrong.ts', "export * from '../../contracts/client/chain.ts'\n")
    plant('main/supervisor/wrong.ts', "export const role = () => import('../../roles/storage/index.ts')\n")
    plant('renderer/state/wrong.ts', "export { x } from '../screens/storage/storage.ts'\n")
    plant('main/store/wrong.ts', "import { app } from 'electron'\nexport const name = app.name\n")
    const { code, output } = await lint()
    expect(code).not.toBe(0)
    const reported = output.split('\n').filter((line) => line.includes('hearth(import-table)'))
    expect(reported.map((line) => line.split(':')[0] ?? '').sort()).toEqual(
      ['governor', 'store', 'supervisor', 'wallet']
        .map((name) => `main/${name}/wrong.ts`)
        .concat('renderer/state/wrong.ts'),
    )
  })
})
