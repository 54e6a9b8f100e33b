import { HearthError } from '../api/errors.ts'

/**
 * What can go wrong between two peers. Codes:
 * PEER_UNKNOWN (nobody knows an address), PEER_UNREACHABLE (no address answered), PROTOCOL_REFUSED (the peer does not
 * speak it or has no stream left), STREAM_CLOSED (the peer went away in the middle), FRAME_TOO_LARGE, FRAME_MALFORMED
 * (not CBOR), FRAME_UNEXPECTED (CBOR of another shape), NETWORK_STOPPED (this node was stopped).
 */
export class NetworkError extends HearthError {}
