import { html, nothing, type TemplateResult } from 'lit';
import { choices, choose } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { type IconName, icon } from '../ui/icon.ts';
import { canChooseSpeaker } from '../ui/speaker.ts';
import type { AnyCall } from './any-call.ts';

/** Which microphone, camera and speaker; nothing while the browser keeps their names to itself. */
export function deviceChoice({ local }: AnyCall): TemplateResult | typeof nothing {
  const { microphones, cameras, speakers } = local.devices;
  if (![...microphones, ...cameras].some((device) => device.label !== '')) return nothing;
  return html`
    <div class="devices">
      ${choice('mic', text.devices.microphone, microphones, local.microphone.deviceId, (deviceId) => {
        choose({ microphoneId: deviceId });
        void local.switchDevice({ kind: 'microphone', deviceId });
      })}
      ${choice('camera', text.devices.camera, cameras, local.camera.deviceId, (deviceId) => {
        choose({ cameraId: deviceId });
        void local.switchDevice({ kind: 'camera', deviceId });
      })}
      ${
        canChooseSpeaker
          ? choice('sound', text.devices.speaker, speakers, choices().speakerId ?? 'default', (deviceId) =>
              choose({ speakerId: deviceId === 'default' ? null : deviceId }),
            )
          : nothing
      }
    </div>
  `;
}

function choice(
  name: IconName,
  label: string,
  devices: readonly MediaDeviceInfo[],
  chosen: string | null,
  onChoice: (deviceId: string) => void,
): TemplateResult | typeof nothing {
  if (devices.length === 0) return nothing;
  return html`
    <label class="choice">
      ${icon(name)}
      <span class="heard-only">${label}</span>
      <select @change=${(event: Event) => onChoice((event.target as HTMLSelectElement).value)}>
        ${devices.map(
          (device, i) => html`
            <option value=${device.deviceId} .selected=${device.deviceId === chosen}>
              ${device.label || `${label} ${i + 1}`}
            </option>
          `,
        )}
      </select>
      ${icon('down')}
    </label>
  `;
}
