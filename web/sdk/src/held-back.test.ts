import { expect, test } from 'vitest';
import { HeldBack } from './held-back.ts';

test('what comes before both have joined is handed over in order, and what comes after goes the same way', () => {
  const channel = new FakeChannel();
  const held = new HeldBack();
  const heard: unknown[] = [];
  held.keep(channel.asChannel, () => {
    channel.onmessage = ({ data }) => heard.push(data);
  });
  channel.deliver('one');
  channel.deliver(new ArrayBuffer(2));
  expect(heard).toEqual([]);
  held.release();
  channel.deliver('three');
  expect(heard).toEqual(['one', new ArrayBuffer(2), 'three']);
});

test('a channel that is not open yet is left to its opening', () => {
  const channel = new FakeChannel();
  channel.readyState = 'connecting';
  const held = new HeldBack();
  let used = false;
  held.keep(channel.asChannel, () => {
    used = true;
  });
  held.release();
  expect(used).toBe(false);
});

test('a flood is dropped at four megabytes', () => {
  const channel = new FakeChannel();
  const held = new HeldBack();
  let bytes = 0;
  held.keep(channel.asChannel, () => {
    channel.onmessage = ({ data }) => {
      bytes += (data as ArrayBuffer).byteLength;
    };
  });
  for (let i = 0; i < 200; i++) channel.deliver(new ArrayBuffer(60 * 1024));
  held.release();
  expect(bytes).toBeGreaterThan(3 * 1024 * 1024);
  expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
});

class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'open';
  binaryType = 'blob';
  onmessage: ((event: MessageEvent) => void) | null = null;

  constructor() {
    super();
    this.addEventListener('message', (event) => this.onmessage?.(event as MessageEvent));
  }

  get asChannel(): RTCDataChannel {
    return this as unknown as RTCDataChannel;
  }

  deliver(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
