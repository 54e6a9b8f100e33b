/** An error of the chain as JSON-RPC carries it: revert data must arrive unchanged. */
export class RpcFault extends Error {
  readonly fault: unknown
  constructor(fault: unknown) {
    super('JSON-RPC error')
    this.fault = fault
  }
}
