import { HearthError } from '../../roles/api/errors.ts'

/** Longest text that any consent has (PROTOCOL 1.3); a device would not show more in reasonable pages. */
const longestTextBytes = 320

/** The text is not one that a device shows in plain words. */
export class UnreadableTextError extends HearthError {}

/** The text of the bytes; throws TEXT_NOT_READABLE unless it is short printable ASCII, as a device shows it. */
export function readableText(bytes: Uint8Array): string {
  const readable = bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte <= 0x7e))
  if (readable && bytes.length > 0 && bytes.length <= longestTextBytes) return new TextDecoder().decode(bytes)
  throw new UnreadableTextError('TEXT_NOT_READABLE', 'The text to sign is not short printable ASCII.', {
    action: 'Please report this: a hardware wallet would refuse it too.',
  })
}
