import { StringDecoder } from 'node:string_decoder'

/** A child that never ends a line must not fill our memory. */
const maximumLineLength = 16_384

/** Calls back for every line of a text stream, without its end; a line that is too long comes in pieces. */
export function forEachLine(stream: NodeJS.ReadableStream, listener: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (chunk: Buffer | string) => {
    rest += typeof chunk === 'string' ? chunk : decoder.write(chunk)
    const lines = rest.split(/\r?\n/)
    rest = lines.pop() ?? ''
    lines.forEach(listener)
    while (rest.length > maximumLineLength) {
      listener(rest.slice(0, maximumLineLength))
      rest = rest.slice(maximumLineLength)
    }
  })
  stream.on('end', () => {
    if (rest !== '') listener(rest)
  })
}
