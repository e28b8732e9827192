import type { ConnectionPath } from '@parley/client';
import { text } from './text.ts';

// The words of what is said of a call after it: they come with it.

export const enReport = {
  way: {
    direct: 'Picture and sound went straight from browser to browser.',
    relayed: 'Picture and sound went through the relay, encrypted.',
  } satisfies Record<ConnectionPath, string>,
  lost: (n: number) => (n === 1 ? 'The connection was lost once.' : `The connection was lost ${n} times.`),
  weak: 'For a while it was weak.',
  /** Between two sentences. */
  space: ' ',
  copy: 'Copy details for whoever runs this server',
  label: 'Details of the call',
  hint: 'This is what was copied: no names and no addresses. It was sent nowhere.',
  byHand: 'Select these lines and copy them by hand. They have no names and no addresses.',
};

export const zhReport: typeof enReport = {
  way: {
    direct: '画面和声音在两个浏览器之间直接传送。',
    relayed: '画面和声音经过了中继服务器，全程加密。',
  },
  lost: (n) => `连接中断过 ${n} 次。`,
  weak: '有一段时间连接较弱。',
  space: '',
  copy: '复制详情，交给此服务器的管理者',
  label: '通话详情',
  hint: '这就是复制的内容：不含姓名和地址，也没有发送到任何地方。',
  byHand: '请选中这些文字并手动复制。其中不含姓名和地址。',
};

export const reportText = (): typeof enReport => (text.locale.startsWith('zh') ? zhReport : enReport);
