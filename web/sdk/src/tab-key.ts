/** Where a tab keeps what it remembers of its call, and what the channel to other tabs is called. */
export const keyOf = (room: string): string => `parley.call.${room}`;
