// Photos, made small enough for a poor signal and for the clinician's computer.
import { rules, say, tell } from './page.js';

// What a photo begins with, whatever its name and type: JPEG's two bytes, or PNG's. A browser that would lose which way is up leaves photos alone.
export const startsAsPhoto = async file => {
  try {
    const head = new Uint8Array(await new Response(file.slice(0, 2)).arrayBuffer());
    return /^(255,216|137,80)$/.test(head) && CSS.supports('image-orientation', 'from-image');
  } catch (e) { return false; }
};

// Upright as well.
export const shrink = job => new Promise(done => {
  const picture = new Image();
  const url = URL.createObjectURL(job.file);
  const end = () => { URL.revokeObjectURL(url); done(); };
  picture.onerror = end;
  picture.onload = () => {
    const { naturalWidth: width, naturalHeight: height } = picture;
    if (job.file.size <= rules.maxBytes && width * height <= rules.maxPixels && Math.max(width, height) <= rules.maxSide) return end();
    tell(job.item.children[2].textContent = say('shrinking', job.name));
    const scale = Math.min(1, rules.maxSide / Math.max(width, height), Math.sqrt(rules.pixels / width / height));
    const canvas = document.createElement('canvas');
    canvas.width = width * scale;
    canvas.height = height * scale;
    const paint = canvas.getContext('2d');
    paint.fillStyle = '#fff';
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(blob => {
      canvas.width = canvas.height = 0; // Gives its memory back.
      if (blob) [job.file, job.name] = [blob, job.name.replace(/\.png$/i, '.jpg')];
      end();
    }, 'image/jpeg', +rules.quality);
  };
  picture.src = url;
});
