/**
 * The width-to-height ratio of the frame around a picture: the area's own where that crops little, else as near to it
 * as the cropping allows. Nothing is ever cropped from a shared screen.
 */
export function frameRatio(picture: number, area: number, mayCrop: number): number {
  const most = 1 / (1 - mayCrop);
  return Math.min(Math.max(area, picture / most), picture * most);
}

/** A corner of the stage, for one's own picture. */
export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** The corner nearest to a point, given as parts (0 to 1) of width and height. */
export const nearestCorner = (x: number, y: number): Corner =>
  `${y < 0.5 ? 'top' : 'bottom'}-${x < 0.5 ? 'left' : 'right'}`;

/** Where an arrow key moves to from a corner. */
export function cornerByKey(from: Corner, key: string): Corner {
  const [vertical, horizontal] = from.split('-') as ['top' | 'bottom', 'left' | 'right'];
  switch (key) {
    case 'ArrowUp':
      return `top-${horizontal}`;
    case 'ArrowDown':
      return `bottom-${horizontal}`;
    case 'ArrowLeft':
      return `${vertical}-left`;
    case 'ArrowRight':
      return `${vertical}-right`;
    default:
      return from;
  }
}
