// When words were typed and files were chosen, so that the server knows which are newer.
import { rules } from './page.js';

export let latest = +rules.typed;

// By this browser's clock, and never twice the same.
export const now = () => (latest = Math.max(Date.now(), latest + 1));

// The server's may be later.
export const notBefore = time => { latest = Math.max(latest, time); };
