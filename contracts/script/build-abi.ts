/**
 * Compiles the contracts and writes contracts/abi: ABI, creation bytecode and immutable references, committed so that
 * starting a network needs no compiler. With `--check` nothing is written and a difference is an error.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'

const top = resolve(import.meta.dirname, '../..')
const contracts = [
  'HearthToken',
  'Registry',
  'Seeds',
  'Payments',
  'StorageMarket',
  'Stewardship',
  'RepairFund',
  'Rewards',
  'RenderPool',
  'RenderMarket',
  'RenderPanel',
  'EnergyCertificates',
  'EnergyMarket',
] as const

type Artifact = {
  abi: unknown
  bytecode: { object: string }
  deployedBytecode: { object: string; immutableReferences: Record<string, { start: number; length: number }[]> }
}

function compile(): void {
  execFileSync(process.execPath, [join(top, 'contracts/tools/forge.mjs'), 'build', 'contracts/src'], {
    cwd: top,
    env: { ...process.env, FOUNDRY_CONFIG: 'contracts/foundry.toml' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  })
}

function camelCase(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1)
}

function kebabCase(name: string): string {
  return camelCase(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function moduleOf(name: string): string {
  const path = join(top, `out/contracts/${name}.sol/${name}.json`)
  const artifact = JSON.parse(readFileSync(path, 'utf8')) as Artifact
  const variable = camelCase(name)
  const references = Object.values(artifact.deployedBytecode.immutableReferences).flat()
  references.sort((left, right) => left.start - right.start)
  return [
    '// Written by contracts/script/build-abi.ts; change the Solidity source instead.',
    `export const ${variable}Abi = ${JSON.stringify(artifact.abi)} as const`,
    `/** Creation code, code as deployed with zeros for immutables, and where those immutables are (bytes). */`,
    `export const ${variable} = { abi: ${variable}Abi, bytecode: '${artifact.bytecode.object}',`,
    `deployedBytecode: '${artifact.deployedBytecode.object}', immutableReferences: ${JSON.stringify(references)} } as const`,
  ].join('\n')
}

async function render(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const name of contracts) files.set(`${kebabCase(name)}.ts`, moduleOf(name))
  const lines = contracts.map(
    (name) => `export { ${camelCase(name)}, ${camelCase(name)}Abi } from './${kebabCase(name)}.ts'`,
  )
  files.set('index.ts', ['// Written by contracts/script/build-abi.ts.', ...lines].join('\n'))
  const options = await resolveConfig(join(top, 'package.json'))
  for (const [file, text] of files) files.set(file, await format(text, { ...options, parser: 'typescript' }))
  return files
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

compile()
const check = process.argv.includes('--check')
for (const [file, text] of await render()) {
  const path = join(top, 'contracts/abi', file)
  if (readOrEmpty(path) === text) continue
  if (check) {
    process.stderr.write(`contracts/abi/${file} is out of date: run node contracts/script/build-abi.ts\n`)
    process.exitCode = 1
  } else {
    writeFileSync(path, text)
    process.stdout.write(`wrote contracts/abi/${file}\n`)
  }
}
