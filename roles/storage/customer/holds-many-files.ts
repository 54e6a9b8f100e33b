import { openManifest } from '../protocol/manifest-envelope.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { nodeCipher } from './node-crypto.ts'

/** True for the manifest of folders or several files, false for that of a single one. Throws ManifestError. */
export function holdsManyFiles(context: CustomerContext, manifest: Uint8Array): boolean {
  return openManifest(nodeCipher, customerSecret(context.wallet), manifest).archive !== undefined
}
