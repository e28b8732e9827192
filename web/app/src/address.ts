/** The page's own addresses: `/` and `/r/{room}`. */
export type Place =
  | { readonly kind: 'start' }
  | { readonly kind: 'room'; readonly room: string }
  | { readonly kind: 'nowhere' };

export function placeOf(pathname: string): Place {
  if (pathname === '/') return { kind: 'start' };
  const match = /^\/r\/([^/]+)\/?$/.exec(pathname);
  const room = match?.[1] === undefined ? null : decode(match[1]);
  return room && isRoom(room) ? { kind: 'room', room } : { kind: 'nowhere' };
}

/** What the server takes for the name of a room: 1 to 64 letters, digits and `- _ . ~`, in any script. */
const isRoom = (name: string) => name.length <= 64 && /^[\p{L}\p{Mn}\p{Mc}\p{Nd}._~-]+$/u.test(name);

export const pathOf = (room: string): string => `/r/${encodeURIComponent(room)}`;

/** What somebody typed or pasted as a room: a link of this or another server's, or a name. Null if it is neither. */
export function roomIn(
  typed: string,
  origin: string,
): { readonly room: string } | { readonly link: string } | null {
  const text = typed.trim();
  if (!text) return null;
  if (/^https?:\/\//i.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : null;
    const place = url && placeOf(url.pathname);
    if (place?.kind !== 'room') return null;
    return url?.origin === origin ? { room: place.room } : { link: url?.href ?? text };
  }
  const name = text
    .replace(/^\/?r\//, '')
    .replace(/[^\p{L}\p{Mn}\p{Mc}\p{Nd}._~]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return isRoom(name) ? { room: name } : null;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
