import { nothing } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import type { ElementPart } from 'lit/directive.js';

/**
 * Plays a stream in a video element without its sound: for one's own picture. Give null while there is none: an element
 * that waits for a stream without tracks holds back the page's load event in Chromium.
 */
class PreviewDirective extends AsyncDirective {
  private video: HTMLVideoElement | null = null;

  override render(_stream: MediaStream | null) {
    return nothing;
  }

  override update(part: ElementPart, [stream]: [MediaStream | null]) {
    const video = part.element as HTMLVideoElement;
    this.video = video;
    video.muted = true;
    if (video.srcObject !== stream) {
      video.srcObject = stream;
      // A muted element may always play; what is left are streams that end before they begin.
      if (stream) video.play().catch(() => {});
    }
    return nothing;
  }

  override disconnected(): void {
    if (this.video) this.video.srcObject = null;
    this.video = null;
  }
}

export const preview = directive(PreviewDirective);
