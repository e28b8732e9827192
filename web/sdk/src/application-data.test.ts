import { expect, test } from 'vitest';
import { ApplicationData, type Data, maxDataBytes } from './application-data.ts';

test('what the other page sends is heard, and what is too large or nothing of the kind is counted', () => {
  const { data, channel, heard } = open();
  channel.onmessage({ data: 'text' });
  channel.onmessage({ data: new ArrayBuffer(3) });
  channel.onmessage({ data: new ArrayBuffer(maxDataBytes + 1) });
  channel.onmessage({ data: { not: 'data' } });
  expect(heard).toEqual(['text', new ArrayBuffer(3)]);
  expect(data.dropped).toBe(2);
});

test('sending says what became of it', () => {
  const { data, channel } = open();
  expect(data.send('hello')).toBe('sent');
  channel.bufferedAmount = 5 * 1024 * 1024;
  expect(data.send('hello')).toBe('full');
  channel.readyState = 'closing';
  expect(data.send('hello')).toBe('closed');
  data.connect(null);
  expect(data.send('hello')).toBe('closed');
  expect(channel.sent).toEqual(['hello']);
});

test('more than one message takes is refused, by its bytes', () => {
  const { data } = open();
  expect(() => data.send('🎈'.repeat(maxDataBytes / 4 + 1))).toThrow(RangeError);
  expect(data.send('🎈'.repeat(maxDataBytes / 4))).toBe('sent');
});

test('a channel that was given up is heard no more', () => {
  const { data, channel, heard } = open();
  data.connect(null);
  channel.onmessage?.({ data: 'late' });
  expect(heard).toEqual([]);
});

function open() {
  const heard: Data[] = [];
  const data = new ApplicationData((came) => heard.push(came));
  const channel = {
    readyState: 'open',
    bufferedAmount: 0,
    sent: [] as unknown[],
    send: (message: unknown) => channel.sent.push(message),
    onmessage: (_: { data: unknown }) => {},
  };
  data.connect(channel as unknown as RTCDataChannel);
  return { data, channel, heard };
}
