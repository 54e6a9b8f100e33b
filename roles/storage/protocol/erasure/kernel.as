// AssemblyScript, not TypeScript: compiled to WebAssembly by build-kernel.mjs.
//
// Each function computes some rows of a matrix product over GF(2^8): destination[r] = sum over i of coefficient[r][i] * source[i],
// for the bytes [from, to) of every shard, a multiple of 64 long. A product with a constant is two look-ups of 16 entries
// (low and high nibble), which one SIMD swizzle answers for 16 bytes. `tables` holds, per source and then per row, the
// 16 low-nibble and the 16 high-nibble products. Several rows share the splitting into nibbles, and sums stay in
// registers over all sources, so that every byte is loaded once per group of rows and stored once.
//
// RELAXED is set at compile time: the relaxed swizzle skips a saturation that indexes below 16 never need.

function look(table: v128, nibbles: v128): v128 {
  if (RELAXED) return i8x16.relaxed_swizzle(table, nibbles)
  return i8x16.swizzle(table, nibbles)
}

/** Four rows, 32 bytes a step. `sources` points to `count` addresses (u32). */
export function fourRows(
  tables: usize,
  sources: usize,
  count: usize,
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  from: usize,
  to: usize,
): void {
  const mask = i8x16.splat(15)
  const end = sources + (count << 2)
  for (let at = from; at < to; at += 32) {
    let a0 = i64x2.splat(0),
      b0 = i64x2.splat(0),
      c0 = i64x2.splat(0),
      d0 = i64x2.splat(0)
    let a1 = i64x2.splat(0),
      b1 = i64x2.splat(0),
      c1 = i64x2.splat(0),
      d1 = i64x2.splat(0)
    let table = tables
    for (let source = sources; source < end; source += 4) {
      const address = <usize>load<u32>(source) + at
      const left = v128.load(address)
      const right = v128.load(address, 16)
      const low0 = v128.and(left, mask)
      const high0 = i8x16.shr_u(left, 4)
      const low1 = v128.and(right, mask)
      const high1 = i8x16.shr_u(right, 4)
      let lowTable = v128.load(table)
      let highTable = v128.load(table, 16)
      a0 = v128.xor(a0, v128.xor(look(lowTable, low0), look(highTable, high0)))
      a1 = v128.xor(a1, v128.xor(look(lowTable, low1), look(highTable, high1)))
      lowTable = v128.load(table, 32)
      highTable = v128.load(table, 48)
      b0 = v128.xor(b0, v128.xor(look(lowTable, low0), look(highTable, high0)))
      b1 = v128.xor(b1, v128.xor(look(lowTable, low1), look(highTable, high1)))
      lowTable = v128.load(table, 64)
      highTable = v128.load(table, 80)
      c0 = v128.xor(c0, v128.xor(look(lowTable, low0), look(highTable, high0)))
      c1 = v128.xor(c1, v128.xor(look(lowTable, low1), look(highTable, high1)))
      lowTable = v128.load(table, 96)
      highTable = v128.load(table, 112)
      d0 = v128.xor(d0, v128.xor(look(lowTable, low0), look(highTable, high0)))
      d1 = v128.xor(d1, v128.xor(look(lowTable, low1), look(highTable, high1)))
      table += 128
    }
    v128.store(first + at, a0)
    v128.store(first + at, a1, 16)
    v128.store(second + at, b0)
    v128.store(second + at, b1, 16)
    v128.store(third + at, c0)
    v128.store(third + at, c1, 16)
    v128.store(fourth + at, d0)
    v128.store(fourth + at, d1, 16)
  }
}

/** One row, 64 bytes a step, for what is left of a number of rows that four does not divide. */
export function oneRow(tables: usize, sources: usize, count: usize, first: usize, from: usize, to: usize): void {
  const mask = i8x16.splat(15)
  const end = sources + (count << 2)
  for (let at = from; at < to; at += 64) {
    let a0 = i64x2.splat(0),
      a1 = i64x2.splat(0),
      a2 = i64x2.splat(0),
      a3 = i64x2.splat(0)
    let table = tables
    for (let source = sources; source < end; source += 4) {
      const address = <usize>load<u32>(source) + at
      const lowTable = v128.load(table)
      const highTable = v128.load(table, 16)
      let bytes = v128.load(address)
      a0 = v128.xor(a0, v128.xor(look(lowTable, v128.and(bytes, mask)), look(highTable, i8x16.shr_u(bytes, 4))))
      bytes = v128.load(address, 16)
      a1 = v128.xor(a1, v128.xor(look(lowTable, v128.and(bytes, mask)), look(highTable, i8x16.shr_u(bytes, 4))))
      bytes = v128.load(address, 32)
      a2 = v128.xor(a2, v128.xor(look(lowTable, v128.and(bytes, mask)), look(highTable, i8x16.shr_u(bytes, 4))))
      bytes = v128.load(address, 48)
      a3 = v128.xor(a3, v128.xor(look(lowTable, v128.and(bytes, mask)), look(highTable, i8x16.shr_u(bytes, 4))))
      table += 32
    }
    v128.store(first + at, a0)
    v128.store(first + at, a1, 16)
    v128.store(first + at, a2, 32)
    v128.store(first + at, a3, 48)
  }
}
