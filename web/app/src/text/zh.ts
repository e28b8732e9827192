import type {
  CallErrorReason,
  ConnectionObstacle,
  EndReason,
  MediaProblemReason,
  WaitingReason,
} from '@parley/client';
import type { Devices, Text, Words } from './en.ts';

const devices = (what: Devices) =>
  what === 'both' ? '摄像头和麦克风' : what === 'camera' ? '摄像头' : '麦克风';

const mediaProblems: Record<MediaProblemReason, (what: Devices) => Words> = {
  'insecure-page': (what) => ({
    title: `使用${devices(what)}需要安全的网页`,
    body: '浏览器只允许 https:// 或 localhost 的网页使用它们。请用 https:// 地址打开此通话，或向服务器的管理者索取该地址。',
  }),
  unsupported: (what) => ({
    title: `此浏览器无法使用${devices(what)}`,
    body: '如果您是从其他应用里打开的，请改用 Safari、Chrome、Edge 或 Firefox 打开此链接。',
  }),
  dismissed: (what) => ({
    title: '询问窗口被关闭了',
    body: `浏览器询问能否使用${devices(what)}，但没有得到回答。请再试一次，并选择“允许”。`,
  }),
  blocked: (what) => ({
    title: `此网页被禁止使用${devices(what)}`,
    body: `请点击地址栏旁的图标，允许使用${devices(what)}，然后重试。`,
  }),
  'blocked-by-system': (what) => ({
    title: `系统不允许浏览器使用${devices(what)}`,
    body: `请在系统的隐私设置中，允许此浏览器使用${devices(what)}，然后重试。`,
  }),
  'blocked-by-frame': (what) => ({
    title: `外层网页不允许使用${devices(what)}`,
    body: '请在单独的标签页中打开此通话。',
  }),
  'not-found': (what) => ({
    title: what === 'both' ? '没有找到摄像头和麦克风' : `没有找到${devices(what)}`,
    body:
      what === 'both'
        ? '接上设备后会自动启用。没有设备也可以加入：您能看、能听、能打字。'
        : `接上后会自动启用。没有${devices(what)}也可以加入。`,
  }),
  'in-use': (what) => ({
    title: `${devices(what)}正被占用`,
    body: '可能有其他程序正在使用：腾讯会议、微信、Zoom 或另一个标签页。请先在那里关闭，然后重试。',
  }),
  interrupted: (what) => ({
    title: `系统占用了${devices(what)}`,
    body: '可能是来电、其他应用或合上的屏幕所致。对方会看到提示，之后会自动恢复。',
  }),
  lost: (what) => ({
    title: `${devices(what)}已断开`,
    body: '设备被拔出或已关闭。',
  }),
  unknown: (what) => ({
    title: `${devices(what)}未能启动`,
    body: '请重试，或选择其他设备。',
  }),
};

const callErrors: Record<CallErrorReason, Words & { readonly retry: string | null }> = {
  'room-full': {
    title: '这里已经有两个人了',
    body: '通话只限两人。请等其中一人离开，或新建一个自己的通话。',
    retry: '有空位时让我加入',
  },
  'server-unreachable': {
    title: '服务器没有响应',
    body: '我们会继续尝试。请检查您的网络连接；如果其他网页正常，可能是此服务器暂时停止了服务。',
    retry: '立即重试',
  },
  'connection-failed': {
    title: '无法在两位之间建立连接',
    body: '你们的网络不允许两个浏览器互相连通。换一个网络（例如手机热点）通常会有帮助。',
    retry: '重试',
  },
  replaced: {
    title: '此通话已转移',
    body: '您在另一个标签页或另一台设备上打开了它，通话在那里继续。',
    retry: '在这里使用',
  },
  displaced: {
    title: '有人先加入了',
    body: '此通话现在已有两个人。请等其中一人离开，或新建一个自己的通话。',
    retry: '有空位时让我加入',
  },
  'rate-limited': {
    title: '请稍候',
    body: '来自这里的请求过多。请稍等片刻再试。',
    retry: '重试',
  },
  forbidden: {
    title: '您无权加入此通话',
    body: '链接可能已过期，或者是给别人的。请索取新的链接。',
    retry: null,
  },
  'bad-room': {
    title: '此链接不是通话',
    body: '链接可能不完整。请复制完整的链接，或索取新的链接。',
    retry: null,
  },
  'unsupported-browser': {
    title: '此浏览器无法通话',
    body: '它不支持 WebRTC，或者被扩展程序关闭了。请用新版的 Chrome、Edge、Firefox 或 Safari 打开此链接。',
    retry: null,
  },
  'server-error': {
    title: '服务器出了点问题',
    body: '这不是您的错。请重试；如果一直如此，请告诉服务器的管理者。',
    retry: '重试',
  },
};

