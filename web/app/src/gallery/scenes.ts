import {
  CallError,
  type CallErrorReason,
  type ChatMessage,
  type ConnectionObstacle,
  type FileState,
  type FileTransfer,
} from '@parley/client';
import type { History } from '../call/history.ts';
import type { Scene } from './fake-call.ts';
import { anna, ben } from './person.ts';

const lobby = { kind: 'lobby' } as const;
const connected = { kind: 'connected', since: Date.now() - 754_000 } as const;
const together = { you: ben, them: anna, path: 'direct', labels: true } as const;

const say = (from: 'me' | 'peer', text: string, delivered = true): ChatMessage => ({
  id: crypto.randomUUID(),
  from,
  text,
  at: Date.now(),
  delivered,
});
const messages = [
  say('peer', 'Can you see the drawing?'),
  say('me', 'Yes! The second one is better: the door opens to the garden.'),
  say('peer', 'Thought so. I will send the measurements.'),
  say('peer', '4,20 m × 3,10 m, ceiling 2,65 m'),
  say('me', 'Thank you', false),
];

const file = (
  direction: FileTransfer['direction'],
  name: string,
  state: FileState,
  bytes = 0,
): FileTransfer => ({
  id: crypto.randomUUID(),
  direction,
  name,
  size: 48_300_000,
  type: '',
  state,
  bytes,
  rate: state.kind === 'moving' ? 5_400_000 : null,
  placed: false,
  at: Date.now(),
});
const files = [
  file('receiving', 'Ground floor, measured twice and drawn once.pdf', { kind: 'offered' }),
  file('receiving', 'walk-through.mp4', { kind: 'moving' }, 17_800_000),
  file('sending', 'garden.raw', { kind: 'paused', byMe: true, byPeer: false }, 31_000_000),
  file('sending', 'contract.pdf', { kind: 'done' }, 48_300_000),
  file('receiving', 'kitchen.png', { kind: 'done' }, 48_300_000),
  file('receiving', 'attic.zip', { kind: 'failed', reason: 'sender-gone' }, 12_000_000),
];
const code = {
  emoji: [
    { index: 39, symbol: '🔑', name: 'key' },
    { index: 38, symbol: '🍦', name: 'ice cream' },
    { index: 11, symbol: '🦉', name: 'owl' },
    { index: 22, symbol: '🌻', name: 'sunflower' },
  ],
  digits: '1906 3279',
};

const errors: readonly CallErrorReason[] = [
  'room-full',
  'server-unreachable',
  'connection-failed',
  'replaced',
  'displaced',
  'rate-limited',
  'forbidden',
  'bad-room',
  'unsupported-browser',
  'server-error',
];

const noPath = (obstacle: ConnectionObstacle) =>
  ({ kind: 'error', error: new CallError('connection-failed', null, obstacle) }) as const;

const troubled: Partial<History> = {
  way: 'relayed',
  ways: ['relayed tls'],
  candidates: { own: ['host udp', 'relay tls'], theirs: ['host udp', 'srflx udp'] },
  talkedMs: 754_000,
  lost: 2,
  looks: 371,
  weak: 9,
  worstLoss: 0.184,
  worstRoundTripMs: 912,
};

