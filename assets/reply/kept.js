// What the browser keeps until it is with the server. Storage may be forbidden or full.
import { address } from './page.js';

export const recall = what => { try { return JSON.parse(sessionStorage.getItem(what + address)) || []; } catch (e) { return []; } };
export const remember = (what, value) => { try { sessionStorage.setItem(what + address, JSON.stringify(value)); } catch (e) { /* Then not. */ } };
