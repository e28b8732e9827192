/**
 * The 64 pictures of the safety code, six bits each, in an order that never changes (docs/protocol/data-channels.md).
 * Chosen to be told apart on every system and to be said in one word; none needs a variation selector.
 */
const list =
  '🐶dog 🐱cat 🐴horse 🐮cow 🐷pig 🦁lion 🐘elephant 🐼panda 🐵monkey 🐸frog 🐧penguin 🦉owl 🐢turtle 🐍snake 🐟fish 🐙octopus ' +
  '🐳whale 🐝bee 🦋butterfly 🦀crab 🐌snail 🌵cactus 🌻sunflower 🍄mushroom 🍀clover 🍎apple 🍌banana 🍇grapes 🍉watermelon ' +
  '🍋lemon 🍓strawberry 🥕carrot 🌽corn 🍞bread 🧀cheese 🥚egg 🍕pizza 🎂cake 🍦ice-cream 🔑key 🔨hammer 🎈balloon 🎁gift ' +
  '💡lamp 📖book 🎸guitar 🥁drum 🔔bell 👓glasses 👑crown 🎩hat 👟shoe 🏆cup ⚽ball 🎲dice ⚓anchor 🚲bicycle 🚂train 🚗car ' +
  '🚀rocket ⛵boat 🏠house 🌈rainbow 🔥fire';

export interface SafetyEmoji {
  /** Its place in the list, 0 to 63: for names in other languages. */
  readonly index: number;
  readonly symbol: string;
  /** In English. */
  readonly name: string;
}

export const safetyEmoji: readonly SafetyEmoji[] = list.split(' ').map((entry, index) => {
  const symbol = String.fromCodePoint(entry.codePointAt(0) ?? 0);
  return { index, symbol, name: entry.slice(symbol.length).replace('-', ' ') };
});
