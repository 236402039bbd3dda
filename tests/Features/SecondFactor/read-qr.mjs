// Reads a QR code that is drawn as one path of unit squares, as a phone's camera would: node read-qr.mjs VIEWBOX PATH
import jsQR from 'jsqr';

const [viewBox, path] = process.argv.slice(2);
const [, , size] = viewBox.split(' ').map(Number);
const scale = 4;
const width = size * scale;
const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
  for (let row = y * scale; row < (Number(y) + 1) * scale; row++)
    for (let column = x * scale; column < (Number(x) + 1) * scale; column++) pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
process.stdout.write(jsQR(pixels, width, width)?.data ?? 'no code');
