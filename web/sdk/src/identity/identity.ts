import type { PeerEvent } from '../call-machine.ts';
import {
  type Identity,
  type IdentityOptions,
  isSafetyMessage,
  type SafetyLine,
  type SafetyState,
} from '../safety.ts';
import { type Certificates, fingerprintOf, makeCertificate, renewed } from './certificates.ts';
import { codeOf, commitmentOf, digestOf, type Hex32, type Pair, toHex } from './code.ts';
import { acquaintance, type Contact } from './contact.ts';
import { beginExchange, type Exchange, type ExchangeEvent, exchange } from './exchange.ts';
import { pairOf } from './fingerprint.ts';
import { readFrame, writeFrame } from './frame.ts';
import { BrowserContacts, type ContactStore } from './store.ts';

/** What the browser does for an identity; a test does it otherwise. */
export interface IdentityEnvironment {
  readonly store: ContactStore;
  readonly makeCertificate: () => Promise<RTCCertificate>;
  readonly fingerprintOf: (certificate: RTCCertificate) => Promise<Hex32 | null>;
  /** 32 random bytes. */
  readonly newNonce: () => Hex32;
}

const browser: IdentityEnvironment = {
  store: new BrowserContacts(),
  makeCertificate,
  fingerprintOf,
  newNonce: () => toHex(crypto.getRandomValues(new Uint8Array(32))),
};

/** How long the other side may take before the person is told that it does not answer. */
const lateMs = 10_000;
/** Every exchange is one more guess for somebody in between. So many reconnections no honest call has. */
const maxExchanges = 64;
/** What comes before we have read the certificates: their commitment, and no more than what follows it. */
const maxEarly = 4;

interface Run {
  readonly line: SafetyLine;
  readonly early: Record<string, unknown>[];
  pair: Pair | null;
  exchange: Exchange | null;
  /** The channel was open before the browser had settled the descriptions. */
  unsettled: boolean;
}

/** Prepares the certificate of a room: the one of last time, if it is remembered. */
export async function openIdentity(
  options: IdentityOptions,
  environment: IdentityEnvironment = browser,
): Promise<Identity> {
  const kept = options.remember ? await environment.store.read(options.room) : null;
  const before = kept && { current: kept.certificate, next: kept.next };
  const certificates = await renewed(before, Date.now(), environment.makeCertificate);
  const next = certificates.next && (await environment.fingerprintOf(certificates.next));
  return new RoomIdentity(options, environment, certificates, next, kept?.contact ?? null);
}

