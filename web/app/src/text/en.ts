import type {
  CallErrorReason,
  ConnectionObstacle,
  EndReason,
  FileProblem,
  MediaKind,
  MediaProblemReason,
  WaitingReason,
} from '@parley/client';

/** A screen's words: what happened, what it means, and the way out. */
export interface Words {
  readonly title: string;
  readonly body: string;
}

/** One device, or both of them with the same trouble. */
export type Devices = MediaKind | 'both';

const devices = (what: Devices) => (what === 'both' ? 'camera and microphone' : what);
const Devices = (what: Devices) =>
  what === 'both' ? 'Camera and microphone' : what === 'camera' ? 'Camera' : 'Microphone';
const are = (what: Devices) => (what === 'both' ? 'are' : 'is');
const them = (what: Devices) => (what === 'both' ? 'them' : 'it');

const mediaProblems: Record<MediaProblemReason, (what: Devices) => Words> = {
  'insecure-page': (what) => ({
    title: `${Devices(what)} need${what === 'both' ? '' : 's'} a secure page`,
    body: `Browsers give ${them(what)} only to pages on https:// or on localhost. Open this call at its https:// address, or ask whoever runs this server for it.`,
  }),
  unsupported: (what) => ({
    title: `This browser has no access to the ${devices(what)}`,
    body: 'If you came here from inside another app, open this link in Safari, Chrome, Edge or Firefox.',
  }),
  dismissed: (what) => ({
    title: 'The question was closed',
    body: `Your browser asked for the ${devices(what)} and got no answer. Ask again, and choose Allow.`,
  }),
  blocked: (what) => ({
    title: `${Devices(what)} ${are(what)} blocked for this page`,
    body: `Click the icon beside the address of this page, allow the ${devices(what)} there, then try again.`,
  }),
  'blocked-by-system': (what) => ({
    title: `Your system keeps the ${devices(what)} from the browser`,
    body: `Open your system’s privacy settings, allow the ${devices(what)} for this browser, then try again.`,
  }),
  'blocked-by-frame': (what) => ({
    title: `The page around this call does not allow the ${devices(what)}`,
    body: 'Open the call in a tab of its own.',
  }),
  'not-found': (what) => ({
    title: `No ${what === 'both' ? 'camera and no microphone' : what} found`,
    body:
      what === 'both'
        ? 'Plug one in and it will be used. You can join without, too: you will see, hear and write.'
        : `Plug one in and it will be used. You can join without a ${what}, too.`,
  }),
  'in-use': (what) => ({
    title: `The ${devices(what)} ${are(what)} busy`,
    body: 'Another program may be using it: Teams, Zoom or another tab. Close it there, then try again.',
  }),
  interrupted: (what) => ({
    title: `The system holds the ${devices(what)}`,
    body: `A phone call, another app or a closed lid may be why. The other side is told, and ${what === 'both' ? 'they come' : 'it comes'} back by ${what === 'both' ? 'themselves' : 'itself'}.`,
  }),
  lost: (what) => ({
    title: `The ${devices(what)} ${are(what)} gone`,
    body: 'Unplugged, or switched off.',
  }),
  unknown: (what) => ({
    title: `The ${devices(what)} did not start`,
    body: 'Try again, or choose another device.',
  }),
};

