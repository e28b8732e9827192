import { expect, test, vi } from 'vitest';
import { findOtherTab } from './other-tab.ts';
import { answerOtherTabs } from './tab-channel.ts';

test('a tab that is in the room is found, and its memory taken', async () => {
  const stored = new Map<string, string>();
  vi.stubGlobal('sessionStorage', { setItem: (key: string, value: string) => stored.set(key, value) });
  const end = answerOtherTabs('kitchen', () => '{"resume":"token"}');
  const other = await findOtherTab('kitchen');
  other?.take();
  expect([...stored]).toEqual([['parley.call.kitchen', '{"resume":"token"}']]);
  end();
  vi.unstubAllGlobals();
});

test('a tab in another room, one that has left, and one that only asks are not found', async () => {
  const ends = [answerOtherTabs('garden', () => 'memory'), answerOtherTabs('kitchen', () => null)];
  const both = await Promise.all([findOtherTab('kitchen'), findOtherTab('kitchen')]);
  expect(both).toEqual([null, null]);
  for (const end of ends) end();
});
