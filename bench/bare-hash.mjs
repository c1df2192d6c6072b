// Bare bcrypt: eight comparisons at a time, one after the other, for as long as it is asked. Answers how many a second.
import bcrypt from 'bcrypt';

const [cost, seconds] = process.argv.slice(2).map(Number);
const hash = await bcrypt.hash('a password', cost);
const end = performance.now() + seconds * 1000;
let done = 0;
async function compare() {
  while (performance.now() < end) {
    await bcrypt.compare('a password', hash);
    done += 1;
  }
}
const begun = performance.now();
await Promise.all(Array.from({ length: 8 }, compare));
console.log((done / (performance.now() - begun)) * 1000);