const callErrors: Record<CallErrorReason, Words & { readonly retry: string | null }> = {
  'room-full': {
    title: 'Two people are already here',
    body: 'A call is for two. Wait until one of them leaves, or make a call of your own.',
    retry: 'Let me in when there is room',
  },
  'server-unreachable': {
    title: 'The server does not answer',
    body: 'We keep trying. Check your connection to the internet; if other pages work, this server may be down.',
    retry: 'Try now',
  },
  'connection-failed': {
    title: 'The two of you could not be connected',
    body: 'Your networks do not let the two browsers reach each other. Another network, such as a phone’s, often helps.',
    retry: 'Try again',
  },
  replaced: {
    title: 'This call moved',
    body: 'You opened it in another tab or on another device, and it goes on there.',
    retry: 'Use it here',
  },
  displaced: {
    title: 'Somebody else joined first',
    body: 'Two people are in this call now. Wait until one of them leaves, or make a call of your own.',
    retry: 'Let me in when there is room',
  },
  'rate-limited': {
    title: 'One moment',
    body: 'The server had too many requests from here. Wait a little, then try again.',
    retry: 'Try again',
  },
  forbidden: {
    title: 'You are not let into this call',
    body: 'The link may have expired, or it is meant for somebody else. Ask for a new one.',
    retry: null,
  },
  'bad-room': {
    title: 'This link is not a call',
    body: 'Some of it may be missing. Copy the whole link, or ask for a new one.',
    retry: null,
  },
  'unsupported-browser': {
    title: 'This browser cannot make calls',
    body: 'It has no WebRTC, or an extension switched it off. Open this link in a current Chrome, Edge, Firefox or Safari.',
    retry: null,
  },
  'server-error': {
    title: 'The server stumbled',
    body: 'That is not your doing. Try again; if it stays, tell whoever runs this server.',
    retry: 'Try again',
  },
};

const obstacles: Record<ConnectionObstacle, string> = {
  'no-relay':
    'Your networks do not let the two browsers reach each other directly, and this server has no relay. Another network, such as a phone’s, often helps; whoever runs this server can switch its relay on.',
  'relay-refused':
    'Your networks do not let the two browsers reach each other directly, and the relay refused to help. Try again; if it stays, tell whoever runs this server.',
  'relay-unreachable':
    'There is no direct way, and the relay does not answer from here: this network may block it. Another network, such as a phone’s, often helps.',
};

const waiting: Record<WaitingReason, Words> = {
  'nobody-yet': {
    title: 'You are the first one here',
    body: 'Send the link to one other person. The call starts when they come.',
  },
  'peer-left': {
    title: 'They left the page',
    body: 'The same link brings them back; you can stay.',
  },
  'peer-lost': {
    title: 'Their connection was lost',
    body: 'The call goes on as soon as they are back; you can stay.',
  },
};

const ended: Record<EndReason, (name: string | null) => string> = {
  'hung-up': () => 'You ended the call',
  'peer-hung-up': (name) => `${name ?? 'The other person'} ended the call`,
};

