import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { detectInventory, type Inventory as Measured } from '../../resources/index.ts'
import { inventorySchema, type Inventory as Shown } from '../api/inventory.ts'

/** Compiles only while both descriptions of an inventory say the same, in both directions. */
function bothWays(measured: Measured, shown: Shown): [Shown, Measured] {
  return [measured, shown]
}

it('measures what the window expects, no field more or less', async () => {
  const measured = await detectInventory({ homeDirectory: tmpdir() })
  const [shown] = bothWays(measured, inventorySchema.parse(measured))
  expect(inventorySchema.strict().parse(shown)).toEqual(measured)
})
