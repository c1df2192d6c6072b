import { type SealParts, sealAudit, sealAuditInTurn } from '../domain/audit/seal-audit.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 1_000;

export type SealDutyParts = SealParts & Pick<DutyParts, 'onError'>;

/** Seals about every second; `stop` seals once more, so stop it after the last door and before the pool. */
export function startSealingAudit({ onError, ...parts }: SealDutyParts): Duty {
  const name = 'seal-audit';
  const duty = startDuty({ name, everyMs: EVERY_MS, run: () => sealAudit(parts), onError });
  return {
    ...duty,
    async stop() {
      await duty.stop();
      // Shutdown goes on without it: the next start, or another process, seals what is left.
      await sealAuditInTurn(parts).catch((error: unknown) => onError(error, name));
    },
  };
}
