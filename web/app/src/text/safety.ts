import { text } from './text.ts';

// The words of the safety code's sheet: they come with it.

export const enSafety = {
  chip: {
    new: 'Not compared yet',
    same: 'Same device as last time',
    compared: 'Compared',
    changed: 'Not the device of last time',
    differs: 'The codes differ',
  },
  reason: {
    certificates: 'The connection is not with the device that was announced. Somebody may be listening.',
    rules: 'The other side breaks the rules of the safety code. Somebody may be listening.',
  },
  help: 'Read these to each other. If they differ, somebody is listening.',
  digits: 'Or these digits',
  match: 'They match',
  differ: 'They differ',
  forget: 'Forget this device',
  hangUp: 'Hang up',
  none: 'There is no safety code: the program at the other end has none, or you are not connected.',
  checking: 'The two browsers are working it out.',
  late: 'The other side has not answered yet. Its page may be an older one.',
  meaning: {
    new: 'You have not compared codes with this device. From now on it is remembered in this browser.',
    same: 'The same device as last time in this call. You have not compared codes yet.',
    compared: 'You compared the code with this device. Nobody is in between.',
    changed:
      'Another device answers than last time. They may use another browser or have cleared its data, or somebody is listening. Compare the codes.',
    differs: 'Somebody may be listening. Say nothing you would not say to a stranger, and hang up.',
  },
};

export const zhSafety: typeof enSafety = {
  chip: {
    new: '尚未核对',
    same: '与上次是同一台设备',
    compared: '已核对：中间无人',
    changed: '不是上次的设备',
    differs: '安全码不一致',
  },
  reason: {
    certificates: '连接的另一端不是所宣告的设备，可能有人在窃听。',
    rules: '对方违反了安全码的规则，可能有人在窃听。',
  },
  help: '请互相念出这些内容。如果不一致，说明有人在窃听。',
  digits: '也可以念这些数字',
  match: '一致',
  differ: '不一致',
  forget: '忘记此设备',
  hangUp: '挂断',
  none: '没有安全码：对方的程序不支持，或者尚未接通。',
  checking: '两个浏览器正在计算安全码。',
  late: '对方尚未回应，其网页可能是旧版本。',
  meaning: {
    new: '您尚未与此设备核对安全码。此浏览器从现在起会记住它。',
    same: '与上次通话是同一台设备，但您尚未核对安全码。',
    compared: '您已与此设备核对过安全码，中间没有其他人。',
    changed: '应答的不是上次的设备。对方可能换了浏览器或清除了数据，也可能有人在窃听。请核对安全码。',
    differs: '可能有人在窃听。请不要说不能让陌生人听到的话，并挂断。',
  },
};

export const safetyText = (): typeof enSafety => (text.locale.startsWith('zh') ? zhSafety : enSafety);
