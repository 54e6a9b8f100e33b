import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { ReedSolomon } from '../../../roles/storage/protocol/erasure/reed-solomon.ts'
import { measure, megabytesPerSecond, report, rounded } from './report.ts'

/**
 * The code beside zfec, the C library of Tahoe-LAFS, on the same random bytes and one core: 10 of 30, median and 95th percentile of ten
 * runs each. zfec comes from Debian (`apt-get install python3-zfec`); without it the figure is ours alone and says so.
 */
const [k, n, runs] = [10, 30, 10]
const shardBytes = Math.floor((32 * 1024 * 1024) / k)
/** Debian's own Python has Debian's packages; another one that comes first in PATH has not. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

const script = `
import json, sys, time, zfec
k, n, size, runs = map(int, sys.argv[1:])
data = sys.stdin.buffer.read()
blocks = [data[i * size:(i + 1) * size] for i in range(k)]
encoder = zfec.Encoder(k, n)
parity = list(range(k, n))
times = []
for run in range(runs + 1):
    start = time.perf_counter()
    made = encoder.encode(blocks, parity)
    times.append((time.perf_counter() - start) * 1000)
assert len(made) == n - k and all(len(block) == size for block in made)
times = sorted(times[1:])
print(json.dumps({"medianMs": times[runs // 2], "p95Ms": times[-1], "version": zfec.__version__}))
`

type Theirs = { readonly medianMs: number; readonly p95Ms: number; readonly version: string }

function measureZfec(data: Uint8Array): Theirs | null {
  try {
    const args = ['-c', script, k, n, shardBytes, runs].map(String)
    const options = { input: data, encoding: 'utf8', timeout: 120_000 } as const
    return JSON.parse(execFileSync(python, args, options)) as Theirs
  } catch (error) {
    if (/No module named|ENOENT/.test(String(error))) return null
    throw error
  }
}

const data = randomBytes(k * shardBytes)
const shards = Array.from({ length: k }, (_, index) => data.subarray(index * shardBytes, (index + 1) * shardBytes))
const parity = Array.from({ length: n - k }, () => new Uint8Array(shardBytes))
const code = new ReedSolomon(k, n)
const ours = await measure(runs, () => code.encode(shards, parity))
const theirs = measureZfec(data)
const rate = (milliseconds: number): number => rounded(megabytesPerSecond(k * shardBytes, milliseconds))
report({
  figure: `Reed-Solomon encode, ${k} of ${n}, one core, beside zfec`,
  value: rate(ours.medianMs),
  unit: 'MB/s of data',
  ...(theirs === null ? {} : { peer: { name: `zfec ${theirs.version} (C)`, value: rate(theirs.medianMs) } }),
  details: {
    p95: rate(ours.p95Ms),
    runs,
    ...(theirs === null
      ? { peer: 'absent: apt-get install python3-zfec' }
      : { peerP95: rate(theirs.p95Ms), times: rounded(theirs.medianMs / ours.medianMs) }),
  },
})
