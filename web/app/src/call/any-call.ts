import type { Call, CallOptions } from '@parley/client';

/** What the page sees of a call: also what stands in for one where screens are drawn without a network. */
export type AnyCall = Pick<Call, keyof Call>;

export type MakeCall = (options: CallOptions) => AnyCall;