const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** Every word of the page, in English. The other languages have the shape of this object. */
export const en = {
  locale: 'en',
  appName: 'Parley',
  close: 'Close',
  title: {
    start: 'Parley',
    room: 'Call · Parley',
    nowhere: 'Nothing here · Parley',
    waiting: 'Waiting · Parley',
    seat: 'Waiting for a seat · Parley',
  },
  start: {
    title: 'A call for two.',
    lead: 'Make a link, send it to one person, and talk. No account, nothing to install. Picture and sound go straight from you to them.',
    newCall: 'New call',
    newCallHint: 'makes a link nobody can guess',
    nameLabel: 'Or open a call by its name or link',
    namePlaceholder: 'our-kitchen-table',
    go: 'Go',
    nameHint: 'Whoever knows the name can join. Choose one that is hard to guess.',
    recent: 'Recent calls',
    recentHint: 'Kept in this browser only.',
    forget: (room: string) => `Forget ${room}`,
    forgetAll: 'Forget all',
    nameMissing: 'Type the name of a call first: up to 64 letters or digits.',
    language: 'Language',
  },
  lobby: {
    title: 'Ready when you are',
    lead: 'Nobody sees or hears you until you join.',
    here: (name: string | null) => `${name ?? 'Somebody'} is here.`,
    alsoHere: 'Somebody else has opened this link.',
    join: 'Join',
    preview: 'Your picture, as in a mirror',
    askTitle: 'See yourself first',
    askBody: 'Your browser will ask whether this page may use your camera and microphone.',
    ask: 'Use camera and microphone',
    asking: 'Answer your browser’s question to go on',
    starting: 'Starting camera and microphone',
    cameraIsOff: 'Your camera is off',
    heard: 'We hear you',
    saySomething: 'Say something to test your microphone',
    muted: 'Your microphone is off',
    noMicrophone: 'You join without a microphone',
    name: 'Your name',
    namePlaceholder: 'Only if you like',
    tryAgain: 'Try again',
    link: 'Link to this call',
    unblock: {
      chromium: 'Click this sign at the left end of the address and switch camera and microphone on.',
      firefox: 'Click the crossed-out sign beside the address and take the block away.',
      safari: 'In the menu bar choose Safari, Settings for this website, and allow camera and microphone.',
      ios: 'Tap the sign beside the address, then Website Settings, and allow camera and microphone.',
    },
    forecast: {
      direct: {
        title: 'A direct way is likely.',
        body: 'Your IP address is then seen by the other person’s device, as in every direct call.',
      },
      relay: {
        title: 'It will go through the relay.',
        body: 'This network allows no direct way. The relay neither sees nor hears you.',
      },
      hidden: {
        title: 'Your address stays hidden.',
        body: 'Picture and sound go through the relay, which neither sees nor hears you.',
      },
      blocked: {
        title: 'This network blocks calls.',
        body: 'Not even the relay answers. Another network, such as a phone’s, often helps.',
      },
      hide: 'Hide my address',
      show: 'Allow a direct way',
    },
  },
  devices: {
    microphone: 'Microphone',
    camera: 'Camera',
    speaker: 'Speaker',
    playSound: 'Play a test sound',
    playing: 'You should hear three notes',
  },
  settings: {
    title: 'Settings',
    hideAddress: 'Hide my address',
    hideAddressHint:
      'The other side does not learn your IP address: picture and sound go through this server’s relay, encrypted.',
    rememberContacts: 'Warn me when another device answers',
  },
  link: {
    copy: 'Copy link',
    copied: 'Copied',
    copyFailed: 'Select the link and copy it by hand',
    share: 'Share link',
    shareTitle: 'A call for two',
    qr: 'Show QR code',
    qrTitle: 'Scan to join',
    qrHint: 'Point the camera of a phone or tablet at the picture: it opens this call there.',
    qrPicture: 'QR code of the link to this call',
  },
  controls: {
    label: 'Call',
    mute: 'Mute microphone',
    cameraOff: 'Turn camera off',
    share: 'Share screen',
    chat: 'Chat',
    more: 'More',
    hangUp: 'Hang up',
  },
  commands: {
    microphone: 'Microphone on or off',
    camera: 'Camera on or off',
    chat: 'Chat open or closed',
    share: 'Share the screen or stop',
    flip: 'Switch camera',
    details: 'Connection details',
    safety: 'Safety code',
    record: 'Record the call',
    stopRecording: 'Stop recording',
    hideSelf: 'Hide my picture from me',
    showSelf: 'Show my picture',
    swap: 'Swap the pictures',
    fullScreen: 'Full screen',
    float: 'Small window on top',
    shortcuts: 'Keyboard shortcuts',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    space: 'Space',
    pushToTalk: 'Hold to talk while muted',
    escape: 'Close what is open',
    enabled: 'Single keys work the call',
  },
  notices: {
    muted: 'You are muted. Nobody hears you.',
    unmute: 'Unmute',
    dead: 'Your microphone gives no sound at all. It may have a switch of its own, or choose another one under More.',
    switched: (label: string) => `Now using ${label}`,
    share: {
      blocked:
        'Your system does not let the browser share the screen. On a Mac: System Settings, Privacy & Security, Screen Recording.',
      unsupported: 'This browser cannot share a screen.',
      failed: 'The screen could not be shared. Try another window.',
    },
  },
  statuses: {
    sharing: 'You are sharing your screen',
    sharingWithSound: 'You are sharing your screen with its sound',
    stopSharing: 'Stop sharing',
    recording: 'You are recording',
    stopRecording: 'Stop',
    cameraPaused: 'Your picture is paused: the connection is weak. You still hear each other.',
    screenPaused: 'Your screen is paused: the connection is weak. You still hear each other.',
    theyRecord: (name: string | null) => `${name ?? 'The other person'} is recording this call`,
  },
  details: {
    title: 'Connection details',
    level: { good: 'Good', fair: 'Fair', poor: 'Weak' },
    cause: {
      none: 'Picture and sound arrive as they should.',
      lossHere: 'Some of what you send gets lost. Go closer to your Wi-Fi or use a cable.',
      lossThere: 'Some of what they send gets lost. It is probably their network.',
      far: 'Everything takes long to arrive. Other downloads or a far relay may be the cause.',
    },
    none: 'There is no connection right now.',
    sending: {
      network: 'Your picture is sent smaller: the connection carries no more.',
      device: 'Your picture is sent smaller: this device cannot encode more.',
    },
    relayed: {
      chosen: 'You chose to hide your address.',
      needed: 'Your networks allow no direct way.',
    },
    received: 'Receiving',
    sent: 'Sending',
    roundTrip: 'Round trip',
    loss: 'Lost',
    streams: 'What is sent and received',
    slot: { audio: 'Microphone', camera: 'Camera', screen: 'Screen', screenAudio: 'Screen’s sound' },
    fps: (n: number) => `${n} fps`,
    jitter: (ms: number) => `jitter ${ms} ms`,
  },
  safety: {
    title: 'Safety code',
    broken: 'Somebody may be listening',
  },
  call: {
    joining: { title: 'Joining', body: 'Asking the server for your seat.' },
    connecting: {
      title: 'Connecting the two of you',
      body: 'Looking for the best way between your browsers.',
    },
    connectingLong: 'This takes longer than usual. Some networks make it hard.',
    waiting,
    self: 'Your picture, as in a mirror',
    corners: 'The arrow keys move it to another corner, Enter swaps the two pictures.',
    selfCameraOff: 'Camera off',
    remote: (name: string | null) => (name ? `Picture of ${name}` : 'Picture of the other person'),
    remoteScreen: (name: string | null) => (name ? `Screen of ${name}` : 'Screen of the other person'),
    remoteShares: (name: string | null) => `${name ?? 'The other person'} shares the screen`,
    remoteStopsSharing: (name: string | null) => `${name ?? 'The other person'} shares no longer`,
    remoteCameraOff: (name: string | null) => (name ? `${name}’s camera is off` : 'Their camera is off'),
    remotePaused: 'Picture paused: the connection is weak',
    remoteScreenPaused: 'Screen paused: the connection is weak',
    remotePausedSpoken: (name: string | null) =>
      `${name ? `${name}’s picture` : 'Their picture'} is paused: the connection is weak. You still hear each other.`,
    remoteBackSpoken: (name: string | null) => (name ? `${name}’s picture is back` : 'Their picture is back'),
    remoteMuted: 'Microphone off',
    remoteMutedSpoken: (name: string | null) => `${name ?? 'The other person'} is muted`,
    remoteUnmutedSpoken: (name: string | null) => `${name ?? 'The other person'} is not muted any more`,
    reconnecting: (seconds: number) => `Reconnecting… ${seconds} s`,
    reconnectingSpoken: 'The connection was lost. Reconnecting.',
    reconnectingBody: 'The call is not over. It goes on as soon as there is a way again.',
    peerAway: 'It seems to be their connection.',
    retryNow: 'Try now',
    connectedSpoken: (name: string | null) => `Connected${name ? ` with ${name}` : ''}.`,
    time: 'Time in the call',
    path: {
      direct: 'Direct',
      relayed: 'Relayed',
    },
    pathHint: {
      direct: 'Picture and sound go straight from browser to browser.',
      relayed: 'Picture and sound go through a relay, encrypted: it cannot see or hear them.',
    },
    serverOffline: 'The server is out of reach. Your call goes on.',
    serverOfflineShort: 'Server out of reach',
    tapToHear: 'Tap to hear',
    tapToHearHint: 'Your browser keeps sound off until you touch the page.',
  },
  chat: {
    title: 'Chat',
    close: 'Close chat',
    empty: 'Messages and files go straight to the other person and are gone with the call.',
    field: 'Message',
    send: 'Send',
    me: 'You',
    peer: (name: string | null) => name ?? 'They',
    notYet: 'not delivered yet',
    delivered: 'delivered',
    copy: 'Copy message',
    copied: 'Copied',
    typing: (name: string | null) => `${name ?? 'The other person'} is writing…`,
    addFiles: 'Send files',
    dropFiles: 'Drop files to send them',
    unread: (n: number) => plural(n, 'new message', 'new messages'),
    spoken: (name: string | null, text: string) => `${name ?? 'The other person'} writes: ${text}`,
  },
  files: {
    offers: (name: string | null, file: string) => `${name ?? 'The other person'} offers ${file}`,
    arrived: (file: string) => `${file} has arrived`,
    accept: 'Accept',
    decline: 'Decline',
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    save: 'Save',
    named: (action: string, file: string) => `${action}: ${file}`,
    progress: (file: string) => `Progress of ${file}`,
    preview: (file: string) => `Picture ${file}`,
    offered: { sending: 'Waiting for them to accept', receiving: 'Do you want this file?' },
    waiting: 'Goes on as soon as there is a connection',
    paused: { me: 'Paused by you', peer: 'Paused by the other person' },
    done: { sending: 'Sent and checked', receiving: 'Received and checked', placed: 'Saved and checked' },
    ofSize: (bytes: string, size: string) => `${bytes} of ${size}`,
    perSecond: (bytes: string) => `${bytes}/s`,
    left: (time: string) => `${time} left`,
    problem: {
      'cancelled-by-me': 'You stopped it',
      'cancelled-by-peer': 'The other person stopped it',
      'declined-by-me': 'You declined',
      'declined-by-peer': 'The other person declined',
      unreadable: 'The file was changed, moved or cannot be read',
      'no-room': 'There is not enough room on the receiving device',
      'storage-failed': 'The receiving browser could not store it',
      corrupt: 'It did not arrive as it was sent, so it was thrown away',
      breach: 'The other side did something unexpected, so it was stopped',
      'sender-gone': 'The sender’s page was reloaded: ask for the file again',
      'call-ended': 'The call ended before it was through',
    } satisfies Record<FileProblem, string>,
  },
  end: {
    title: ended,
    talked: (minutes: number, seconds: number) =>
      minutes === 0
        ? `You talked for ${plural(seconds, 'second', 'seconds')}.`
        : minutes < 60
          ? `You talked for ${plural(minutes, 'minute', 'minutes')}.`
          : `You talked for ${plural(Math.floor(minutes / 60), 'hour', 'hours')} and ${plural(minutes % 60, 'minute', 'minutes')}.`,
    notConnected: 'Nobody had come yet.',
    again: 'Back to this call',
    newCall: 'New call',
    home: 'Start page',
  },
  seat: {
    waiting: {
      title: 'Waiting for a seat',
      body: 'You come in as soon as one of the two leaves. Keep this tab open and do something else meanwhile: we will call you.',
    },
    free: 'A seat was free: you are in',
    unseen: 'You came in while you were away. Microphone and camera are off until you switch them on.',
  },
  problem: {
    call: callErrors,
    obstacle: obstacles,
    otherTab: {
      title: 'You are in this call already',
      body: 'It is open in another tab of this browser. It can go on there, or move here.',
      use: 'Use it here',
    },
    localNetwork:
      'Your browser keeps this page from your local network, where there may be a direct way. To allow it, click the sign at the left end of the address, switch access to the local network on, and load this page again.',
    media: mediaProblems,
    waitSeconds: (s: number) => `The server asks for ${plural(s, 'second', 'seconds')} of patience.`,
    newCall: 'New call',
    home: 'Start page',
    notFound: {
      title: 'There is nothing here',
      body: 'Maybe a part of the link is missing. Copy the whole link, or make a call of your own.',
    },
  },
};

export type Text = typeof en;
