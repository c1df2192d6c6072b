// Imported first by main.ts: the provider library prints its own notice about older Node versions while it is loaded. We say it
// once, in our words.
const RECOMMENDED_NODE = 24;
const OLDEST_MAINTAINED_NODE = 22;

const original = console.warn;
console.warn = (...words: unknown[]) => {
  if (!String(words[0]).includes('Unsupported runtime')) original(...words);
};

/** Call it when everything is loaded. Answers the notice for this runtime, when there is one to give. */
export function runtimeNotice(): string | undefined {
  console.warn = original;
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_MAINTAINED_NODE) return undefined;
  return `Running on Node ${process.versions.node}, which no longer gets security fixes; Node ${RECOMMENDED_NODE} is recommended.`;
}
