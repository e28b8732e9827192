import type { SafetyCode } from '@parley/client';

/** The 64 pictures in Chinese, in their order. */
export const chinese = (
  '狗 猫 马 牛 猪 狮子 大象 熊猫 猴子 青蛙 企鹅 猫头鹰 乌龟 蛇 鱼 章鱼 鲸鱼 蜜蜂 蝴蝶 螃蟹 蜗牛 仙人掌 向日葵 蘑菇 ' +
  '四叶草 苹果 香蕉 葡萄 西瓜 柠檬 草莓 胡萝卜 玉米 面包 奶酪 鸡蛋 披萨 蛋糕 冰淇淋 钥匙 锤子 气球 礼物 灯泡 书 吉他 ' +
  '鼓 铃铛 眼镜 皇冠 礼帽 鞋子 奖杯 足球 骰子 船锚 自行车 火车 汽车 火箭 帆船 房子 彩虹 火'
).split(' ');

/** A picture's name in the page's language; in English it comes with the code. */
export const emojiName = ({ index, name }: SafetyCode['emoji'][number], locale: string): string =>
  locale.startsWith('zh') ? (chinese[index] ?? name) : name;