/** Every screen by name. */
export const scenes: Readonly<Record<string, Scene>> = {
  'lobby-ask': { state: lobby },
  'lobby-starting': { state: lobby, starting: true },
  'lobby-ready': {
    state: lobby,
    you: ben,
    labels: true,
    camera: { deviceId: 'c1' },
    microphone: { deviceId: 'm1' },
    forecast: 'direct',
  },
  'lobby-relay': { state: lobby, you: ben, labels: true, forecast: 'relay' },
  'lobby-no-way': { state: lobby, you: ben, labels: true, forecast: 'blocked' },
  'lobby-muted': {
    state: lobby,
    you: ben,
    labels: true,
    microphone: { enabled: false },
    camera: { enabled: false, live: false },
  },
  'lobby-blocked': { state: lobby, cameraProblem: 'blocked', microphoneProblem: 'blocked' },
  'lobby-dismissed': { state: lobby, cameraProblem: 'dismissed', microphoneProblem: 'dismissed' },
  'lobby-none': { state: lobby, cameraProblem: 'not-found', microphoneProblem: 'not-found' },
  'lobby-camera-busy': {
    state: lobby,
    you: ben,
    labels: true,
    camera: { live: false },
    cameraProblem: 'in-use',
  },
  'lobby-no-microphone': {
    state: lobby,
    you: ben,
    labels: true,
    microphone: { live: false },
    microphoneProblem: 'not-found',
  },
  'lobby-insecure': { state: lobby, cameraProblem: 'insecure-page', microphoneProblem: 'insecure-page' },
  'lobby-settings': { state: lobby, you: ben, labels: true },
  'lobby-other-tab': { state: lobby, otherTab: true },
  joining: { state: { kind: 'joining' }, you: ben },
  waiting: { state: { kind: 'waiting', reason: 'nobody-yet' }, you: ben },
  'waiting-code': { state: { kind: 'waiting', reason: 'nobody-yet' }, you: ben },
  'waiting-left': { state: { kind: 'waiting', reason: 'peer-left' }, you: ben },
  'waiting-lost': { state: { kind: 'waiting', reason: 'peer-lost' }, you: ben },
  connecting: { state: { kind: 'connecting' }, you: ben },
  connected: { state: connected, ...together },
  'connected-named': { state: connected, ...together, remote: { name: 'Anna Lindqvist' }, path: 'relayed' },
  'connected-portrait': { state: connected, ...together, size: [480, 640] },
  'connected-wide': { state: connected, ...together, size: [1280, 720] },
  'connected-muted': {
    state: connected,
    ...together,
    remote: { audio: false },
    microphone: { enabled: false },
  },
  'connected-camera-off': {
    state: connected,
    ...together,
    remote: { name: 'Anna Lindqvist', video: false },
    camera: { enabled: false, live: false },
  },
  'connected-nobody-seen': {
    state: connected,
    path: 'direct',
    remote: { audio: false },
    cameraProblem: 'in-use',
    microphoneProblem: 'in-use',
  },
  'connected-details': { state: connected, ...together, remote: { name: 'Anna Lindqvist' }, path: 'relayed' },
  'connected-more': { state: connected, ...together },
  'connected-offline': { state: connected, ...together, signaling: 'offline' },
  'connected-their-screen': {
    state: connected,
    ...together,
    theirScreen: true,
    remote: { name: 'Anna Lindqvist' },
  },
  'connected-paused': {
    state: connected,
    ...together,
    remote: { name: 'Anna Lindqvist', cameraPaused: true },
    sending: { cameraPaused: true, screenPaused: false, step: 5, cause: 'network' },
  },
  'connected-your-screen': { state: connected, ...together, yourScreen: true },
  'connected-recorded': {
    state: connected,
    ...together,
    remote: { name: 'Anna Lindqvist', recording: true },
  },
  'connected-chat': { state: connected, ...together, messages, typing: true },
  'connected-files-chat': { state: connected, ...together, messages: messages.slice(0, 2), files },
  ...Object.fromEntries(
    (['new', 'same', 'compared', 'changed', 'differs'] as const).map((contact) => [
      `connected-${contact}-safety`,
      { state: connected, ...together, safety: { kind: 'code', code, contact } },
    ]),
  ),
  'connected-compared': {
    state: connected,
    ...together,
    safety: { kind: 'code', code, contact: 'compared' },
  },
  'connected-changed': { state: connected, ...together, safety: { kind: 'code', code, contact: 'changed' } },
  'connected-broken': { state: connected, ...together, safety: { kind: 'broken', reason: 'rules' } },
  'connected-none-safety': { state: connected, ...together },
  'connected-checking-safety': {
    state: connected,
    ...together,
    safety: { kind: 'checking', late: true },
  },
  'connected-broken-safety': {
    state: connected,
    ...together,
    safety: { kind: 'broken', reason: 'certificates' },
  },
  'connected-swapped': { state: connected, ...together, remote: { name: 'Anna Lindqvist', audio: false } },
  'connected-unseen-swapped': {
    state: connected,
    ...together,
    remote: { name: 'Anna Lindqvist', video: false },
  },
  reconnecting: { state: { kind: 'reconnecting', since: Date.now() - 3000 }, ...together },
  'reconnecting-away': {
    state: { kind: 'reconnecting', since: Date.now() - 3000 },
    ...together,
    remote: { away: true },
  },
  nowhere: { state: lobby, address: '/nowhere' },
  'full-seat': { state: { kind: 'error', error: new CallError('room-full') } },
  'error-no-relay': { state: noPath('no-relay') },
  'error-relay-refused': { state: noPath('relay-refused') },
  'error-relay-unreachable': { state: noPath('relay-unreachable') },
  'ended-you': { state: { kind: 'ended', reason: 'hung-up' }, history: { way: 'direct', talkedMs: 754_000 } },
  'ended-weak': { state: { kind: 'ended', reason: 'hung-up' }, history: troubled },
  'ended-weak-report': { state: { kind: 'ended', reason: 'hung-up' }, history: troubled },
  'ended-them': {
    state: { kind: 'ended', reason: 'peer-hung-up' },
    history: { way: 'direct', talkedMs: 4_530_000 },
  },
  'ended-never-met': { state: { kind: 'ended', reason: 'hung-up' } },
  ...Object.fromEntries(
    errors.map((reason) => [
      `error-${reason}`,
      {
        state: {
          kind: 'error',
          error: new CallError(reason, reason === 'rate-limited' ? 8000 : null),
        },
      },
    ]),
  ),
};
