import { findElectron } from './find-electron.ts'

/** `npm run electron:version`: which Electron runs Hearth on this machine, and where it came from. */
try {
  const electron = await findElectron({ onProgress: (line) => process.stderr.write(`${line}\n`) })
  process.stdout.write(`Electron ${electron.version} from ${electron.source}\n${electron.path}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
