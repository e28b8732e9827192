import { DiskStore } from './disk-store.ts';
import { lowWaterBytes, Transfers } from './transfers.ts';

/** How often the page is told of progress. */
const tellEveryMs = 200;

/** The files part of a call in a browser. Loaded when the first channel opens. */
export function browserTransfers(onChange: () => void): BrowserTransfers {
  let planned = false;
  const transfers = new Transfers({
    store: new DiskStore(),
    now: () => performance.now(),
    onChange: () => {
      if (planned) return;
      planned = true;
      setTimeout(() => {
        planned = false;
        onChange();
      }, tellEveryMs);
    },
  });
  return { transfers, attach: (channel, early) => attach(transfers, channel, early) };
}

export interface BrowserTransfers {
  readonly transfers: Transfers;
  /** With what came over it before this part was here. */
  readonly attach: (channel: RTCDataChannel, early: readonly unknown[]) => void;
}

function attach(transfers: Transfers, channel: RTCDataChannel, early: readonly unknown[]): void {
  channel.bufferedAmountLowThreshold = lowWaterBytes;
  channel.onbufferedamountlow = () => transfers.drained();
  channel.onmessage = ({ data }) => transfers.receive(data);
  transfers.connect({
    get bufferedAmount() {
      return channel.bufferedAmount;
    },
    // A closing channel takes nothing, and what is lost with it is asked for again.
    send: (data) => channel.readyState === 'open' && channel.send(data),
  });
  for (const data of early) transfers.receive(data);
}
