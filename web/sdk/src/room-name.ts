// Crockford's base 32 without the letters people misread (i, l, o, u): every symbol is five bits.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const groups = 4;
const groupLength = 5;

/** A room name nobody can guess: 100 random bits as four groups of five letters, such as `7k3qm-x0v2d-9hbtc-4wzrf`. */
export function newRoomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(groups * groupLength));
  const symbols = Array.from(bytes, (byte) => alphabet.charAt(byte & 31)).join('');
  return Array.from({ length: groups }, (_, i) => symbols.slice(i * groupLength, (i + 1) * groupLength)).join(
    '-',
  );
}
