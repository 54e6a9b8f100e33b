import { keepInCatalogue } from '../../../../roles/storage/customer/catalogue/keep-in-catalogue.ts'
import type { CustomerContext } from '../../../../roles/storage/customer/context.ts'
import type { VerbContext } from '../verb.ts'

/**
 * Leaves the manifest with the customer's contributors. The file is stored and paid by then, so a failure is told and fails nothing.
 * Resolves to the number of homes that have it.
 */
export async function keepManifestOnNetwork(
  { output, signal }: VerbContext,
  customer: CustomerContext,
  manifest: Uint8Array,
): Promise<number> {
  try {
    const { copies, asked, reasons } = await keepInCatalogue(customer, manifest, { signal })
    if (copies === 0)
      output.note(`No contributor kept the manifest (${reasons[0] ?? `${asked} were asked`}); keep the file.`)
    return copies
  } catch (error) {
    output.note(
      `The manifest could not be left on the network: ${error instanceof Error ? error.message : String(error)}`,
    )
    return 0
  }
}