class RoomIdentity implements Identity {
  readonly #options: IdentityOptions;
  readonly #environment: IdentityEnvironment;
  #certificates: Certificates;
  #next: Hex32 | null;
  #remember: boolean;
  /** As remembered; kept even while nothing is stored, for as long as the page lives. */
  #contact: Contact | null;
  /** The last code of this page and whose it was, so that a new connection of the same two keeps it. */
  #last: { readonly pair: Pair; readonly digest: Hex32 } | null = null;
  /** Whose code the person said was another. */
  #differs: Hex32 | null = null;
  #acquaintance: ReturnType<typeof acquaintance> = 'new';
  #exchanges = 0;
  #run: Run | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    options: IdentityOptions,
    environment: IdentityEnvironment,
    certificates: Certificates,
    next: Hex32 | null,
    contact: Contact | null,
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#certificates = certificates;
    this.#next = next;
    this.#remember = options.remember;
    this.#contact = contact;
  }

  get certificate(): RTCCertificate {
    return this.#certificates.current;
  }

  hear(line: SafetyLine, event: PeerEvent): boolean {
    switch (event.type) {
      case 'control-opened':
        this.#open(line);
        return false;
      case 'control-message':
        if (!isSafetyMessage(event.data)) return false;
        this.#receive(event.data);
        return true;
      case 'answer-made':
      case 'answer-accepted':
        void this.#negotiated();
        return false;
      default:
        return false;
    }
  }

  #open(line: SafetyLine): void {
    const run: Run = { line, early: [], pair: null, exchange: null, unsettled: false };
    this.#run = run;
    this.#show({ kind: 'checking', late: false });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step(run, { type: 'late' }), lateMs);
    this.#begin(run);
  }

  #receive(data: Record<string, unknown>): void {
    const run = this.#run;
    if (!run) return;
    if (run.exchange) this.#step(run, { type: 'received', frame: readFrame(data) });
    else if (run.early.push(data) > maxEarly) this.#fail(run, 'rules');
  }

  /** Descriptions were exchanged on a connection that is up: the certificates must be what they were. */
  async #negotiated(): Promise<void> {
    const run = this.#run;
    if (run?.unsettled) return this.#begin(run);
    if (!run?.pair) return;
    const credentials = await run.line.credentials();
    if (this.#run !== run || !credentials) return;
    const pair = await pairOf(credentials);
    if (this.#run === run && (pair?.own !== run.pair.own || pair.peer !== run.pair.peer))
      this.#fail(run, 'certificates');
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#run = null;
    this.#show({ kind: 'none' });
  }

  confirm(match: boolean): void {
    const pair = this.#run?.pair;
    const step = this.#run?.exchange?.step;
    if (!pair || step?.kind !== 'done') return;
    this.#differs = match ? null : pair.peer;
    if (match) {
      this.#acquaintance = 'compared';
      this.#keep(pair, step.digest, true);
    } else if (this.#contact?.fingerprint === pair.peer) {
      // Trusted on first use, and wrongly.
      this.#contact = null;
      void this.#environment.store.forget(this.#options.room);
    }
    this.#showStep();
  }

  async setRemember(remember: boolean): Promise<void> {
    this.#remember = remember;
    if (!remember) {
      // Switched off means for good: nothing of any room stays.
      await this.#environment.store.forget(null);
      return this.forget();
    }
    const step = this.#run?.exchange?.step;
    if (this.#run?.pair && step?.kind === 'done' && this.#acquaintance !== 'changed')
      this.#keep(this.#run.pair, step.digest, this.#acquaintance === 'compared');
  }

  async forget(): Promise<void> {
    this.#contact = null;
    if (this.#acquaintance !== 'compared') this.#acquaintance = 'new';
    this.#showStep();
    await this.#environment.store.forget(this.#options.room);
    // For the next connection: this one has what it has.
    this.#certificates = { current: await this.#environment.makeCertificate(), next: null };
    this.#next = null;
  }

  #begin(run: Run): void {
    this.#commit(run).catch(() => this.#fail(run, 'certificates'));
  }

  async #commit(run: Run): Promise<void> {
    const credentials = await run.line.credentials();
    run.unsettled = credentials === null;
    if (!credentials) return;
    const pair = await pairOf(credentials);
    if (this.#run !== run) return;
    if (!pair || ++this.#exchanges > maxExchanges) return this.#fail(run, pair ? 'rules' : 'certificates');
    const nonce = this.#environment.newNonce();
    const commitment = await commitmentOf({ fingerprint: pair.own, nonce }, pair.peer);
    if (this.#run !== run) return;
    run.pair = pair;
    const [state, effects] = beginExchange({
      nonce,
      commitment,
      kept: this.#keptFor(pair),
      next: this.#next,
    });
    run.exchange = state;
    this.#carryOut(run, effects);
    for (const data of run.early) this.#step(run, { type: 'received', frame: readFrame(data) });
  }

  #keptFor({ own, peer }: Pair): Hex32 | null {
    const last = this.#last;
    if (last?.pair.own === own && last.pair.peer === peer) return last.digest;
    const contact = this.#contact;
    return contact?.own === own && contact.fingerprint === peer ? contact.digest : null;
  }

  #step(run: Run, event: ExchangeEvent): void {
    if (this.#run !== run) return;
    if (!run.exchange) {
      if (event.type === 'late') this.#show({ kind: 'checking', late: true });
      return;
    }
    const before = run.exchange.step.kind;
    const [state, effects] = exchange(run.exchange, event);
    run.exchange = state;
    this.#carryOut(run, effects);
    if (state.step.kind === 'done' && before !== 'done') this.#done(run.pair, state.step.digest);
    this.#showStep();
  }

  #carryOut(run: Run, effects: ReturnType<typeof exchange>[1]): void {
    for (const effect of effects) {
      if (effect.type === 'send') run.line.send('control', JSON.stringify(writeFrame(effect.frame)));
      else void this.#check(run, effect.nonce);
    }
  }

  async #check(run: Run, nonce: Hex32): Promise<void> {
    const { pair, exchange } = run;
    if (!pair || !exchange) return;
    const theirs = { fingerprint: pair.peer, nonce };
    const [commitment, digest] = await Promise.all([
      commitmentOf(theirs, pair.own),
      digestOf({ fingerprint: pair.own, nonce: exchange.nonce }, theirs),
    ]);
    this.#step(run, { type: 'checked', commitment, digest });
  }

  #done(pair: Pair | null, digest: Hex32): void {
    if (!pair) return;
    const known = this.#last?.pair.peer === pair.peer ? this.#acquaintance : null;
    this.#last = { pair, digest };
    // Who is new stays new for this visit, over reconnections too.
    this.#acquaintance = known ?? acquaintance(this.#contact, pair);
    if (this.#acquaintance !== 'changed') this.#keep(pair, digest, this.#acquaintance === 'compared');
  }

  #keep({ own, peer }: Pair, digest: Hex32, compared: boolean): void {
    // A second tab of this very browser is nobody to remember.
    if (own === peer) return;
    const next = this.#run?.exchange?.theirNext ?? null;
    this.#contact = { fingerprint: peer, next, compared, own, digest };
    const { current: certificate, next: ownNext } = this.#certificates;
    if (this.#remember)
      void this.#environment.store.write(this.#options.room, {
        certificate,
        next: ownNext,
        contact: this.#contact,
      });
  }

  #fail(run: Run, reason: 'certificates' | 'rules'): void {
    if (this.#run !== run) return;
    this.#run = null;
    clearTimeout(this.#timer);
    this.#show({ kind: 'broken', reason });
  }

  #showStep(): void {
    const run = this.#run;
    if (!run?.exchange || !run.pair) return;
    const { step, late } = run.exchange;
    switch (step.kind) {
      case 'committed':
      case 'revealed':
      case 'checking':
        return this.#show({ kind: 'checking', late });
      case 'done': {
        const contact = this.#differs === run.pair.peer ? 'differs' : this.#acquaintance;
        return this.#show({ kind: 'code', code: codeOf(step.digest), contact });
      }
      case 'broken':
        return this.#fail(run, 'rules');
      default:
        return step satisfies never;
    }
  }

  #show(state: SafetyState): void {
    this.#options.onChange(state);
  }
}
