// Solves one challenge beside the page, which goes on meanwhile.
import { solve } from './solve.js';

addEventListener('message', ({ data }) => postMessage(solve(data)));
