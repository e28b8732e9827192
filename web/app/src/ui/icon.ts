import { html, svg, type TemplateResult } from 'lit';

/** Drawn for Parley on a grid of 24, stroke 1.8, round ends. */
const drawings = {
  mic: svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,
  micOff: svg`<path d="M9 6a3 3 0 0 1 6 0v5M9 9.5V11a3 3 0 0 0 4.2 2.75M5.5 11.5a6.5 6.5 0 0 0 10.2 5.3M18.5 11.5a6.5 6.5 0 0 1-.6 2.7M12 18v3M4 4l16 16"/>`,
  camera: svg`<rect x="2.5" y="6" width="13" height="12" rx="3.5"/><path d="M15.5 11l4.4-3a1 1 0 0 1 1.6.8v6.4a1 1 0 0 1-1.6.8l-4.4-3z"/>`,
  cameraOff: svg`<path d="M10 6h2a3.5 3.5 0 0 1 3.5 3.5V11l4.4-3a1 1 0 0 1 1.6.8v6.4a1 1 0 0 1-1.1 1M15.4 15.3A3.5 3.5 0 0 1 12 18H6a3.5 3.5 0 0 1-3.5-3.5v-5A3.5 3.5 0 0 1 5.7 6M4 4l16 16"/>`,
  screen: svg`<rect x="2.5" y="4" width="19" height="13" rx="3"/><path d="M8 20.5h8M12 13.5v-6M9.2 10L12 7.2l2.8 2.8"/>`,
  chat: svg`<path d="M12 3.5a8.5 8.5 0 0 1 8.5 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-7a8.5 8.5 0 0 1 0-17z"/><path d="M8.5 10.5h7M8.5 14h4.5"/>`,
  hangUp: svg`<path d="M3.2 12.6c4.8-4.6 12.8-4.6 17.6 0 .7.7.8 1.7.3 2.5l-1 1.6c-.5.7-1.4 1-2.2.7l-2.3-.8c-.8-.3-1.3-1-1.3-1.8v-1.3a12 12 0 0 0-4.6 0v1.3c0 .8-.5 1.5-1.3 1.8l-2.3.8c-.8.3-1.7 0-2.2-.7l-1-1.6c-.5-.8-.4-1.8.3-2.5z"/>`,
  more: svg`<circle cx="5.5" cy="12" r=".9"/><circle cx="12" cy="12" r=".9"/><circle cx="18.5" cy="12" r=".9"/>`,
  copy: svg`<rect x="8.5" y="8.5" width="12" height="12" rx="3"/><path d="M15.5 8.5v-2a3 3 0 0 0-3-3h-6a3 3 0 0 0-3 3v6a3 3 0 0 0 3 3h2"/>`,
  check: svg`<path d="M4.5 12.5l5 5 10-11"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  send: svg`<path d="M12 19.5v-15M5.5 11L12 4.5l6.5 6.5"/>`,
  arrow: svg`<path d="M4.5 12h15M13 5.5l6.5 6.5-6.5 6.5"/>`,
  back: svg`<path d="M19.5 12h-15M11 5.5L4.5 12l6.5 6.5"/>`,
  down: svg`<path d="M6 9.5l6 6 6-6"/>`,
  sound: svg`<path d="M4 9.5v5h3.5l5 4v-13l-5 4z"/><path d="M16 9a4.2 4.2 0 0 1 0 6M18.7 6.3a8 8 0 0 1 0 11.4"/>`,
  retry: svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9M19.5 4v5h-5"/>`,
  share: svg`<path d="M12 14.5V3.5M7.8 7.5L12 3.3l4.2 4.2M8 11H7a2.5 2.5 0 0 0-2.5 2.5v4.5A2.5 2.5 0 0 0 7 20.5h10a2.5 2.5 0 0 0 2.5-2.5v-4.5A2.5 2.5 0 0 0 17 11h-1"/>`,
  qr: svg`<rect x="4" y="4" width="6" height="6" rx="1.5"/><rect x="14" y="4" width="6" height="6" rx="1.5"/><rect x="4" y="14" width="6" height="6" rx="1.5"/><path d="M14 14h2.5v2.5M20 14v.1M14 20h2.5M20 18v2"/>`,
  settings: svg`<path d="M4 7.5h8M17.5 7.5H20M4 16.5h2.5M12 16.5h8"/><circle cx="14.7" cy="7.5" r="2.7"/><circle cx="9.2" cy="16.5" r="2.7"/>`,
  full: svg`<path d="M4 9V6.5A2.5 2.5 0 0 1 6.5 4H9M15 4h2.5A2.5 2.5 0 0 1 20 6.5V9M20 15v2.5a2.5 2.5 0 0 1-2.5 2.5H15M9 20H6.5A2.5 2.5 0 0 1 4 17.5V15"/>`,
  float: svg`<path d="M20.5 10V7.5a3 3 0 0 0-3-3h-11a3 3 0 0 0-3 3v8a3 3 0 0 0 3 3H9"/><rect x="12" y="13" width="9" height="7" rx="2"/>`,
  keys: svg`<rect x="2.5" y="6" width="19" height="12.5" rx="3"/><path d="M6.5 10h.1M10.2 10h.1M13.8 10h.1M17.5 10h.1M8 14.5h8"/>`,
  swap: svg`<path d="M7 4L3.5 7.5 7 11M3.5 7.5h13M17 13l3.5 3.5L17 20M20.5 16.5h-13"/>`,
  record: svg`<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="3.5" fill="currentColor"/>`,
  bars: svg`<path d="M5 19v-4M12 19V10M19 19V5"/>`,
  clip: svg`<path d="M19.5 11l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8.3-8.3a3.1 3.1 0 0 1 4.4 4.4l-8.2 8.2a1.5 1.5 0 0 1-2.2-2.2l7.2-7.2"/>`,
  pause: svg`<path d="M8.5 5v14M15.5 5v14"/>`,
  play: svg`<path d="M8 5.5v13l10.5-6.5z"/>`,
  save: svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>`,
  person: svg`<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>`,
  menu: svg`<path d="M4 7h16M4 12h16M4 17h16"/>`,
  shield: svg`<path d="M12 3l7.5 2.8v5.4c0 4.6-3 7.9-7.5 9.8-4.5-1.9-7.5-5.2-7.5-9.8V5.8z"/>`,
  warn: svg`<path d="M12 8v5M12 16.5v.1M10.3 3.9L2.7 17a2 2 0 0 0 1.7 3h15.2a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z"/>`,
} as const;

export type IconName = keyof typeof drawings;

/** An icon the size of the text beside it (1.5 em). It has no name: the control it stands in does. */
export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${drawings[name]}</svg>`;
