/** What one check of `doctor` found; the detail of anything but `ok` says what to do. */
export type Finding = { readonly check: string; readonly state: 'ok' | 'warn' | 'fail'; readonly detail: string };

export const worst = (findings: readonly Finding[]): Finding['state'] =>
  (['fail', 'warn'] as const).find((state) => findings.some((finding) => finding.state === state)) ?? 'ok';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
