// Jest loads set-up and teardown apart from each other; what one leaves for the other lies on the process.
const key = Symbol.for('doorward.test.teardown');

type Step = () => Promise<void>;
const shared: typeof globalThis & { [key]?: Step[] } = globalThis;

export function onTeardown(step: Step): void {
  shared[key] = [step, ...(shared[key] ?? [])];
}

export async function runTeardown(): Promise<void> {
  for (const step of shared[key] ?? []) await step();
  shared[key] = [];
}
