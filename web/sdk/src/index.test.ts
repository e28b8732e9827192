import { expect, test } from 'vitest';
import { version } from './index.ts';

test('the version is the package version', () => {
  expect(version).toBe('0.1.0');
});
