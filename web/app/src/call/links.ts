export type Part = string | { readonly text: string; readonly href: string };

// Nothing invisible and nothing that turns the direction of writing: what is read is where it leads.
const candidate = /https?:\/\/[^\s<>"'\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/giu;

/** A message in parts, its web addresses as links. No other scheme ever becomes one. */
export function linked(message: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: found, index } of message.matchAll(candidate)) {
    const text = trimmed(found);
    const href = webAddress(text);
    if (!href) continue;
    if (index > end) parts.push(message.slice(end, index));
    parts.push({ text, href });
    end = index + text.length;
  }
  if (end < message.length) parts.push(message.slice(end));
  return parts;
}

function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href, username, password } = new URL(text);
  // "https://bank.example@elsewhere.example" is a trick, not an address.
  return /^https?:$/.test(protocol) && username === '' && password === '' ? href : null;
}

/** The full stop or the bracket behind an address belongs to the sentence. */
function trimmed(found: string): string {
  let text = found.replace(/[.,:;!?…。，；：！？]+$/u, '');
  if (text.endsWith(')') && !text.includes('(')) text = text.slice(0, -1);
  return text;
}
