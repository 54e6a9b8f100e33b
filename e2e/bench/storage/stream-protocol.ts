/** A stream that only carries bytes, with the framing, limits and encryption of all others. */
export const benchProtocol = '/hearth/bench/stream/1'
