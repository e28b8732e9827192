import { html, nothing, type TemplateResult } from 'lit';
import { clock } from '../format.ts';
import { text } from '../text/text.ts';
import type { AnyCall } from './any-call.ts';
import type { Recording } from './recorder.ts';
import { safetyAlarm } from './safety-chip.ts';
import '../ui/elapsed.ts';

/** What goes on beside the talk, for as long as it does: a shared screen, a recording of either side's. */
export function statuses(
  call: AnyCall,
  recording: Recording | null,
  stopRecording: () => void,
  compareCodes: () => void,
): TemplateResult {
  const t = text.statuses;
  const { screen, remote, sending } = call;
  const alarm = safetyAlarm(call.safety);
  return html`
    <div class="statuses" role="status">
      ${
        alarm
          ? html`
            <div class="status alarm" role="alert">
              <span>${alarm}</span>
              <button class="button" @click=${compareCodes}>${text.safety.title}</button>
            </div>
          `
          : nothing
      }
      ${sending.screenPaused ? status(t.screenPaused) : sending.cameraPaused ? status(t.cameraPaused) : nothing}
      ${
        screen.stream
          ? status(screen.sound ? t.sharingWithSound : t.sharing, {
              label: t.stopSharing,
              run: () => call.stopSharing(),
            })
          : nothing
      }
      ${
        recording
          ? status(
              html`<span class="red"></span>${t.recording} <elapsed-time .since=${recording.since} .say=${clock} aria-hidden="true"></elapsed-time>`,
              { label: t.stopRecording, run: stopRecording },
            )
          : nothing
      }
      ${remote.recording ? status(html`<span class="red"></span>${t.theyRecord(remote.name)}`) : nothing}
    </div>
  `;
}

const status = (
  words: string | TemplateResult,
  action?: { readonly label: string; readonly run: () => void },
): TemplateResult => html`
  <div class="status">
    <span>${words}</span>
    ${action ? html`<button class="button" @click=${action.run}>${action.label}</button>` : nothing}
  </div>
`;
