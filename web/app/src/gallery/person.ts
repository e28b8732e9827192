/** A drawn person before a drawn wall, breathing: a camera for screens that are made without one. */
export interface Person {
  readonly wall: readonly [string, string];
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly long: boolean;
}

export const anna: Person = {
  wall: ['#cfd8cf', '#9fb0a6'],
  skin: '#e2a987',
  hair: '#3b2620',
  shirt: '#7a3b4f',
  long: true,
};
export const ben: Person = {
  wall: ['#d9c7ae', '#b4967a'],
  skin: '#a86f4c',
  hair: '#1d1614',
  shirt: '#33566b',
  long: false,
};

export function film(person: Person, width = 640, height = 480): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  let frame = 0;
  const draw = () => paint(pen, person, width, height, frame++);
  draw();
  setInterval(draw, 1000 / 15);
  return canvas.captureStream(15);
}

function paint(pen: CanvasRenderingContext2D, p: Person, w: number, h: number, frame: number) {
  const wall = pen.createLinearGradient(0, 0, w, h);
  wall.addColorStop(0, p.wall[0]);
  wall.addColorStop(1, p.wall[1]);
  pen.fillStyle = wall;
  pen.fillRect(0, 0, w, h);
  const u = Math.min(w, h) / 480;
  pen.save();
  pen.translate(w / 2, h);
  pen.scale(u, u);

  // A window and a shelf.
  pen.fillStyle = '#ffffff59';
  pen.beginPath();
  pen.roundRect(-290, -440, 150, 190, 8);
  pen.fill();
  pen.fillStyle = '#00000018';
  pen.fillRect(150, -300, 190, 8);
  for (const [x, tall, color] of [
    [165, 58, '#6d4b3c'],
    [188, 72, '#4d6357'],
    [206, 50, '#8a6b3a'],
    [226, 64, '#5b3a57'],
  ] as const) {
    pen.fillStyle = color;
    pen.fillRect(x, -300 - tall, 16, tall);
  }

  const breath = Math.sin(frame / 12) * 2.5;
  const sway = Math.sin(frame / 23) * 4;
  pen.translate(sway, breath);
  if (p.long) {
    pen.fillStyle = p.hair;
    pen.beginPath();
    pen.roundRect(-92, -350, 184, 260, [92, 92, 40, 40]);
    pen.fill();
  }
  pen.fillStyle = p.shirt;
  pen.beginPath();
  pen.roundRect(-170, -128, 340, 220, [120, 120, 0, 0]);
  pen.fill();
  pen.fillStyle = p.skin;
  pen.beginPath();
  pen.roundRect(-34, -190, 68, 92, [0, 0, 34, 34]);
  pen.fill();
  pen.beginPath();
  pen.ellipse(0, -245, 70, 88, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = p.hair;
  pen.beginPath();
  if (p.long) {
    pen.moveTo(-74, -235);
    pen.bezierCurveTo(-90, -360, 90, -370, 76, -235);
    pen.bezierCurveTo(60, -290, 0, -300, -20, -305);
    pen.bezierCurveTo(-40, -280, -64, -270, -74, -235);
  } else {
    pen.moveTo(-74, -255);
    pen.bezierCurveTo(-84, -365, 84, -365, 74, -255);
    pen.bezierCurveTo(58, -306, -56, -306, -74, -255);
  }
  pen.fill();
  pen.fillStyle = '#241a17';
  const blink = frame % 60 < 3 ? 1 : 7;
  for (const x of [-26, 26]) {
    pen.beginPath();
    pen.ellipse(x, -246, 5.5, blink, 0, 0, Math.PI * 2);
    pen.fill();
  }
  pen.strokeStyle = '#00000055';
  pen.lineWidth = 4;
  pen.lineCap = 'round';
  pen.beginPath();
  pen.arc(0, -214, 22, 0.25, Math.PI - 0.25);
  pen.stroke();
  pen.restore();
}

/** A drawn document, scrolled a little: somebody's screen. */
export function filmScreen(width = 1280, height = 720): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  let frame = 0;
  const draw = () => {
    pen.fillStyle = '#e9eaee';
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = '#ffffff';
    pen.fillRect(width * 0.2, 40, width * 0.6, height);
    pen.fillStyle = '#30323a';
    pen.font = '600 34px system-ui';
    pen.fillText('The house by the garden', width * 0.25, 120);
    pen.strokeStyle = '#8b8f9a';
    pen.lineWidth = 3;
    pen.strokeRect(width * 0.25, 160, 420, 300);
    pen.strokeRect(width * 0.25, 160, 240, 180);
    pen.strokeRect(width * 0.25 + 240, 340, 180, 120);
    pen.fillStyle = '#c9ccd4';
    for (let line = 0; line < 6; line++)
      pen.fillRect(width * 0.25, 500 + line * 30, 560 - (line % 3) * 70, 10);
    pen.fillStyle = '#5b3a57';
    pen.beginPath();
    pen.arc(width * 0.25 + 420 + Math.sin(frame++ / 20) * 30, 340, 7, 0, Math.PI * 2);
    pen.fill();
  };
  draw();
  setInterval(draw, 1000 / 10);
  return canvas.captureStream(10);
}
