/**
 * The part of RTCPeerConnection that negotiation depends on, as the specification has it: signaling states, rollback,
 * generations of ICE credentials, and a DTLS certificate that cannot change. An operation that the browser would
 * refuse throws.
 */
export class ModelConnection {
  readonly #certificate: string;
  readonly #state = { generations: 0, offered: false };
  #local: string | null = null;
  #pendingLocal: string | null = null;
  #remote: { readonly generation: string; readonly certificate: string } | null = null;

  constructor(certificate: string) {
    this.#certificate = certificate;
  }

  get local(): string | null {
    return this.#local;
  }

  get remote(): string | null {
    return this.#remote?.generation ?? null;
  }

  get stable(): boolean {
    return !this.#state.offered;
  }

  /** Offer and answer have met, and each side uses what the other announced. */
  agreesWith(other: ModelConnection): boolean {
    return (
      this.stable &&
      other.stable &&
      this.#local !== null &&
      this.#local === other.remote &&
      other.#local === this.remote &&
      this.#remote?.certificate === other.#certificate &&
      other.#remote?.certificate === this.#certificate
    );
  }

  makeOffer(restart: boolean): string {
    const generation = restart || this.#local === null ? this.#newGeneration() : this.#local;
    this.#state.offered = true;
    this.#pendingLocal = generation;
    return this.#sdp(generation);
  }

  makeAnswer(sdp: string): string {
    const restarts = this.#remote === null || read(sdp).generation !== this.#remote.generation;
    this.#setRemote(sdp);
    this.#state.offered = false;
    this.#pendingLocal = null;
    if (restarts || this.#local === null) this.#local = this.#newGeneration();
    return this.#sdp(this.#local);
  }

  acceptAnswer(sdp: string): void {
    if (!this.#state.offered) throw new Error('InvalidStateError: an answer without an offer');
    this.#setRemote(sdp);
    this.#state.offered = false;
    this.#local = this.#pendingLocal;
    this.#pendingLocal = null;
  }

  #setRemote(sdp: string): void {
    const remote = read(sdp);
    if (this.#remote && this.#remote.certificate !== remote.certificate)
      throw new Error('InvalidAccessError: another certificate');
    this.#remote = remote;
  }

  #newGeneration(): string {
    this.#state.generations++;
    return `${this.#certificate}/${this.#state.generations}`;
  }

  #sdp(generation: string): string {
    return `v=0\r\na=fingerprint:${this.#certificate}\r\na=ice-ufrag:${generation}\r\n`;
  }
}

function read(sdp: string): { readonly generation: string; readonly certificate: string } {
  const generation = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const certificate = /^a=fingerprint:(\S+)/m.exec(sdp)?.[1];
  if (!generation || !certificate) throw new Error('OperationError: not a description');
  return { generation, certificate };
}
