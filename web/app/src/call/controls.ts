import type { LocalDevice, MediaKind } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { choose } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { toggle } from '../ui/toggle.ts';
import type { AnyCall } from './any-call.ts';
import { openAgain } from './trouble.ts';
import './level-ring.ts';

/** Microphone and camera, in the lobby and in the call. */
export function deviceToggles(call: AnyCall): TemplateResult {
  const { microphone, camera, stream } = call.local;
  const listening = microphone.enabled && microphone.live;
  return html`
    ${toggle({
      label: text.controls.mute,
      pressed: isOff(microphone),
      icon: 'mic',
      pressedIcon: 'micOff',
      trouble: troubleOf(microphone, 'microphone'),
      extra: listening ? html`<level-ring .track=${stream.getAudioTracks()[0]}></level-ring>` : nothing,
      onClick: () => void press(call, 'microphone', microphone),
    })}
    ${toggle({
      label: text.controls.cameraOff,
      pressed: isOff(camera),
      icon: 'camera',
      pressedIcon: 'cameraOff',
      trouble: troubleOf(camera, 'camera'),
      onClick: () => void press(call, 'camera', camera),
    })}
  `;
}

/** Phones have a camera on either side, and turning it around is what people do with them. */
export const canFlip = ({ local }: AnyCall): boolean =>
  local.camera.live && local.devices.cameras.length > 1 && matchMedia('(pointer: coarse)').matches;

export const flipButton = ({ local }: AnyCall): TemplateResult => html`
  <button class="round flip" aria-label=${text.commands.flip} data-tip=${text.commands.flip} @click=${() => void local.flipCamera()}>
    ${icon('retry')}
  </button>
`;

const isOff = (device: LocalDevice) => !device.enabled || device.problem !== null;

const troubleOf = (device: LocalDevice, kind: MediaKind) =>
  device.enabled && device.problem ? text.problem.media[device.problem.reason](kind).title : null;

// A device in trouble is one the person wants and does not have: pressing its switch asks for it again.
function press({ local }: AnyCall, kind: MediaKind, device: LocalDevice): Promise<void> {
  if (device.enabled && device.problem) return openAgain(local);
  choose({ [kind]: !device.enabled });
  return kind === 'microphone'
    ? local.setMicrophoneEnabled(!device.enabled)
    : local.setCameraEnabled(!device.enabled);
}
