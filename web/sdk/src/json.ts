/** What a text says that came from elsewhere. Null for what is no JSON, or longer than that many characters. */
export function parseJson(text: unknown, maxLength = Number.POSITIVE_INFINITY): unknown {
  try {
    return typeof text === 'string' && text.length <= maxLength ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
