export { type Data, type DataOutcome, maxDataBytes } from './application-data.ts';
export { Call } from './browser-call.ts';
export type { CallEvents, CallOptions } from './call-options.ts';
export { maxChatLength } from './chat.ts';
export { CallError, type CallErrorReason, type ConnectionObstacle } from './errors.ts';
export type { CallFiles, FileProblem, FileState, FileTransfer } from './files/types.ts';
export type { Forecast } from './forecast.ts';
export type {
  DeviceList,
  LocalDevice,
  LocalMedia,
  MediaKind,
  MediaOptions,
  MediaProblem,
  MediaProblemReason,
} from './media-types.ts';
export { newRoomName } from './room-name.ts';
export type { SafetyCode, SafetyState } from './safety.ts';
export type { LocalScreen, ScreenOutcome } from './screen.ts';
export {
  type CallState,
  type CallStateName,
  type ChatMessage,
  type ConnectionPath,
  callStateName,
  type EndReason,
  type RemoteParticipant,
  type Sending,
  type WaitingReason,
} from './state.ts';

export type { CallStats, DirectionStats, PathStats, StatsSlot, StreamStats } from './stats.ts';

export const version = '0.1.0';
