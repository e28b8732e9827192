import { html, render } from 'lit';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import type { AnyCall } from './any-call.ts';
import { deviceToggles } from './controls.ts';
import { preview } from './stream-directive.ts';

interface DocumentPictureInPicture {
  readonly window: Window | null;
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

const small = (): DocumentPictureInPicture | undefined =>
  (window as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;

export const canFloat = (): boolean => small() !== undefined || document.pictureInPictureEnabled === true;

/**
 * Puts the call into a small window over all others: with one's own picture and the controls where the browser can have
 * a document there, else the other person's video alone. A second call takes it back.
 */
export async function toggleFloating(call: AnyCall, video: HTMLVideoElement): Promise<void> {
  const documents = small();
  if (documents?.window) documents.window.close();
  else if (documents) await openWindow(documents, call);
  else if (document.pictureInPictureElement) await document.exitPictureInPicture();
  else await video.requestPictureInPicture();
}

export async function stopFloating(): Promise<void> {
  small()?.window?.close();
  if (document.pictureInPictureElement) await document.exitPictureInPicture();
}

async function openWindow(documents: DocumentPictureInPicture, call: AnyCall): Promise<void> {
  const floating = await documents.requestWindow({ width: 400, height: 300 });
  const { body, head, documentElement } = floating.document;
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) head.append(link.cloneNode());
  documentElement.lang = document.documentElement.lang;
  floating.document.title = text.appName;
  // Sound goes on in the page, so that it does not stop when this window closes.
  const draw = () => render(view(call), body);
  draw();
  const ends = (['state', 'remotemedia', 'localmedia'] as const).map((name) => call.on(name, draw));
  floating.addEventListener('pagehide', () => {
    for (const end of ends) end();
    render(html``, body);
  });
}

const view = (call: AnyCall) => html`
  <div class="floating">
    <video class="floating-them" ?hidden=${!call.remote.video} ${preview(call.remote.video ? call.remote.stream : null)}></video>
    <video
      class=${`floating-you ${call.local.facingMode === 'user' ? 'mirrored' : ''}`}
      ?hidden=${!call.local.camera.live}
      ${preview(call.local.camera.live ? call.local.stream : null)}
    ></video>
    <div class="controls">
      ${deviceToggles(call)}
      <button class="round danger" aria-label=${text.controls.hangUp} @click=${() => call.hangUp()}>${icon('hangUp')}</button>
    </div>
  </div>
`;
