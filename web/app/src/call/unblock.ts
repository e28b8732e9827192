import { html, type TemplateResult } from 'lit';
import { text } from '../text/text.ts';
import { type BrowserKind, thisBrowser } from '../ui/browser.ts';
import { icon } from '../ui/icon.ts';

/** Where this browser lets a person take a block back: its address bar, drawn, and the way in words. */
export function unblock(browser: BrowserKind = thisBrowser()): TemplateResult {
  return html`
    <div class="unblock">
      <div class="address-bar" aria-hidden="true">
        <span class="address-icon">${sign(browser)}</span>
        <span class="address">${location.host}${location.pathname}</span>
      </div>
      <p>${text.lobby.unblock[browser]}</p>
    </div>
  `;
}

function sign(browser: BrowserKind): TemplateResult {
  switch (browser) {
    case 'chromium':
      return icon('settings');
    case 'firefox':
      return icon('cameraOff');
    case 'safari':
      return icon('menu');
    case 'ios':
      return html`<span class="letters">ᴀA</span>`;
  }
}
