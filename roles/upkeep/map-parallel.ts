/** Maps with at most `limit` calls under way. The first rejection ends the walk; those under way are awaited. */
export async function mapParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  const entries = items.entries()
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const [index, item] of entries) results[index] = await map(item, index)
  })
  const settled = await Promise.allSettled(lanes)
  const failed = settled.find((lane) => lane.status === 'rejected')
  if (failed) throw failed.reason
  return results
}
