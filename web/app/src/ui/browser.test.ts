import { expect, test } from 'vitest';
import { browserOf } from './browser.ts';

const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const webKit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

test.each([
  [`${mac} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36`, 0, 'chromium'],
  [
    `${mac} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0`,
    0,
    'chromium',
  ],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36', 5, 'chromium'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 0, 'firefox'],
  [`${mac} ${webKit} Version/18.0 Safari/605.1.15`, 0, 'safari'],
  [`${mac} ${webKit} Version/18.0 Safari/605.1.15`, 5, 'ios'],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webKit} CriOS/150.0 Mobile/15E148 Safari/604.1`,
    5,
    'ios',
  ],
])('%s with %i touch points is %s', (userAgent, touchPoints, kind) => {
  expect(browserOf(userAgent, touchPoints)).toBe(kind);
});
