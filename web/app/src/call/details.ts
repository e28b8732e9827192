import type { CallStats, Sending, StatsSlot, StreamStats } from '@parley/client';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { choices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import type { Sample } from './quality.ts';
import type { StatsWatch } from './stats-watch.ts';
import './local-network.ts';

/** What the call is doing, for people who want to know. Loaded when somebody asks for it. */
export function details(
  { last, samples, quality }: StatsWatch,
  { cause, ...sending }: Sending,
): TemplateResult {
  const t = text.details;
  return html`
    <p class="verdict" data-level=${quality.level}><strong>${t.level[quality.level]}</strong> ${t.cause[quality.cause]}</p>
    ${last?.path ? path(last.path) : html`<p class="soft">${t.none}</p>`}
    ${cause ? html`<p class="small">${sent(cause, sending)}</p>` : nothing}
    <div class="charts">
      ${chart(t.received, samples, (sample) => sample.received, bitrate)}
      ${chart(t.sent, samples, (sample) => sample.sent, bitrate)}
      ${chart(
        t.roundTrip,
        samples,
        (sample) => sample.roundTripMs,
        (ms) => `${Math.round(ms)} ms`,
      )}
      ${chart(
        t.loss,
        samples,
        (sample) => sample.loss,
        (loss) => `${(100 * loss).toFixed(1)} %`,
        0.05,
      )}
    </div>
    ${last ? streams(last) : nothing}
  `;
}

/** How our own picture is sent, where it is less than it could be. */
function sent(cause: NonNullable<Sending['cause']>, sending: Omit<Sending, 'cause'>): string {
  const { screenPaused, cameraPaused } = text.statuses;
  if (sending.screenPaused) return screenPaused;
  return sending.cameraPaused ? cameraPaused : text.details.sending[cause];
}

function path({ kind, transport }: NonNullable<CallStats['path']>): TemplateResult {
  return html`
    <p class="small">
      ${text.call.path[kind]} · ${transport.toUpperCase()}<br />
      <span class="soft">${text.call.pathHint[kind]}</span>
    </p>
    ${kind === 'relayed' ? whyRelayed() : nothing}
  `;
}

/** The person's own choice, or the browser's, or else the networks'. */
function whyRelayed(): TemplateResult {
  const { chosen, needed } = text.details.relayed;
  return choices().hideAddress
    ? html`<p class="small soft">${chosen}</p>`
    : html`<local-network-note .otherwise=${needed}></local-network-note>`;
}

const bitrate = (bits: number) =>
  bits >= 1e6 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1e3)} kbit/s`;

/** A line over the last two minutes; the words beside it say what it says. */
function chart(
  name: string,
  samples: readonly Sample[],
  of: (sample: Sample) => number | null,
  say: (value: number) => string,
  atLeast = 0,
): TemplateResult {
  const values = samples.map(of).filter((value) => value !== null);
  const now = values.at(-1);
  const top = Math.max(...values, atLeast, 1e-9) * 1.15;
  // Half a minute at least, and then as long as it has been.
  const span = Math.max(values.length - 1, 14);
  const points = values.map((value, i) => `${(i * 120) / span},${(30 - (30 * value) / top).toFixed(1)}`);
  return html`
    <div class="chart">
      <span class="small soft">${name}</span>
      <strong>${now === undefined ? '–' : say(now)}</strong>
      <svg viewBox="0 0 120 31" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<polyline points=${points.join(' ')} />`}
      </svg>
    </div>
  `;
}

function streams({ sent, received }: CallStats): TemplateResult {
  const t = text.details;
  const rows = (
    [
      ['received', received],
      ['sent', sent],
    ] as const
  ).flatMap(([direction, of]) =>
    (Object.entries(of) as [StatsSlot, StreamStats][]).map(
      ([slot, stream]) => html`
        <tr>
          <th scope="row">${t.slot[slot]}</th>
          <td>${t[direction]}</td>
          <td>${describe(stream)}</td>
        </tr>
      `,
    ),
  );
  return html`<table class="streams small"><caption class="heard-only">${t.streams}</caption><tbody>${rows}</tbody></table>`;
}

function describe({ codec, width, height, framesPerSecond, jitterMs }: StreamStats): string {
  const parts = [
    codec,
    width && height ? `${width} × ${height}` : null,
    framesPerSecond === null ? null : text.details.fps(Math.round(framesPerSecond)),
    width || jitterMs === null ? null : text.details.jitter(Math.round(jitterMs)),
  ];
  return parts.filter(Boolean).join(' · ');
}