const obstacles: Record<ConnectionObstacle, string> = {
  'no-relay':
    '你们的网络不允许两个浏览器直接连通，而此服务器没有中继。换一个网络（例如手机热点）通常会有帮助；服务器的管理者可以启用中继。',
  'relay-refused':
    '你们的网络不允许两个浏览器直接连通，而中继拒绝了请求。请重试；如果一直如此，请告诉服务器的管理者。',
  'relay-unreachable':
    '无法直连，而中继从这里没有响应：可能被此网络阻止。换一个网络（例如手机热点）通常会有帮助。',
};

const waiting: Record<WaitingReason, Words> = {
  'nobody-yet': {
    title: '您是第一个到的',
    body: '把链接发给另一个人。对方一到，通话就开始。',
  },
  'peer-left': {
    title: '对方离开了页面',
    body: '用同一个链接就能回来；您可以留在这里。',
  },
  'peer-lost': {
    title: '与对方的连接断开了',
    body: '对方一回来，通话就会继续；您可以留在这里。',
  },
};

const ended: Record<EndReason, (name: string | null) => string> = {
  'hung-up': () => '您结束了通话',
  'peer-hung-up': (name) => `${name ?? '对方'}结束了通话`,
};

/** Every word of the page, in Simplified Chinese. */
export const zh: Text = {
  locale: 'zh-Hans',
  appName: 'Parley',
  close: '关闭',
  title: {
    start: 'Parley',
    room: '通话 · Parley',
    nowhere: '没有内容 · Parley',
    waiting: '等待中 · Parley',
    seat: '等待空位 · Parley',
  },
  start: {
    title: '两个人的通话。',
    lead: '建一个链接，发给一个人，就能聊。无需账号，无需安装。画面和声音从您直达对方。',
    newCall: '新建通话',
    newCallHint: '生成一个无法猜到的链接',
    nameLabel: '或者输入通话的名称或链接',
    namePlaceholder: '我家的餐桌',
    go: '前往',
    nameHint: '知道名称的人都可以加入，请选一个不容易猜到的。',
    recent: '最近的通话',
    recentHint: '只保存在此浏览器中。',
    forget: (room) => `忘记 ${room}`,
    forgetAll: '全部忘记',
    nameMissing: '请先输入通话的名称：最多 64 个文字或数字。',
    language: '语言',
  },
  lobby: {
    title: '准备好了就开始',
    lead: '加入之前，没有人能看到或听到您。',
    here: (name) => `${name ?? '对方'}已经在了。`,
    alsoHere: '有人也打开了此链接。',
    join: '加入',
    preview: '您的画面，如同镜中',
    askTitle: '先看看自己',
    askBody: '浏览器会询问此网页能否使用您的摄像头和麦克风。',
    ask: '使用摄像头和麦克风',
    asking: '请回答浏览器的询问',
    starting: '正在启动摄像头和麦克风',
    cameraIsOff: '您的摄像头已关闭',
    heard: '能听到您的声音',
    saySomething: '说句话，试试麦克风',
    muted: '您的麦克风已关闭',
    noMicrophone: '您将不带麦克风加入',
    name: '您的名字',
    namePlaceholder: '可以不填',
    tryAgain: '重试',
    link: '此通话的链接',
    unblock: {
      chromium: '点击地址栏最左边的这个图标，打开摄像头和麦克风。',
      firefox: '点击地址旁带斜线的图标，取消禁止。',
      safari: '在菜单栏中选择“Safari 浏览器”→“此网站的设置”，允许摄像头和麦克风。',
      ios: '轻点地址旁的图标，再点“网站设置”，允许摄像头和麦克风。',
    },
    forecast: {
      direct: {
        title: '很可能可以直连。',
        body: '与任何直连通话一样，对方的设备会看到您的 IP 地址。',
      },
      relay: {
        title: '将经过中继。',
        body: '此网络不允许直连。中继看不到也听不到您。',
      },
      hidden: {
        title: '您的地址保持隐藏。',
        body: '画面和声音经过中继，中继看不到也听不到您。',
      },
      blocked: {
        title: '此网络阻止通话。',
        body: '连中继也没有响应。换一个网络（例如手机热点）通常会有帮助。',
      },
      hide: '隐藏我的地址',
      show: '允许直连',
    },
  },
  devices: {
    microphone: '麦克风',
    camera: '摄像头',
    speaker: '扬声器',
    playSound: '播放测试声音',
    playing: '您应该听到三个音',
  },
  settings: {
    title: '设置',
    hideAddress: '隐藏我的地址',
    hideAddressHint: '对方不会得知您的 IP 地址：画面和声音经此服务器加密中继。',
    rememberContacts: '应答的是另一台设备时提醒我',
  },
  link: {
    copy: '复制链接',
    copied: '已复制',
    copyFailed: '请选中链接并手动复制',
    share: '分享链接',
    shareTitle: '两个人的通话',
    qr: '显示二维码',
    qrTitle: '扫码加入',
    qrHint: '用手机或平板的相机对准图案，即可在那里打开此通话。',
    qrPicture: '此通话链接的二维码',
  },
  controls: {
    label: '通话',
    mute: '麦克风静音',
    cameraOff: '关闭摄像头',
    share: '共享屏幕',
    chat: '聊天',
    more: '更多',
    hangUp: '挂断',
  },
  commands: {
    microphone: '开关麦克风',
    camera: '开关摄像头',
    chat: '打开或关闭聊天',
    share: '开始或停止共享屏幕',
    flip: '切换摄像头',
    details: '连接详情',
    safety: '安全码',
    record: '录制通话',
    stopRecording: '停止录制',
    hideSelf: '不显示我的画面',
    showSelf: '显示我的画面',
    swap: '交换两个画面',
    fullScreen: '全屏',
    float: '置顶小窗',
    shortcuts: '键盘快捷键',
  },
  shortcuts: {
    title: '键盘快捷键',
    space: '空格',
    pushToTalk: '静音时按住说话',
    escape: '关闭已打开的内容',
    enabled: '用单个按键操作通话',
  },
  notices: {
    muted: '您处于静音状态，没有人能听到您。',
    unmute: '取消静音',
    dead: '您的麦克风完全没有声音。它可能有自己的开关，也可以在“更多”中选择另一个。',
    switched: (label) => `正在使用 ${label}`,
    share: {
      blocked: '系统不允许浏览器共享屏幕。Mac 上请打开：系统设置 → 隐私与安全性 → 屏幕录制。',
      unsupported: '此浏览器无法共享屏幕。',
      failed: '无法共享该屏幕，请换一个窗口。',
    },
  },
  statuses: {
    sharing: '您正在共享屏幕',
    sharingWithSound: '您正在共享屏幕和声音',
    stopSharing: '停止共享',
    recording: '您正在录制',
    stopRecording: '停止',
    cameraPaused: '您的画面已暂停：网络连接较弱。你们仍能听到彼此。',
    screenPaused: '您的屏幕共享已暂停：网络连接较弱。你们仍能听到彼此。',
    theyRecord: (name) => `${name ?? '对方'}正在录制此通话`,
  },
  details: {
    title: '连接详情',
    level: { good: '良好', fair: '一般', poor: '较弱' },
    cause: {
      none: '画面和声音传输正常。',
      lossHere: '您发出的内容有一部分丢失了。请靠近 Wi-Fi，或使用网线。',
      lossThere: '对方发出的内容有一部分丢失了，可能是对方的网络问题。',
      far: '传输延迟较高，可能是其他下载或较远的中继造成的。',
    },
    none: '目前没有连接。',
    sending: {
      network: '您的画面以较小尺寸发送：网络连接承载不了更多。',
      device: '您的画面以较小尺寸发送：此设备无法编码更多。',
    },
    relayed: { chosen: '您选择了隐藏地址。', needed: '你们的网络不允许直连。' },
    received: '接收',
    sent: '发送',
    roundTrip: '往返时延',
    loss: '丢失',
    streams: '收发的内容',
    slot: { audio: '麦克风', camera: '摄像头', screen: '屏幕', screenAudio: '屏幕声音' },
    fps: (n) => `每秒 ${n} 帧`,
    jitter: (ms) => `抖动 ${ms} 毫秒`,
  },
  safety: {
    title: '安全码',
    broken: '可能有人在窃听',
  },
  call: {
    joining: { title: '正在加入', body: '正在向服务器请求您的位置。' },
    connecting: { title: '正在连接两位', body: '正在寻找两个浏览器之间的最佳线路。' },
    connectingLong: '这比平时久一些。有些网络会让连接变得困难。',
    waiting,
    self: '您的画面，如同镜中',
    corners: '方向键将它移到另一个角落，回车键交换两个画面。',
    selfCameraOff: '摄像头已关',
    remote: (name) => (name ? `${name}的画面` : '对方的画面'),
    remoteScreen: (name) => `${name ?? '对方'}的屏幕`,
    remoteShares: (name) => `${name ?? '对方'}正在共享屏幕`,
    remoteStopsSharing: (name) => `${name ?? '对方'}已停止共享`,
    remoteCameraOff: (name) => `${name ?? '对方'}的摄像头已关闭`,
    remotePaused: '画面已暂停：网络连接较弱',
    remoteScreenPaused: '屏幕共享已暂停：网络连接较弱',
    remotePausedSpoken: (name) =>
      `${name ? `${name}的` : '对方的'}画面已暂停：网络连接较弱。你们仍能听到彼此。`,
    remoteBackSpoken: (name) => `${name ? `${name}的` : '对方的'}画面已恢复`,
    remoteMuted: '麦克风已关',
    remoteMutedSpoken: (name) => `${name ?? '对方'}已静音`,
    remoteUnmutedSpoken: (name) => `${name ?? '对方'}已取消静音`,
    reconnecting: (seconds) => `正在重新连接… ${seconds} 秒`,
    reconnectingSpoken: '连接断开了，正在重新连接。',
    reconnectingBody: '通话没有结束。一有线路就会继续。',
    peerAway: '似乎是对方的网络有问题。',
    retryNow: '立即重试',
    connectedSpoken: (name) => (name ? `已与${name}接通。` : '已接通。'),
    time: '通话时长',
    path: {
      direct: '直连',
      relayed: '中继',
    },
    pathHint: {
      direct: '画面和声音从浏览器直达浏览器。',
      relayed: '画面和声音经过中继，并已加密：中继看不到也听不到。',
    },
    serverOffline: '暂时连不上服务器。您的通话不受影响。',
    serverOfflineShort: '服务器无法连接',
    tapToHear: '轻触以收听',
    tapToHearHint: '在您触碰页面之前，浏览器不会播放声音。',
  },
  chat: {
    title: '聊天',
    close: '关闭聊天',
    empty: '消息和文件直接发给对方，通话结束后即消失。',
    field: '消息',
    send: '发送',
    me: '您',
    peer: (name) => name ?? '对方',
    notYet: '尚未送达',
    delivered: '已送达',
    copy: '复制消息',
    copied: '已复制',
    typing: (name) => `${name ?? '对方'}正在输入…`,
    addFiles: '发送文件',
    dropFiles: '松开即可发送文件',
    unread: (n) => `${n} 条新消息`,
    spoken: (name, words) => `${name ?? '对方'}说：${words}`,
  },
  files: {
    offers: (name, file) => `${name ?? '对方'}想发送 ${file}`,
    arrived: (file) => `${file} 已收到`,
    accept: '接收',
    decline: '拒绝',
    pause: '暂停',
    resume: '继续',
    cancel: '取消',
    save: '保存',
    named: (action, file) => `${action}：${file}`,
    progress: (file) => `${file} 的进度`,
    preview: (file) => `图片 ${file}`,
    offered: { sending: '等待对方接收', receiving: '要接收此文件吗？' },
    waiting: '连接恢复后自动继续',
    paused: { me: '您已暂停', peer: '对方已暂停' },
    done: { sending: '已发送并校验', receiving: '已收到并校验', placed: '已保存并校验' },
    ofSize: (bytes, size) => `${bytes} / ${size}`,
    perSecond: (bytes) => `${bytes}/秒`,
    left: (time) => `剩余 ${time}`,
    problem: {
      'cancelled-by-me': '您已停止',
      'cancelled-by-peer': '对方已停止',
      'declined-by-me': '您已拒绝',
      'declined-by-peer': '对方已拒绝',
      unreadable: '文件被修改、移动或无法读取',
      'no-room': '接收设备的空间不足',
      'storage-failed': '接收方的浏览器无法保存',
      corrupt: '收到的内容与发送的不一致，已丢弃',
      breach: '对方的行为异常，已停止',
      'sender-gone': '发送方的页面已刷新，请对方重新发送',
      'call-ended': '通话在传完之前结束了',
    },
  },
  end: {
    title: ended,
    talked: (minutes, seconds) =>
      minutes === 0
        ? `你们聊了 ${seconds} 秒。`
        : minutes < 60
          ? `你们聊了 ${minutes} 分钟。`
          : `你们聊了 ${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟。`,
    notConnected: '还没有人来过。',
    again: '回到此通话',
    newCall: '新建通话',
    home: '首页',
  },
  seat: {
    waiting: {
      title: '正在等待空位',
      body: '其中一人离开后，您会马上加入。请让此标签页开着，这期间可以去做别的事：有空位时会通知您。',
    },
    free: '有空位了，您已加入',
    unseen: '您不在时已加入通话。麦克风和摄像头是关闭的，您可以自己打开。',
  },
  problem: {
    call: callErrors,
    obstacle: obstacles,
    otherTab: {
      title: '您已经在此通话中',
      body: '它在此浏览器的另一个标签页中打开着，可以留在那里，也可以转到这里。',
      use: '在这里使用',
    },
    localNetwork:
      '浏览器不允许此网页访问您的本地网络，而直接的线路可能就在那里。要允许访问，请点击地址栏左端的图标，开启本地网络访问权限，然后重新加载此网页。',
    media: mediaProblems,
    waitSeconds: (s) => `服务器请您稍等 ${s} 秒。`,
    newCall: '新建通话',
    home: '首页',
    notFound: { title: '这里什么也没有', body: '链接可能缺了一部分。请复制完整的链接，或发起新通话。' },
  },
};
