/**
 * Gives the memory of bytes that are no longer needed back at once; the array is empty afterwards.
 *
 * Ciphers return new buffers that lie outside the engine's heap, and it lets about 64 MB of them pile up in every thread
 * before it collects. Only for arrays that own their whole buffer, as those of ciphers do.
 */
export function giveBackMemory(bytes: Uint8Array): void {
  const { buffer } = bytes
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) buffer.transfer(0)
}
