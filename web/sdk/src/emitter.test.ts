import { afterEach, expect, test, vi } from 'vitest';
import { Emitter } from './emitter.ts';

afterEach(() => vi.unstubAllGlobals());

test('a listener hears its event until it unsubscribes', () => {
  const emitter = new Emitter<{ count: number }>();
  const heard: number[] = [];
  const off = emitter.on('count', (n) => heard.push(n));

  emitter.emit('count', 1);
  off();
  emitter.emit('count', 2);

  expect(heard).toEqual([1]);
});

test('a listener that throws keeps nobody else from hearing, and its error is reported', () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const emitter = new Emitter<{ count: number }>();
  const heard: number[] = [];
  const failure = new Error('broken listener');
  emitter.on('count', () => {
    throw failure;
  });
  emitter.on('count', (n) => heard.push(n));

  emitter.emit('count', 1);

  expect(heard).toEqual([1]);
  expect(report).toHaveBeenCalledWith(failure);
});
